using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Clientele.Server.Operations;

/// <summary>
/// Reads the gauges of all nouns for the metrics. Of many nodes on PostgreSQL, the one with the lease reads and exports them; the others export none.
/// Scrapes get what was read last, so they cost the database nothing.
/// </summary>
internal sealed partial class GaugeReader(
    IServiceScopeFactory scopes, Database database, IMeterFactory meters, DatabaseClock databaseClock, TimeProvider clock, ILogger<GaugeReader> logger)
    : BackgroundService
{
    private const string LeaseName = "gauges";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>If the node dies, another one takes over then.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(45);

    private readonly string _holder = Lease.NewHolder();
    private readonly Meter _meter = meters.Create(Telemetry.MeterName);
    private readonly ConcurrentDictionary<string, IReadOnlyList<Measurement<double>>> _values = [];
    private readonly HashSet<string> _known = [];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Dictionary<Type, DateTime> _readAt = [];
    private long _succeededAt;
    private volatile bool _isReading;

    /// <summary>Reads what is due, if this node has the lease. Returns whether it has.</summary>
    public async Task<bool> ReadOnceAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override void Dispose()
    {
        // The factory shares it with others: this is a formality.
        _meter.Dispose();
        _oneAtATime.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Interlocked.Exchange(ref _succeededAt, clock.GetTimestamp());
        _meter.CreateObservableGauge(
            "clientele.gauges.age", Age, "s", "How long ago this node has read the gauges of the database. Only the node that reads them exports this.");
        using var timer = new PeriodicTimer(Interval);
        var isFailing = false;
        do
        {
            try
            {
                await ReadOnceAsync(stoppingToken);
                isFailing = false;
            }
#pragma warning disable CA1031 // The next round reads again. Meanwhile the age grows.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }

                isFailing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = databaseClock.Now;
        _isReading = await HoldsLeaseAsync(scope.ServiceProvider.GetRequiredService<ClienteleDb>(), now, cancellationToken);
        if (!_isReading)
        {
            _values.Clear();
            _readAt.Clear();
            return false;
        }

        foreach (var gauges in scope.ServiceProvider.GetServices<IDatabaseGauges>())
        {
            if (_readAt.TryGetValue(gauges.GetType(), out var last) && now - last < gauges.Interval)
            {
                continue;
            }

            foreach (var gauge in (await gauges.ReadAsync(cancellationToken)).GroupBy(reading => reading.Name))
            {
                Export([.. gauge]);
            }

            _readAt[gauges.GetType()] = now;
        }

        Interlocked.Exchange(ref _succeededAt, clock.GetTimestamp());
        return true;
    }

    private TimeSpan SinceReading => clock.GetElapsedTime(Interlocked.Read(ref _succeededAt));

    /// <summary>Later another node may have taken over, and two different values would be exported.</summary>
    private bool IsFresh => SinceReading < LeaseTime;

    private IEnumerable<Measurement<double>> Age() => _isReading ? [new(SinceReading.TotalSeconds)] : [];

    /// <summary>A gauge is created when it is read for the first time.</summary>
    private void Export(IReadOnlyList<GaugeReading> readings)
    {
        var gauge = readings[0];
        _values[gauge.Name] =
        [
            .. readings.Select(reading => reading.Label is var (name, value)
                ? new Measurement<double>(reading.Value, new KeyValuePair<string, object?>(name, value))
                : new Measurement<double>(reading.Value)),
        ];
        if (_known.Add(gauge.Name))
        {
            _meter.CreateObservableGauge(gauge.Name, () => IsFresh ? _values.GetValueOrDefault(gauge.Name, []) : [], gauge.Unit, gauge.Description);
        }
    }

    /// <summary>An SQLite file has one node.</summary>
    private async Task<bool> HoldsLeaseAsync(ClienteleDb db, DateTime now, CancellationToken cancellationToken) =>
        !database.IsPostgres || await Lease.TryTakeAsync(db, LeaseName, _holder, now, now + LeaseTime, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The gauges of the database could not be read and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

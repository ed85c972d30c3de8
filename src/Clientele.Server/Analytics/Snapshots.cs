namespace Clientele.Server.Analytics;

/// <summary>Keeps the newest snapshot. A request creates it. A background task keeps it fresh as long as requests keep coming.</summary>
internal sealed partial class Snapshots(IServiceScopeFactory scopes, Replica replica, TimeProvider clock, ILogger<Snapshots> logger) : BackgroundService
{
    private static readonly TimeSpan OldestServed = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interest = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _making = new(1, 1);
    private volatile Snapshot? _newest;
    private DateTime _lastAsked;

    public async Task<Snapshot> FreshAsync(CancellationToken cancellationToken)
    {
        _lastAsked = clock.Now();
        return _newest is { } newest && IsYounger(newest, OldestServed) ? newest : await MakeAsync(OldestServed, cancellationToken);
    }

    public override void Dispose()
    {
        _making.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Refresh);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (clock.Now() - _lastAsked < Interest)
                {
                    await MakeAsync(Refresh / 2, stoppingToken);
                }
            }
#pragma warning disable CA1031 // The next tick, or the next request, tries again.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
            }
        }
    }

    private async Task<Snapshot> MakeAsync(TimeSpan youngerThan, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            if (_newest is not { } newest || !IsYounger(newest, youngerThan))
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
                _newest = newest = await replica.ReadAsync(db, () => Snapshot.TakeAsync(db, clock.Now(), cancellationToken), keep: null, cancellationToken);
            }

            return newest;
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>A snapshot from the future comes from a clock that was ahead: nobody knows its age.</summary>
    private bool IsYounger(Snapshot snapshot, TimeSpan age) => clock.Now() - snapshot.AsOf is var since && since >= TimeSpan.Zero && since < age;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The analytics snapshot failed and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

namespace Clientele.Server.Data;

/// <summary>
/// The clock that all nodes share: the database's clock. It is used where one node compares an instant of seconds or minutes that another one wrote. It
/// adds the measured difference to a clock of this node that nobody sets, so that no statement has to ask for the time.
/// </summary>
internal sealed class DatabaseClock(ReadDatabaseClock read, TimeProvider clock) : IMaintenance
{
    /// <summary>What took longer is too inexact, unless nothing was measured before.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly SteadyClock _steady = new(clock);
    private long _ahead;
    private bool _isMeasured;

    public DateTime Now => _steady.UtcNow.ToMilliseconds().AddTicks(Interlocked.Read(ref _ahead));

    /// <summary>Measures the difference to the database's clock, at start and once a minute: somebody may have set it, or this machine was asleep.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var before = _steady.UtcNow;
        var there = await read(cancellationToken);
        var took = _steady.UtcNow - before;
        if (took < Longest || !_isMeasured)
        {
            Interlocked.Exchange(ref _ahead, (long)(there - before - (took / 2)).TotalMilliseconds * TimeSpan.TicksPerMillisecond);
            _isMeasured = true;
        }
    }

    Task IMaintenance.RunAsync(CancellationToken cancellationToken) => MeasureAsync(cancellationToken);
}

/// <summary>Reads the database's clock.</summary>
internal delegate Task<DateTime> ReadDatabaseClock(CancellationToken cancellationToken);

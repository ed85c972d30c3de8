namespace Clientele.Server.Data;

/// <summary>
/// The clock that all nodes share: the database's clock. It is used for windows of seconds and minutes that one node opens and another closes. It
/// adds the measured difference to this node's clock, so that no statement has to ask for the time.
/// </summary>
internal sealed class DatabaseClock(Database database, TimeProvider clock) : IMaintenance
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long _ahead;
    private DateTime _measuredAt;

    public DateTime Now => clock.Now().AddTicks(Interlocked.Read(ref _ahead));

    /// <summary>Measures the difference to the database's clock, at start and once an hour.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var before = clock.Now();
        if (before - _measuredAt < Interval)
        {
            return;
        }

        var there = await database.ReadClockAsync(cancellationToken);
        var after = clock.Now();
        var milliseconds = (there - before - ((after - before) / 2)).TotalMilliseconds;
        Interlocked.Exchange(ref _ahead, (long)milliseconds * TimeSpan.TicksPerMillisecond);
        _measuredAt = after;
    }

    Task IMaintenance.RunAsync(CancellationToken cancellationToken) => MeasureAsync(cancellationToken);
}

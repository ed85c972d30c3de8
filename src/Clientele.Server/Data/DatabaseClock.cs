namespace Clientele.Server.Data;

/// <summary>
/// The clock that all nodes share, which is the database's: for windows of seconds and minutes that one node opens and another
/// closes. It is this node's clock and how far the database's is ahead of it, so that no statement asks for the time.
/// </summary>
internal sealed class DatabaseClock(Database database, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long _ahead;
    private DateTime _measuredAt;

    public DateTime Now => clock.Now().AddTicks(Interlocked.Read(ref _ahead));

    /// <summary>Reads the database's clock, at start and once an hour.</summary>
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
}

namespace Clientele.Tests.Support;

/// <summary>
/// Real time plus an offset that only grows: once a test has advanced the clock, it stays advanced, and the database's clock with it. Timers run in real
/// time.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private long _offset;
    private long _ahead;
    private Instant? _stopped;

    /// <summary>How far this node's clock differs from all others. Setting it is what a time server does: the clock moves, and no time passes.</summary>
    public TimeSpan Ahead
    {
        get => new(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    /// <summary>How much more time has passed than in reality.</summary>
    public TimeSpan Passed => Offset + (Real - System.GetUtcNow());

    private TimeSpan Offset => new(Interlocked.Read(ref _offset));

    private DateTimeOffset Real => Volatile.Read(ref _stopped)?.At ?? System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Real + Offset + Ahead;

    public override long GetTimestamp() =>
        (Volatile.Read(ref _stopped)?.Timestamp ?? System.GetTimestamp()) + (long)(Offset.TotalSeconds * System.TimestampFrequency);

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offset, by.Ticks);
    }

    /// <summary>From now on time passes only by <see cref="Advance"/>, for limits that a slow machine would exceed.</summary>
    public void Stop() => Interlocked.CompareExchange(ref _stopped, new(System.GetUtcNow(), System.GetTimestamp()), null);

    /// <summary>Advances to an instant.</summary>
    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());

    private sealed record Instant(DateTimeOffset At, long Timestamp);
}

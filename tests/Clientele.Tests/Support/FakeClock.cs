namespace Clientele.Tests.Support;

/// <summary>Real time plus an offset that only grows: once a test has advanced the clock, it stays advanced. Timers run in real time.</summary>
public sealed class FakeClock : TimeProvider
{
    private long _offset;
    private long _stoppedAt;

    public override DateTimeOffset GetUtcNow() =>
        (Interlocked.Read(ref _stoppedAt) is var stopped and not 0 ? new DateTimeOffset(stopped, TimeSpan.Zero) : System.GetUtcNow()) + Offset;

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Offset.TotalSeconds * System.TimestampFrequency);

    private TimeSpan Offset => new(Interlocked.Read(ref _offset));

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offset, by.Ticks);
    }

    /// <summary>From now on time passes only by <see cref="Advance"/>, for limits that a slow machine would exceed.</summary>
    public void Stop() => Interlocked.CompareExchange(ref _stoppedAt, System.GetUtcNow().UtcTicks, 0);

    /// <summary>Advances to an instant.</summary>
    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());
}

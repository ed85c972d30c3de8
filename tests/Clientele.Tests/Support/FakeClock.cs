namespace Clientele.Tests.Support;

/// <summary>Real time plus an offset that only grows: what a test advances stays advanced, timers stay real.</summary>
public sealed class FakeClock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Offset.TotalSeconds * System.TimestampFrequency);

    private TimeSpan Offset => new(Interlocked.Read(ref _offset));

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offset, by.Ticks);
    }

    /// <summary>Goes forward to an instant.</summary>
    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());
}

namespace Clientele.Server.Events;

/// <summary>Tells the parts of this node that there is something to do.</summary>
internal sealed class EventSignal
{
    private volatile TaskCompletionSource _written = New();
    private volatile TaskCompletionSource _positioned = New();
    private long _last;

    /// <summary>Completes when this node has committed an event.</summary>
    public Task Written => _written.Task;

    /// <summary>Completes when this node knows of more events with a position, which it or another node has assigned.</summary>
    public Task Positioned => _positioned.Task;

    public void Write() => Interlocked.Exchange(ref _written, New()).TrySetResult();

    /// <summary>The last position that was assigned, as far as this node knows.</summary>
    public void Reach(long position)
    {
        if (Interlocked.Exchange(ref _last, position) != position)
        {
            Interlocked.Exchange(ref _positioned, New()).TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

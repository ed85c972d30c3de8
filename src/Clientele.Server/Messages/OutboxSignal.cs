namespace Clientele.Server.Messages;

/// <summary>Wakes the delivery of this node. Other nodes find the message when they poll.</summary>
internal sealed class OutboxSignal
{
    private volatile TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this node ends a transaction that has written a message.</summary>
    public Task Written => _written.Task;

    public void Send() => Interlocked.Exchange(ref _written, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

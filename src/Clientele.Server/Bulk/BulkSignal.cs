namespace Clientele.Server.Bulk;

/// <summary>Wakes the worker of this node. Other nodes find the job when they poll.</summary>
internal sealed class BulkSignal
{
    private volatile TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this node ends a transaction that has started a job.</summary>
    public Task Started => _started.Task;

    public void Send() => Interlocked.Exchange(ref _started, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

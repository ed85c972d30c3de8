namespace Clientele.Server.Webhooks;

/// <summary>Wakes the worker of this node when something waits for it. Other nodes find it when they poll.</summary>
internal sealed class WebhookSignal
{
    private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Woken => _woken.Task;

    public void Wake() => Interlocked.Exchange(ref _woken, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

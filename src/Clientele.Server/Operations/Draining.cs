using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Operations;

/// <summary>
/// After SIGTERM the service answers on for a while, so that load balancers have time to see that it is not ready any more. Ctrl+C
/// and the end of a test stop at once.
/// </summary>
internal sealed class Draining(IOptions<ShutdownSettings> settings) : IHostedLifecycleService, IDisposable
{
    /// <summary>For what was taken, after the drain.</summary>
    private const int FinishSeconds = 4;

    /// <summary>Whoever sends a SIGTERM expects the end within ten seconds, unless they have asked for a longer drain.</summary>
    private const int AllSeconds = 9;

    private PosixSignalRegistration? _registration;
    private volatile bool _isTerminated;

    public static TimeSpan ShutdownTimeout(ShutdownSettings settings) => TimeSpan.FromSeconds(Math.Max(AllSeconds, settings.DrainSeconds + FinishSeconds));

    /// <summary>Handlers are called in the reverse order of their registration: this one before the host's, which begins to stop.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => _isTerminated = true);
        return Task.CompletedTask;
    }

    /// <summary>Before anything stops, the server included.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        _isTerminated ? Task.Delay(TimeSpan.FromSeconds(settings.Value.DrainSeconds), cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}

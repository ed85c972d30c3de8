using System.Runtime.InteropServices;

namespace Clientele.Server.Operations;

/// <summary>
/// After SIGTERM the service keeps responding for a while, so that load balancers can see that it is no longer ready. Ctrl+C
/// and the end of a test stop it at once.
/// </summary>
internal sealed class Draining(IOptions<ShutdownSettings> settings) : IHostedLifecycleService, IDisposable
{
    /// <summary>Time for accepted requests to finish after the drain.</summary>
    private const int FinishSeconds = 4;

    /// <summary>Orchestrators kill a process that has not ended ten seconds after SIGTERM, unless they are configured for a longer drain.</summary>
    private const int AllSeconds = 9;

    private PosixSignalRegistration? _registration;
    private volatile bool _isTerminated;

    public static TimeSpan ShutdownTimeout(ShutdownSettings settings) => TimeSpan.FromSeconds(Math.Max(AllSeconds, settings.DrainSeconds + FinishSeconds));

    /// <summary>Handlers run in the reverse order of their registration: this one runs before the host's, which begins to stop.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => _isTerminated = true);
        return Task.CompletedTask;
    }

    /// <summary>Runs before anything stops, including the server.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        _isTerminated ? Task.Delay(TimeSpan.FromSeconds(settings.Value.DrainSeconds), cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}

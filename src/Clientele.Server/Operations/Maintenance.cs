namespace Clientele.Server.Operations;

/// <summary>Runs the maintenance of all nouns once a minute. A part that fails does not keep the others from running.</summary>
internal sealed partial class Maintenance(IServiceScopeFactory scopes, ILogger<Maintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <returns>Whether all parts succeeded.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var succeeded = true;
        await using var scope = scopes.CreateAsyncScope();
        foreach (var part in scope.ServiceProvider.GetServices<IMaintenance>())
        {
            try
            {
                await part.RunAsync(cancellationToken);
            }
#pragma warning disable CA1031 // The next run tries again; nothing is lost meanwhile.
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                succeeded = false;
                Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
            }
        }

        return succeeded;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RunOnceAsync(stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Maintenance failed and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

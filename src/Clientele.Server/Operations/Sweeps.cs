using System.Diagnostics;

namespace Clientele.Server.Operations;

/// <summary>Runs the sweeps of all nouns that are not done yet, in the background. Any number of nodes may run it: one at a time does a sweep.</summary>
internal sealed partial class Sweeps(IServiceScopeFactory scopes, DatabaseClock clock, ILogger<Sweeps> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <returns>Whether no sweep failed.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var succeeded = true;
        foreach (var sweep in scope.ServiceProvider.GetServices<ISweep>())
        {
            try
            {
                if (!await Sweep.IsDoneAsync(scope.ServiceProvider.GetRequiredService<ClienteleDb>(), sweep.Name, sweep.Fingerprint, cancellationToken))
                {
                    await RunAsync(sweep.Name, sweep.Fingerprint, cancellationToken);
                }
            }
#pragma warning disable CA1031 // It continues a minute later from the stored position.
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                succeeded = false;
                Log.Failed(logger, sweep.Name, failure.GetType().Name, failure.GetBaseException().Message);
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

    /// <summary>Runs a sweep while this node has its lease. Each step and its new position are one transaction.</summary>
    private async Task RunAsync(string name, string fingerprint, CancellationToken cancellationToken)
    {
        long? position = null;
        var last = 0L;
        var holder = Lease.NewHolder();
        await TransactAsync(
            async services =>
            {
                var db = services.GetRequiredService<ClienteleDb>();
                position = await Sweep.ClaimAsync(db, name, fingerprint, holder, clock.Now, cancellationToken);
                last = await db.Customers.TagWith("scatter: the last customer").MaxAsync(c => (long?)c.Id, cancellationToken) ?? 0;
                return position is not null;
            },
            cancellationToken);
        for (var told = Stopwatch.StartNew(); position is { } from;)
        {
            var isStillOurs = await TransactAsync(
                async services =>
                {
                    position = await services.GetServices<ISweep>().Single(sweep => sweep.Name == name).RunAsync(from, BatchSize, cancellationToken);
                    return await Sweep.AdvanceAsync(
                        services.GetRequiredService<ClienteleDb>(), name, fingerprint, holder, from, position, clock.Now, cancellationToken);
                },
                cancellationToken);
            if (!isStillOurs)
            {
                return;
            }

            if (told.Elapsed >= TellEvery || (position is null && last > 0))
            {
                Log.Progress(logger, name, position ?? last, last, last == 0 ? 100 : 100 * (position ?? last) / last);
                told.Restart();
            }
        }
    }

    /// <summary>Commits if the work returns true.</summary>
    private async Task<bool> TransactAsync(Func<IServiceProvider, Task<bool>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(scope.ServiceProvider), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Background work \"{Sweep}\": customer {Position} of {Last} ({Percent} %)")]
        public static partial void Progress(ILogger logger, string sweep, long position, long last, long percent);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Background work \"{Sweep}\" failed and will continue later: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string sweep, string failure, string reason);
    }
}

using System.Collections.Concurrent;

namespace Clientele.Server.Bulk;

/// <summary>
/// Carries out the jobs that were started. Every node has one worker. A lease gives each job to one node at a time; if that node dies, another one
/// continues after the last batch that was committed.
/// </summary>
internal sealed partial class BulkWorker(
    IServiceScopeFactory scopes, BulkSignal signal, DatabaseClock databaseClock, TimeProvider clock, ILogger<BulkWorker> logger) : BackgroundService
{
    private const int MostTries = 5;
    private const string Unexpected = "The service failed unexpectedly. The failure is in its log.";

    /// <summary>Longer than a batch takes.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    /// <summary>How often the worker looks for jobs that other nodes have started or left.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly string _holder = Lease.NewHolder();

    /// <summary>How often a step of a job has failed in a row on this node.</summary>
    private readonly ConcurrentDictionary<Guid, int> _failures = [];

    /// <summary>Jobs whose last step could not be done at this moment, on this node.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _delayed = [];

    /// <summary>Does one step of each job that no other node works on, the oldest first. Returns whether there was any.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Guid> jobs;
        await using (var scope = scopes.CreateAsyncScope())
        {
            jobs = await scope.ServiceProvider.GetRequiredService<ClienteleDb>().BulkJobs
                .Where(j => j.State == BulkState.Waiting || j.State == BulkState.Running).OrderBy(j => j.CreatedAt).Select(j => j.Id)
                .ToListAsync(cancellationToken);
        }

        var worked = false;
        foreach (var job in jobs)
        {
            try
            {
                worked |= await TryStepAsync(job, cancellationToken);
                _delayed.TryRemove(job, out _);
            }
#pragma warning disable CA1031 // The job stays, the next round tries again, and the other jobs go on.
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (_delayed.TryAdd(job, true))
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }
            }
        }

        return worked;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what is started meanwhile is not missed.
            var (started, worked) = (signal.Started, false);
            try
            {
                worked = await RunOnceAsync(stoppingToken);
                isFailing = false;
            }
#pragma warning disable CA1031 // The jobs stay, and the next round tries again.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }

                isFailing = true;
            }

            if (!worked)
            {
                await Task.WhenAny(started, Task.Delay(PollInterval, stoppingToken));
            }
        }
    }

    /// <summary>Does a step of a job. Returns false if another node works on the job, or the step has failed.</summary>
    private async Task<bool> TryStepAsync(Guid job, CancellationToken cancellationToken)
    {
        var lease = $"bulk:{job}";
        var now = databaseClock.Now;
        if (!await TransactAsync(db => Lease.TryTakeAsync(db, lease, _holder, now, now + LeaseTime, cancellationToken), cancellationToken))
        {
            return false;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var (db, step) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<BulkStep>());
            await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                async () =>
                {
                    if (!await step.RunAsync(job, cancellationToken))
                    {
                        return false;
                    }

                    // If the step took longer than the lease, another node may have it. The step still counts: its own condition allows each only once.
                    await Lease.TryExtendAsync(db, lease, _holder, databaseClock.Now + LeaseTime, cancellationToken);
                    return true;
                },
                cancellationToken);
            _failures.TryRemove(job, out _);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !Database.IsTransient(failure))
        {
            await GiveUpAsync(job, failure, cancellationToken);
            return false;
        }
    }

    /// <summary>Ends a job whose step fails again and again, so that it does not fail forever.</summary>
    private async Task GiveUpAsync(Guid job, Exception failure, CancellationToken cancellationToken)
    {
        Log.StepFailed(logger, failure, job);
        if (_failures.AddOrUpdate(job, 1, (_, failures) => failures + 1) >= MostTries)
        {
            _failures.TryRemove(job, out _);
            await TransactAsync(
                db => BulkProgress.EndAsync(db.BulkJobs.Where(j => j.Id == job), BulkState.Failed, Unexpected, clock.Now(), cancellationToken),
                cancellationToken);
        }
    }

    private async Task<bool> TransactAsync(Func<ClienteleDb, Task<bool>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(db), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk jobs could not go on and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A step of the bulk job {Job} failed")]
        public static partial void StepFailed(ILogger logger, Exception failure, Guid job);
    }
}

using System.Diagnostics;

namespace Clientele.Server.Segments;

/// <summary>
/// Keeps the members of segments correct: evaluates changed customers, builds segments with a new rule, and applies the changes that time causes.
/// Every node has one worker, and they share the work. docs/decisions/0008-segments-follow-by-a-queue.md tells the whole way of a change.
/// </summary>
internal sealed partial class SegmentWorker(
    IServiceScopeFactory scopes, Database database, SegmentQueue queue, SegmentRules rules, SegmentBuild build, ClockSweep sweep,
    DatabaseClock clock, ILogger<SegmentWorker> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private const int MaxTries = 12;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);

    /// <summary>How often the queue is polled for changes that other nodes have queued.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Short enough to go unnoticed, long enough to collect simultaneous writes into one batch.</summary>
    private static readonly TimeSpan MinRest = TimeSpan.FromMilliseconds(30);

    /// <summary>Evaluates the oldest changes. Returns whether there were any.</summary>
    public async Task<bool> EvaluateOnceAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        if (claimed.Count == 0)
        {
            return false;
        }

        var failing = new HashSet<long>();
        for (var tries = 1; !await TryAsync(claimed, failing, allOrNothing: tries < MaxTries, cancellationToken); tries++)
        {
            // Another worker has locked one of the groups. The random delay keeps two workers from colliding again and again.
            await Task.Delay(RandomNumberGenerator.GetInt32(10, 50), cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Works until nothing is left to do, for tests and the command line. With distributed tables, each claim brings a batch's changes to this node,
    /// followed by the ids that match each rule and the memberships that differ. The changed rows and the keys of the finished changes go back.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await RebuildOutdatedAsync(cancellationToken);
        bool idle;
        do
        {
            while (await sweep.RunAsync(share: false, cancellationToken))
            {
                // Groups with many changes are left.
            }

            while (await build.RunAsync(cancellationToken) || await EvaluateOnceAsync(cancellationToken))
            {
                // There may be more.
            }

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
            idle = !await IsAnyAsync(db.SegmentChanges, cancellationToken)
                && !await db.Segments.AnyAsync(s => s.State == SegmentState.Building, cancellationToken);
            await Task.Delay(idle ? TimeSpan.Zero : MinRest, cancellationToken);
        }
        while (!idle);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await RetryAsync(RebuildOutdatedAsync, stoppingToken);
        await Task.WhenAll(
            LoopAsync(EvaluateOnceAsync, PollInterval, () => queue.Queued, stoppingToken),
            LoopAsync(build.RunAsync, PollInterval, () => queue.Changed, stoppingToken),
            LoopAsync(token => sweep.RunAsync(share: true, token), ClockInterval, signal: null, stoppingToken));
    }

    /// <summary>
    /// Rebuilds segments in the error state, and segments that were or are being evaluated with another fingerprint (other tiers or another version
    /// of the rule engine).
    /// </summary>
    private async Task<bool> RebuildOutdatedAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var fingerprint = rules.Fingerprint;
        var due = db.Segments.Where(s => s.State == SegmentState.Error || s.Fingerprint != fingerprint);
        if (await due.AnyAsync(cancellationToken))
        {
            await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                async () => await Segment.RebuildAsync(due, fingerprint, clock.Now, cancellationToken) > 0, cancellationToken);
        }

        return false;
    }

    private async Task<List<SegmentChange>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, transaction) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Transaction>());
        var now = clock.Now;
        var (until, latest) = (now + LeaseTime, Lease.Latest(now + LeaseTime));
        var segments = await db.Segments.Select(s => new { s.GroupId, s.State }).ToListAsync(cancellationToken);
        long[] building = [.. segments.Where(s => s.State == SegmentState.Building).Select(s => s.GroupId)];
        var free = db.SegmentChanges.Where(c => (c.ClaimedUntil <= now || c.ClaimedUntil > latest) && !building.Contains(c.GroupId));

        // Without segments nobody needs the changes: they only have to be removed.
        var most = segments.Count == 0 ? BatchSize * 20 : BatchSize;
        return await Lease.ClaimAsync(
            () => IsAnyAsync(free, cancellationToken),
            ClaimBatchAsync,
            most);

        // One statement is a transaction by itself. On SQLite, it has to wait for the writer.
        async Task<List<SegmentChange>> ClaimBatchAsync(int skip)
        {
            List<SegmentChange> claimed = [];
            await (db.IsPostgres ? RunAsync() : transaction.RunAsync(RunAsync, cancellationToken));
            return claimed;

            async Task RunAsync() => claimed = await SegmentChange.ClaimAsync(db, now, until, building, skip, most, cancellationToken);
        }
    }

    /// <summary>Reads one row. With a distributed table, each machine sends one row; with EXISTS, each would send all of them.</summary>
    private static async Task<bool> IsAnyAsync(IQueryable<SegmentChange> changes, CancellationToken cancellationToken) =>
        await changes.TagWith("scatter: is anything queued").Select(c => c.Id).Take(1).ToListAsync(cancellationToken) is [_];

    /// <summary>
    /// Evaluates the changes and removes them from the queue, in one transaction. A group whose rule fails is marked, and left out of the next try.
    /// </summary>
    private async Task<bool> TryAsync(List<SegmentChange> claimed, HashSet<long> failing, bool allOrNothing, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var connection = database.ForSegments(scope.ServiceProvider.GetRequiredService<ClienteleDb>());
        try
        {
            return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                () => scope.ServiceProvider.GetRequiredService<Evaluation>().RunAsync(claimed, failing, allOrNothing, cancellationToken), cancellationToken);
        }
        catch (EvaluationException failure)
        {
            Log.RuleFailed(logger, failure.GroupId, failure.Message);
            failing.Add(failure.GroupId);
            await build.FailAsync(failure, cancellationToken);
            return false;
        }
        catch (Exception failure) when (allOrNothing && failure is not OperationCanceledException && Database.IsTransient(failure))
        {
            // Trying again does no harm, whether or not the transaction was committed.
            return false;
        }
    }

    private async Task LoopAsync(Func<CancellationToken, Task<bool>> step, TimeSpan pause, Func<Task>? signal, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what is queued meanwhile is not missed.
            var (woken, begun) = (signal?.Invoke(), Stopwatch.GetTimestamp());
            var worked = await RetryAsync(step, stoppingToken);

            // Rest as long as the step has worked: the more expensive a batch is, the more changes go into the next one, and requests get their share
            // of the machine.
            var rest = TimeSpan.FromTicks(Math.Clamp(Stopwatch.GetElapsedTime(begun).Ticks, MinRest.Ticks, PollInterval.Ticks));
            await Task.WhenAny(worked ? Task.CompletedTask : woken ?? Task.Delay(pause, stoppingToken), Task.Delay(pause, stoppingToken));
            await Task.Delay(rest, stoppingToken);
        }
    }

    /// <summary>Repeats the step until it succeeds. Logs only the first of several failures in a row.</summary>
    private async Task<bool> RetryAsync(Func<CancellationToken, Task<bool>> step, CancellationToken stoppingToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await step(stoppingToken);
            }
#pragma warning disable CA1031 // Changes stay in the queue, and the step is tried again.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (failures == 0)
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }
            }

            await Task.Delay(RetryDelay, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Segments could not be updated and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The rule of group {Group} cannot be evaluated: {Reason}")]
        public static partial void RuleFailed(ILogger logger, long group, string reason);
    }
}

using System.Runtime.ExceptionServices;

namespace Clientele.Server.Loyalty;

/// <summary>
/// Updates tiers and points when time passes. Any number of nodes may run it at once; they share the work. What is due takes effect within two seconds:
/// every node asks twice a second whether anything is due, since another node may have written what is due next.
/// </summary>
internal sealed partial class Upkeep(IServiceScopeFactory scopes, DatabaseClock databaseClock, TimeProvider clock, ILogger<Upkeep> logger)
    : BackgroundService, IMaintenance
{
    /// <summary>
    /// Longer than a batch usually takes, and short enough that what a killed node had claimed is settled within five seconds. If a batch takes longer,
    /// the node that takes over waits for the locks of the customers and finds that nothing is due.
    /// </summary>
    public static readonly TimeSpan Claimed = TimeSpan.FromSeconds(4);

    private const int BatchSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Settles everything that is due now. Nothing that this node has claimed is left when it returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await SettleAsync(cancellationToken);
            await EndLocksAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var isFailing = false;
        do
        {
            try
            {
                await RunAsync(stoppingToken);
                isFailing = false;
            }
#pragma warning disable CA1031 // The next run tries again; nothing is lost meanwhile.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }

                isFailing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Releases and expires what is due. Nodes lease accounts to share the work. With distributed tables, the ids of a batch travel to this node (see
    /// <see cref="ClaimDueAsync"/>), followed by the rows of these customers, and what has changed goes back to their workers.
    /// </summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (await ClaimAsync(cancellationToken) is { Count: > 0 } claimed)
        {
            try
            {
                await SettleAsync(claimed, cancellationToken);
            }
#pragma warning disable CA1031 // Settled one by one, so that an account that fails does not keep the others waiting.
            catch (Exception) when (claimed.Count > 1 && !cancellationToken.IsCancellationRequested)
            {
                Exception? failed = null;
                foreach (var id in claimed)
                {
                    try
                    {
                        await SettleAsync([id], cancellationToken);
                    }
                    catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                    {
                        failed = failure;
                    }
                }
#pragma warning restore CA1031

                if (failed is not null)
                {
                    ExceptionDispatchInfo.Throw(failed);
                }
            }
        }
    }

    private Task<bool> SettleAsync(List<long> ids, CancellationToken cancellationToken) => TransactAsync(
        async services =>
        {
            var now = clock.Now();
            var customers = await services.GetRequiredService<ClienteleDb>().LockAllAsync<Customer>(ids, cancellationToken);
            var accounts = await services.GetRequiredService<Ledger>().OpenAsync(customers, new HashSet<long>(), [], now, cancellationToken);
            foreach (var customer in customers)
            {
                accounts[customer.Id].AdvanceTo(now);
                customer.LoyaltyClaimedUntil = null;
            }

            return true;
        },
        cancellationToken);

    private async Task<List<long>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, transaction) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Transaction>());
        var (due, now) = (clock.Now(), databaseClock.Now);
        var (until, latest) = (now + Claimed, Lease.Latest(now + Claimed));
        return await Lease.ClaimAsync(
            async () => await db.Customers.TagWith("scatter: are anybody's points due")
                .Where(c => c.LoyaltyDueAt <= due
                    && (c.LoyaltyClaimedUntil == null || c.LoyaltyClaimedUntil <= now || c.LoyaltyClaimedUntil > latest))
                .Select(c => c.Id).Take(1).ToListAsync(cancellationToken) is [_],
            async skip =>
            {
                List<long> claimed = [];
                await transaction.RunAsync(
                    async () => claimed = await ClaimDueAsync(db, due, now, until, skip, BatchSize, cancellationToken), cancellationToken);
                return claimed;
            },
            BatchSize);
    }

    /// <summary>
    /// Leases customers whose points are due, after skipping the <paramref name="skip"/> longest due, and returns their ids. No other node gets them
    /// before the lease ends: the condition is in the inner SELECT and in the UPDATE, so that a node that waited for a row finds it already taken.
    /// With distributed tables, each worker sends its oldest due ids, the coordinator sends back those that are claimed, and each worker updates its
    /// own.
    /// </summary>
    public static Task<List<long>> ClaimDueAsync(
        ClienteleDb db, DateTime due, DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until}
             FROM (
                 SELECT id AS due FROM customers
                 WHERE loyalty_due_at <= {due}
                     AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now} OR loyalty_claimed_until > {Lease.Latest(until)})
                 ORDER BY loyalty_due_at LIMIT {most} OFFSET {skip}) AS claimed
             WHERE id = due AND loyalty_due_at <= {due}
                 AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now} OR loyalty_claimed_until > {Lease.Latest(until)})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    /// <summary>Lets tiers follow the spending again when their locks have ended. A node that waits for another finds that nothing is left to do.</summary>
    private async Task EndLocksAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        List<long> ended;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            ended = await scope.ServiceProvider.GetRequiredService<ClienteleDb>().Customers.TagWith("scatter: tier locks that end")
                .Where(c => c.TierLockedUntil <= now).OrderBy(c => c.TierLockedUntil).Select(c => c.Id).Take(BatchSize).ToListAsync(cancellationToken);
            if (ended.Count > 0)
            {
                await TransactAsync(
                    async services =>
                    {
                        foreach (var customer in await services.GetRequiredService<ClienteleDb>().LockAllAsync<Customer>(ended, cancellationToken))
                        {
                            services.GetRequiredService<TierLadder>().EndLock(customer, now);
                        }

                        return true;
                    },
                    cancellationToken);
            }
        }
        while (ended.Count == BatchSize);
    }

    /// <summary>Commits if the work returns true.</summary>
    private async Task<bool> TransactAsync(Func<IServiceProvider, Task<bool>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(scope.ServiceProvider), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Tiers and points that are due could not be updated and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

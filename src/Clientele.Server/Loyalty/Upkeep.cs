namespace Clientele.Server.Loyalty;

/// <summary>Updates tiers and points when time passes. Any number of nodes may run it at once; they share the work.</summary>
internal sealed class Upkeep(IServiceScopeFactory scopes, TimeProvider clock) : IMaintenance
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Claimed = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        await EndLocksAsync(cancellationToken);
    }

    /// <summary>Releases and expires what is due. Nodes lease accounts to share the work. Each account is processed in its own transaction.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        List<long> claimed;
        do
        {
            claimed = await ClaimAsync(cancellationToken);
            foreach (var id in claimed)
            {
                await TransactAsync(
                    async services =>
                    {
                        var lots = new List<PointsLot>();
                        if (await services.GetRequiredService<ClienteleDb>().LockAsync<Customer>(id, cancellationToken, Ledger.OpenLots(lots)) is { } customer)
                        {
                            services.GetRequiredService<Ledger>().Open(customer, lots);
                            customer.LoyaltyClaimedUntil = null;
                        }

                        return true;
                    },
                    cancellationToken);
            }
        }
        while (claimed.Count > 0);
    }

    private async Task<List<long>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, transaction) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Transaction>());
        var now = clock.Now();
        return await Lease.ClaimAsync(
            async () => await db.Customers.TagWith("scatter: are anybody's points due")
                .Where(c => c.LoyaltyDueAt <= now && (c.LoyaltyClaimedUntil == null || c.LoyaltyClaimedUntil <= now))
                .Select(c => c.Id).Take(1).ToListAsync(cancellationToken) is [_],
            async skip =>
            {
                List<long> claimed = [];
                await transaction.RunAsync(
                    async () => claimed = await ClaimDueAsync(db, now, now + Claimed, skip, BatchSize, cancellationToken), cancellationToken);
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
    public static Task<List<long>> ClaimDueAsync(ClienteleDb db, DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until}
             FROM (
                 SELECT id AS due FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most} OFFSET {skip}) AS claimed
             WHERE id = due AND loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    /// <summary>Lets a tier follow the spending again when its lock has ended.</summary>
    private async Task EndLocksAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        List<long> ended;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            ended = await scope.ServiceProvider.GetRequiredService<ClienteleDb>().Customers.TagWith("scatter: tier locks that end")
                .Where(c => c.TierLockedUntil <= now).OrderBy(c => c.TierLockedUntil).Select(c => c.Id).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var id in ended)
            {
                await TransactAsync(
                    async services =>
                    {
                        if (await services.GetRequiredService<ClienteleDb>().LockAsync<Customer>(id, cancellationToken) is { } customer)
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
}

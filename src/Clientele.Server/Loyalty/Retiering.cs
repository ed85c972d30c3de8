namespace Clientele.Server.Loyalty;

/// <summary>Moves customers whose tier no longer matches their spending because the settings have changed.</summary>
internal sealed class Retiering(ClienteleDb db, TierLadder tiers, IOptions<Programme> programme, TimeProvider clock) : ISweep
{
    public string Name => Sweep.Tiers;

    public string Fingerprint => programme.Value.Fingerprint();

    public async Task<long?> RunAsync(long after, int most, CancellationToken cancellationToken)
    {
        var qualified = Qualified(programme.Value.Ladder.Select(tier => (tier.Name, (long)(tier.From * 100))));
        var moves = Expression.Lambda<Func<Customer, bool>>(
            Expression.NotEqual(qualified.Body, Expression.Property(qualified.Parameters[0], nameof(Customer.LoyaltyTier))), qualified.Parameters);
        var last = await db.Customers.TagWith("scatter: the last customer").MaxAsync(c => (long?)c.Id, cancellationToken) ?? 0;
        var ids = await db.Customers.TagWith("scatter: customers of another tier").Where(c => c.Id > after && c.Id <= after + Sweep.Stretch).Where(moves)
            .OrderBy(c => c.Id).Select(c => c.Id).Take(most).ToListAsync(cancellationToken);

        if (ids.Count == 0)
        {
            return Sweep.Next(after, ids, most, last);
        }

        var now = clock.Now();
        foreach (var customer in await db.LockAllAsync<Customer>(ids, cancellationToken))
        {
            tiers.Update(customer, "the programme changed", now);
        }

        return Sweep.Next(after, ids, most, last);
    }

    /// <summary>The tier that a customer's spending qualifies for, as a query.</summary>
    /// <param name="ladder">Tiers and their thresholds in minor units, from the lowest to the highest.</param>
    public static Expression<Func<Customer, string>> Qualified(IEnumerable<(string Tier, long From)> ladder)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        var spent = Expression.Property(customer, nameof(Customer.TotalSpent));
        return Expression.Lambda<Func<Customer, string>>(
            ladder.Aggregate<(string Tier, long From), Expression?>(null, (below, tier) => below is null
                ? Expression.Constant(tier.Tier)
                : Expression.Condition(Expression.GreaterThanOrEqual(spent, Expression.Constant(tier.From)), Expression.Constant(tier.Tier), below))!,
            customer);
    }
}

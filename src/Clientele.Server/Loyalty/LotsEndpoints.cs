namespace Clientele.Server.Loyalty;

internal static class LotsEndpoints
{
    private static readonly string[] States = [LotState.Pending, LotState.Active, LotState.Closed];

    public static readonly ListDefinition<PointsLot> Lots = new ListDefinition<PointsLot>(l => l.EntryId, "-entry_id")
        .OneOf("state", "The state", States, LotState.Active, State)
        .Order("entry_id", l => l.EntryId)
        .Order("expires_at", l => l.ExpiresAt);

    public static readonly ListDefinition<TierInterval> Tiers = new ListDefinition<TierInterval>(i => i.Sequence, "-id")
        .Order("id", i => i.Sequence);

    public static void Map(IEndpointRouteBuilder api)
    {
        var loyalty = api.MapGroup("/api/customers/customers/{id:long}/loyalty").WithTags("Loyalty");
        loyalty.MapGet("/lots/", ListLoyaltyLots).WithName(nameof(ListLoyaltyLots)).For(Who.OwnerOrAdmin, KeyScope.PointsRead).Lists(Lots).Answers(400, 404);
        loyalty.MapGet("/tiers/", ListTierPeriods).WithName(nameof(ListTierPeriods)).For(Who.OwnerOrAdmin, KeyScope.PointsRead).Lists(Tiers).Answers(400, 404);
    }

    /// <summary>List a customer's lots of points</summary>
    /// <remarks>
    /// Points that were added together are a lot, with their own date of expiry. The rests of the active lots add up to the points that can be spent,
    /// those of the pending lots to the points that are held back.
    /// </remarks>
    internal static async Task<Results<PageResult<LoyaltyLotResponse>, Problem>> ListLoyaltyLots(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? await list.PageAsync(
                Lots, db.PointsLots.Where(l => l.CustomerId == id), l => l, lots => Task.FromResult(lots.Select(lot => lot.ToResponse())), cancellationToken)
            : Problems.NotFound();

    /// <summary>List the tiers that a customer has had</summary>
    /// <remarks>Each period with its cause, newest first. The first one in this order is the current tier.</remarks>
    internal static async Task<Results<PageResult<TierPeriodResponse>, Problem>> ListTierPeriods(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        return await list.PageAsync(Tiers, db.TierIntervals.Where(i => i.CustomerId == id), i => i, async intervals =>
        {
            var following = intervals.Select(interval => interval.Sequence + 1).ToArray();
            var ends = following.Length == 0
                ? []
                : await db.TierIntervals.Where(i => i.CustomerId == id && following.Contains(i.Sequence))
                    .ToDictionaryAsync(i => i.Sequence, i => i.From, cancellationToken);
            return intervals.Select(interval => interval.ToResponse(ends.TryGetValue(interval.Sequence + 1, out var end) ? end : null));
        }, cancellationToken);
    }

    private static Expression<Func<PointsLot, bool>> State(string text)
    {
        var state = Enum.Parse<PointsLotState>(text, ignoreCase: true);
        return l => l.State == state;
    }
}

namespace Clientele.Server.History;

internal static class StatsEndpoints
{
    private static readonly ReadBatch Totals = new(
        "SELECT total_orders, total_spent, last_order_date, loyalty_points, loyalty_tier FROM customers WHERE id = @id");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/api/customers/customers/{id:long}/stats/", GetStats).WithName(nameof(GetStats)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead)
            .Answers(404)
            .WithTag("History", "Copies of orders, wishlists and reviews that belong to other systems, and the statistics computed from them.");

    /// <summary>Get a customer's statistics</summary>
    /// <remarks>The service updates them in the transaction of every order, so they are always up to date.</remarks>
    internal static async Task<Results<Ok<StatsResponse>, Problem>> GetStats(long id, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await caller.MaySeeAsync(id, cancellationToken))
        {
            return Problems.NotFound();
        }

        await using var results = await Totals.SendAsync(db, cancellationToken, ("@id", id));
        return await results.FirstAsync(Read) is { } stats ? TypedResults.Ok(stats) : Problems.NotFound();
    }

    private static StatsResponse Read(Row row)
    {
        var (orders, spent) = (row.Integer(), row.Long());
        return new()
        {
            TotalOrders = orders,
            TotalSpent = spent / 100m,
            AverageOrderValue = Customer.Average(spent, orders),
            LastOrderDate = row.InstantOrNull(),
            LoyaltyPoints = row.Long(),
            LoyaltyTier = row.Text(),
        };
    }
}

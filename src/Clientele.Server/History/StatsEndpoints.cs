using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.History;

internal static class StatsEndpoints
{
    private static readonly Func<ClienteleDb, long, Task<Totals?>> FindTotals = EF.CompileAsyncQuery((ClienteleDb db, long id) =>
        db.Customers.Where(c => c.Id == id).Select(c => new Totals(c.TotalOrders, c.TotalSpent, c.LastOrderDate, c.LoyaltyPoints, c.LoyaltyTier)).SingleOrDefault());

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/api/customers/customers/{id:long}/stats/", GetStats).WithName(nameof(GetStats)).For(Who.OwnerOrAdmin).WithTag("History", "Copies of orders, wishlists and reviews that belong to other systems, and the statistics computed from them.").Answers(404);

    /// <summary>Get a customer's statistics</summary>
    /// <remarks>The service updates them in the transaction of every order, so they are always up to date.</remarks>
    internal static async Task<Results<Ok<StatsResponse>, Problem>> GetStats(long id, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!caller.MaySee(id) || await FindTotals(db, id) is not { } totals)
        {
            return Problems.NotFound();
        }

        return TypedResults.Ok(new StatsResponse
        {
            TotalOrders = totals.Orders,
            TotalSpent = totals.Spent / 100m,
            AverageOrderValue = Customer.Average(totals.Spent, totals.Orders),
            LastOrderDate = totals.LastOrder,
            LoyaltyPoints = totals.Points,
            LoyaltyTier = totals.Tier,
        });
    }

    private sealed record Totals(int Orders, long Spent, DateTime? LastOrder, long Points, string Tier);
}

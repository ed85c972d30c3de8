using System.Globalization;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clientele.Server.Loyalty;

internal static class LoyaltyEndpoints
{
    private const string DefaultReason = "Manual adjustment";

    public static void MapLoyalty(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTags("Loyalty");
        customers.MapPost("/update_loyalty_tier/", UpdateLoyaltyTier).WithName(nameof(UpdateLoyaltyTier)).Answers(404).BodyOptional();
        customers.MapPost("/add_loyalty_points/", AddLoyaltyPoints).WithName(nameof(AddLoyaltyPoints)).Answers(404).Answers("insufficient_points");
    }

    /// <summary>Recalculate or set a customer's tier</summary>
    /// <remarks>
    /// Without a body the tier is recalculated from what the customer has spent, and a lock is lifted. With a loyalty_tier an
    /// admin sets and locks it, until an instant or for good.
    /// </remarks>
    internal static async Task<Results<Ok<UpdateLoyaltyTierResponse>, Problem>> UpdateLoyaltyTier(
        long id, Body<UpdateLoyaltyTierRequest> body, ClienteleDb db, UnitOfWork unit, TierLadder tiers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var request = body.Read(errors);
        var now = clock.Now();
        if (request.LoyaltyTier is { } named && !tiers.Knows(named))
        {
            errors.Add("loyalty_tier", $"Must be one of {tiers.Names}.");
        }
        else if (request.LoyaltyTier is null && (request.Until is not null || request.Reason is not null))
        {
            errors.Add("loyalty_tier", "Is required with until and reason: they belong to a tier that is set.");
        }

        if (request.Until <= now)
        {
            errors.Add("until", "Must be in the future.");
        }

        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        return await unit.RunAsync<Results<Ok<UpdateLoyaltyTierResponse>, Problem>>(
            async () =>
            {
                if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
                {
                    return Problems.NotFound();
                }

                if (request.LoyaltyTier is { } tier)
                {
                    tiers.Lock(customer, tier, request.Until, request.Reason, now);
                }
                else
                {
                    tiers.Recalculate(customer, "recalculated by an admin", now);
                }

                if (db.Entry(customer).Properties.Any(property => property.IsModified))
                {
                    unit.Audit.Record(id, "loyalty.tier_updated", AuditTrail.Resource("customer", id), customer);
                }

                return TypedResults.Ok(new UpdateLoyaltyTierResponse
                {
                    Message = request.LoyaltyTier is null ? "Loyalty tier recalculated." : "Loyalty tier set and locked.",
                    CustomerId = id,
                    LoyaltyTier = customer.LoyaltyTier,
                    TotalSpent = customer.TotalSpent / 100m,
                });
            },
            cancellationToken);
    }

    /// <summary>Add loyalty points, or take some away</summary>
    /// <remarks>An entry of the customer's ledger. More than is available cannot be taken: 409, and nothing changes.</remarks>
    internal static async Task<Results<Ok<AddLoyaltyPointsResponse>, Problem>> AddLoyaltyPoints(
        long id, Body<AddLoyaltyPointsRequest> body, ClienteleDb db, UnitOfWork unit, Ledger ledger, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var request = body.Read(errors);
        if (request.Points == 0)
        {
            errors.Add("points", "Must be a whole number other than 0, at most 1000000 either way.");
        }

        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var points = request.Points!.Value;
        var reason = string.IsNullOrWhiteSpace(request.Reason) ? DefaultReason : request.Reason;
        return await unit.RunAsync<Results<Ok<AddLoyaltyPointsResponse>, Problem>>(
            async () =>
            {
                if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
                {
                    return Problems.NotFound();
                }

                if (!await ledger.AdjustAsync(customer, points, reason, cancellationToken))
                {
                    return new Problem("insufficient_points", string.Create(CultureInfo.InvariantCulture, $"Only {customer.LoyaltyPoints} points are available."));
                }

                unit.Audit.Record(id, "loyalty.points_adjusted", AuditTrail.Resource("customer", id), customer);
                return TypedResults.Ok(new AddLoyaltyPointsResponse
                {
                    Message = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(points)} points {(points > 0 ? "added" : "taken away")}."),
                    CustomerId = id,
                    NewBalance = customer.LoyaltyPoints,
                    Reason = reason,
                });
            },
            cancellationToken);
    }
}

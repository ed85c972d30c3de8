namespace Clientele.Server.Loyalty;

internal static class LoyaltyEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTag("Loyalty", "Tiers and points.");
        customers.MapPost("/update_loyalty_tier/", UpdateLoyaltyTier).WithName(nameof(UpdateLoyaltyTier)).For(Who.Admin, KeyScope.PointsWrite)
            .Answers(404).BodyOptional();
        customers.MapGet("/loyalty/", GetLoyalty).WithName(nameof(GetLoyalty)).For(Who.OwnerOrAdmin, KeyScope.PointsRead).Answers(404);
    }

    /// <summary>Recalculate or set a customer's tier</summary>
    /// <remarks>
    /// Without a body the service recalculates the tier from the customer's spending and removes a lock. With a loyalty_tier an
    /// admin sets and locks the tier, until an instant or permanently. With floor the tier still rises above it.
    /// </remarks>
    internal static async Task<Results<Ok<UpdateLoyaltyTierResponse>, Problem>> UpdateLoyaltyTier(
        long id, Body<UpdateLoyaltyTierRequest> body, CustomerWrites writes, TierLadder tiers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        var now = clock.Now();
        Check(request, tiers, now, errors);
        return errors.Any ? Problems.Invalid(errors) : await writes.ChangeAsync(
            id,
            AuditAction.LoyaltyTierUpdated,
            customer =>
            {
                if (request.LoyaltyTier is { } tier)
                {
                    tiers.Lock(customer, tier, request.Until, request.Reason, request.Floor, now);
                }
                else
                {
                    tiers.Recalculate(customer, "recalculated by an admin", now);
                }
            },
            customer => new UpdateLoyaltyTierResponse
            {
                Message = request.LoyaltyTier is null ? "Loyalty tier recalculated."
                    : request.Floor ? "Loyalty tier set as a floor."
                    : "Loyalty tier set and locked.",
                CustomerId = id,
                LoyaltyTier = customer.LoyaltyTier,
                TotalSpent = customer.TotalSpent / 100m,
            },
            cancellationToken,
            isNewVersion: false);
    }

    /// <summary>Get a customer's points and tier</summary>
    /// <remarks>
    /// Every change updates the balances in its own transaction. Points that are due are released or expire within two seconds, and before
    /// any points are spent.
    /// </remarks>
    internal static async Task<Results<Ok<LoyaltyResponse>, Problem>> GetLoyalty(
        long id, Caller caller, ClienteleDb db, IOptions<Programme> programme, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await caller.Customers.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } customer)
        {
            return Problems.NotFound();
        }

        var now = clock.Now();
        var soon = now.AddDays(30);
        var spent = customer.TotalSpent / 100m;
        var (tier, qualified) = (programme.Value.Named(customer.LoyaltyTier), programme.Value.For(spent));
        var next = programme.Value.Ladder.FirstOrDefault(above => above.From > qualified.From && above.From > (tier?.From ?? 0));
        return TypedResults.Ok(new LoyaltyResponse
        {
            Available = customer.LoyaltyPoints,
            Pending = customer.LoyaltyPending,
            Debt = customer.LoyaltyDebt,
            ExpiringWithin30Days = await db.PointsLots
                .Where(l => l.CustomerId == id && l.State == PointsLotState.Active && l.ExpiresAt <= soon)
                .SumAsync(l => l.Rest, cancellationToken),
            LoyaltyTier = customer.LoyaltyTier,
            QualifiedTier = qualified.Name,
            Lock = customer.TierLockedUntil <= now ? null : customer.ToTierLock(),
            NextTier = next?.Name,
            AmountToNextTier = next?.From - spent,
            Benefits = (tier ?? new Tier()).ToBenefits(),
        });
    }

    private static void Check(UpdateLoyaltyTierRequest request, TierLadder tiers, DateTime now, Errors errors)
    {
        if (request.LoyaltyTier is { } named && !tiers.Knows(named))
        {
            errors.Add("loyalty_tier", $"Must be one of {tiers.Names}.");
        }
        else if (request.LoyaltyTier is null && (request.Until is not null || request.Reason is not null || request.Floor))
        {
            errors.Add("loyalty_tier", "Is required if until, reason or floor is given.");
        }

        errors.Require(!(request.Until <= now), "until", "Must be in the future.");
    }
}

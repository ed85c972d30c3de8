using Clientele.Server.Loyalty;

namespace Clientele.Server.Groups;

internal static class BenefitsEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/api/customers/customers/{id:long}/benefits/", GetBenefits).WithName(nameof(GetBenefits)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead)
            .WithTags("Customers").Answers(404);

    /// <summary>Get the combined benefits of a customer's tier and groups</summary>
    /// <remarks>The highest discount applies, and every other benefit that any source gives. Sources that give nothing are left out.</remarks>
    internal static async Task<Results<Ok<BenefitsResponse>, Problem>> GetBenefits(
        long id, Caller caller, ClienteleDb db, IOptions<Programme> programme, CancellationToken cancellationToken)
    {
        var tier = await caller.Customers.Where(c => c.Id == id).Select(c => c.LoyaltyTier).SingleOrDefaultAsync(cancellationToken);
        if (tier is null)
        {
            return Problems.NotFound();
        }

        var groups = await db.Memberships.Where(m => m.CustomerId == id && m.IsMember)
            .Join(db.Groups, m => m.GroupId, g => g.Id, (m, g) => g).OrderBy(g => g.NameKey)
            .Select(g => new { g.Id, g.Name, g.DiscountPercentage, g.PrioritySupport, g.FreeShipping }).ToListAsync(cancellationToken);
        var sources = programme.Value.Ladder.Where(known => known.Name == tier).Select(known => new BenefitSource
        {
            Type = "tier",
            Id = null,
            Name = known.Name,
            DiscountPercentage = known.DiscountPercentage,
            PrioritySupport = known.PrioritySupport,
            FreeShipping = known.FreeShipping,
            VipAccess = known.VipAccess,
        }).Concat(groups.Select(g => new BenefitSource
        {
            Type = "group",
            Id = g.Id,
            Name = g.Name,
            DiscountPercentage = g.DiscountPercentage / 100m,
            PrioritySupport = g.PrioritySupport,
            FreeShipping = g.FreeShipping,
            VipAccess = false,
        })).Where(source => source.DiscountPercentage > 0 || source.PrioritySupport || source.FreeShipping || source.VipAccess).ToList();
        return TypedResults.Ok(new BenefitsResponse
        {
            DiscountPercentage = sources.Select(source => source.DiscountPercentage).DefaultIfEmpty().Max(),
            PrioritySupport = sources.Exists(source => source.PrioritySupport),
            FreeShipping = sources.Exists(source => source.FreeShipping),
            VipAccess = sources.Exists(source => source.VipAccess),
            Sources = sources,
        });
    }
}

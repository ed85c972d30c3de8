using Clientele.Server.Rules;

namespace Clientele.Server.Groups;

internal static class Causes
{
    /// <summary>The most specific cause of what a write has changed.</summary>
    public static Cause Of(Facets facets) =>
        Has(facets, Facets.Orders) ? Cause.Order
        : Has(facets, Facets.Points | Facets.LoyaltyPoints) ? Cause.Points
        : Has(facets, Facets.LoyaltyTier) ? Cause.Tier
        : Has(facets, Facets.Addresses) ? Cause.Address
        : Has(facets, Facets.Reviews) ? Cause.Review
        : Has(facets, Facets.Wishlist) ? Cause.Wishlist
        : Has(facets, Facets.LastLogin) ? Cause.Login
        : facets == Facets.Groups ? Cause.Group
        : Cause.Profile;

    public static string Name(this Cause cause) => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());

    private static bool Has(Facets facets, Facets any) => (facets & any) != 0;
}

using System.Text.Json;

namespace Clientele.Server.Segments;

/// <summary>Why a customer entered or left a group. The numbers are stored and must never change their meaning.</summary>
internal enum Cause
{
    /// <summary>An admin added, removed or reset them.</summary>
    ByHand = 0,

    /// <summary>The rule changed, or all customers were evaluated again.</summary>
    Rule = 1,

    /// <summary>Only time has passed.</summary>
    Clock = 2,

    /// <summary>Their membership of a group that the rule refers to changed.</summary>
    Group = 3,
    Registered = 4,
    Erased = 5,
    Profile = 6,
    Order = 7,
    Points = 8,
    Tier = 9,
    Address = 10,
    Review = 11,
    Wishlist = 12,
    Login = 13,
}

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

    /// <summary>The name in the API.</summary>
    public static string Name(this Cause cause) => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());

    private static bool Has(Facets facets, Facets any) => (facets & any) != 0;
}

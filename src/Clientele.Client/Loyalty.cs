using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>Sets and locks a tier: <c>POST …/update_loyalty_tier/</c>. Without a body the service recalculates the tier and removes the lock.</summary>
public sealed record UpdateLoyaltyTierRequest
{
    /// <summary>The tier to set.</summary>
    /// <example>gold</example>
    [StringLength(100)]
    public string? LoyaltyTier { get; set; }

    /// <summary>When the lock ends; if left out, it never ends.</summary>
    /// <example>2027-01-01T00:00:00Z</example>
    public DateTime? Until { get; set; }

    /// <summary>The reason.</summary>
    /// <example>Goodwill after a late delivery</example>
    [StringLength(255)]
    public string? Reason { get; set; }

    /// <summary>Whether the locked tier is a floor: the customer's tier still rises above it with the spending, but never falls below it.</summary>
    /// <example>false</example>
    public bool Floor { get; set; }
}

/// <summary>The response of <c>update_loyalty_tier</c>.</summary>
public sealed record UpdateLoyaltyTierResponse
{
    /// <summary>What happened.</summary>
    /// <example>Loyalty tier updated.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The customer's tier now.</summary>
    /// <example>silver</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>What the customer has spent, in the store's currency.</summary>
    /// <example>"2450.00"</example>
    public required decimal TotalSpent { get; init; }
}

/// <summary>A customer's points and tier.</summary>
public sealed record LoyaltyResponse
{
    /// <summary>The points that can be spent now.</summary>
    /// <example>2450</example>
    public required long Available { get; init; }

    /// <summary>The points that are held back until the return period is over.</summary>
    /// <example>120</example>
    public required long Pending { get; init; }

    /// <summary>Points that were taken back after the customer had spent them. Points that become available repay them first.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>How many of the available points expire within 30 days if the customer does not spend them.</summary>
    /// <example>200</example>
    [JsonPropertyName("expiring_within_30_days")]
    public required long ExpiringWithin30Days { get; init; }

    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>
    /// The tier that the spending qualifies for. It differs from <c>loyalty_tier</c> if an admin has locked the tier, or if tiers never
    /// go down.
    /// </summary>
    /// <example>silver</example>
    public required string QualifiedTier { get; init; }

    /// <summary>The lock that an admin has put on the tier; null if there is none.</summary>
    public required TierLock? Lock { get; init; }

    /// <summary>The next tier above both the current and the qualified tier; null if there is none.</summary>
    /// <example>platinum</example>
    public required string? NextTier { get; init; }

    /// <summary>How much the customer still has to spend to reach it, in the store's currency.</summary>
    /// <example>"7550.00"</example>
    public required decimal? AmountToNextTier { get; init; }

    /// <summary>The benefits of the tier. <c>benefits/</c> also includes those of the customer's groups.</summary>
    public required TierBenefits Benefits { get; init; }
}

/// <summary>A lock on a tier.</summary>
public sealed record TierLock
{
    /// <summary>The tier that the lock has set.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>Whether that tier is a floor, above which the customer's tier still rises.</summary>
    /// <example>false</example>
    public required bool Floor { get; init; }

    /// <summary>When it ends; null for never.</summary>
    /// <example>2027-01-01T00:00:00Z</example>
    public required DateTime? Until { get; init; }

    /// <summary>The reason.</summary>
    /// <example>Goodwill after a late delivery</example>
    public required string? Reason { get; init; }
}

/// <summary>The benefits of a tier.</summary>
public sealed record TierBenefits
{
    /// <summary>The discount in per cent.</summary>
    /// <example>"10.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether it gives priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether it gives free shipping.</summary>
    /// <example>false</example>
    public required bool FreeShipping { get; init; }

    /// <summary>Whether it gives VIP access.</summary>
    /// <example>false</example>
    public required bool VipAccess { get; init; }

    /// <summary>What the points of an order are multiplied by.</summary>
    /// <example>"1.5"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal PointsMultiplier { get; init; }
}

/// <summary>The loyalty programme. Everybody can read it.</summary>
public sealed record LoyaltyProgrammeResponse
{
    /// <summary>The currency of the amounts: the store's currency.</summary>
    /// <example>USD</example>
    public required string Currency { get; init; }

    /// <summary>Points per unit of that currency.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal PointsPerUnit { get; init; }

    /// <summary>When an order earns points: <c>counts</c> (as soon as it is paid) or <c>delivered</c>.</summary>
    /// <example>counts</example>
    [OneOf(typeof(EarnMoment))]
    public required string EarnOn { get; init; }

    /// <summary>The number of days for which points are held back.</summary>
    /// <example>14</example>
    public required int PendingDays { get; init; }

    /// <summary>The number of months after which points expire; null for never.</summary>
    /// <example>12</example>
    public required int? ExpireAfterMonths { get; init; }

    /// <summary>The tiers, from the lowest to the highest.</summary>
    public required IReadOnlyList<LoyaltyTier> Tiers { get; init; }
}

/// <summary>A tier of the programme.</summary>
public sealed record LoyaltyTier
{
    /// <summary>The name.</summary>
    /// <example>gold</example>
    public required string Name { get; init; }

    /// <summary>The total spending at which the tier begins.</summary>
    /// <example>"5000.00"</example>
    public required decimal From { get; init; }

    /// <summary>The benefits.</summary>
    public required TierBenefits Benefits { get; init; }
}

/// <summary>Tiers with other thresholds, for a simulation.</summary>
public sealed record SimulateTiersRequest
{
    /// <summary>Tiers with their new thresholds. Tiers that are left out keep theirs.</summary>
    [Required]
    public IReadOnlyList<TierThreshold>? Tiers { get; set; }
}

/// <summary>A simulated threshold of a tier.</summary>
public sealed record TierThreshold
{
    /// <summary>The tier.</summary>
    /// <example>gold</example>
    [Required, StringLength(100)]
    public required string Name { get; init; }

    /// <summary>The total spending at which the tier would begin, in the store's currency.</summary>
    /// <example>"4000.00"</example>
    public required decimal From { get; init; }
}

/// <summary>The effect that other thresholds would have. Nothing has changed.</summary>
public sealed record SimulateTiersResponse
{
    /// <summary>Customers who would move up.</summary>
    /// <example>120</example>
    public required long Up { get; init; }

    /// <summary>Customers who would move down.</summary>
    /// <example>0</example>
    public required long Down { get; init; }

    /// <summary>Customers whose tier would not change, including those with a locked tier.</summary>
    /// <example>880</example>
    public required long Unchanged { get; init; }

    /// <summary>The tiers, from the lowest to the highest.</summary>
    public required IReadOnlyList<TierSimulation> Tiers { get; init; }

    /// <summary>
    /// How many customers would have which tier instead of which, including those who would keep theirs. Pairs without customers are left out.
    /// </summary>
    public required IReadOnlyList<TierMove> Moves { get; init; }
}

/// <summary>Customers who have one tier and would have another, or the same.</summary>
public sealed record TierMove
{
    /// <summary>The tier that they have now. It may be one that is no longer configured.</summary>
    /// <example>silver</example>
    public required string From { get; init; }

    /// <summary>The tier that they would have.</summary>
    /// <example>gold</example>
    public required string To { get; init; }

    /// <summary>How many customers.</summary>
    /// <example>120</example>
    public required long Customers { get; init; }
}

/// <summary>The simulated effect on a tier.</summary>
public sealed record TierSimulation
{
    /// <summary>The name.</summary>
    /// <example>gold</example>
    public required string Name { get; init; }

    /// <summary>The total spending at which the tier would begin.</summary>
    /// <example>"4000.00"</example>
    public required decimal From { get; init; }

    /// <summary>The customers who have it now.</summary>
    /// <example>300</example>
    public required long Customers { get; init; }

    /// <summary>The customers who would have it.</summary>
    /// <example>420</example>
    public required long WouldHave { get; init; }

    /// <summary>The customers who would move up from it.</summary>
    /// <example>0</example>
    public required long Up { get; init; }

    /// <summary>The customers who would move down from it.</summary>
    /// <example>0</example>
    public required long Down { get; init; }
}

/// <summary>The points that customers had at an instant.</summary>
public sealed record LiabilityResponse
{
    /// <summary>The instant.</summary>
    /// <example>2025-12-31T23:59:59.999Z</example>
    public required DateTime AsOf { get; init; }

    /// <summary>The points outstanding, available and pending. The debt of one customer does not reduce the points of others.</summary>
    /// <example>1250000</example>
    public required long Points { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>Sets and locks a tier: <c>POST …/update_loyalty_tier/</c>. Without a body the tier is recalculated and a lock lifted.</summary>
public sealed record UpdateLoyaltyTierRequest
{
    /// <summary>The tier to set.</summary>
    /// <example>gold</example>
    [StringLength(100)]
    public string? LoyaltyTier { get; set; }

    /// <summary>When the lock ends; never when left out.</summary>
    /// <example>2027-01-01T00:00:00Z</example>
    public DateTime? Until { get; set; }

    /// <summary>Why.</summary>
    /// <example>Goodwill after a late delivery</example>
    [StringLength(255)]
    public string? Reason { get; set; }
}

/// <summary>The answer of <c>update_loyalty_tier</c>.</summary>
public sealed record UpdateLoyaltyTierResponse
{
    /// <summary>What happened.</summary>
    /// <example>Loyalty tier updated.</example>
    public required string Message { get; init; }

    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The tier now.</summary>
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

    /// <summary>Points that are held back until the return period is over.</summary>
    /// <example>120</example>
    public required long Pending { get; init; }

    /// <summary>Points that were taken back after they had been spent. What becomes available repays them first.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>How many of the available points expire within 30 days, if they are not spent.</summary>
    /// <example>200</example>
    [JsonPropertyName("expiring_within_30_days")]
    public required long ExpiringWithin30Days { get; init; }

    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The tier that the spending amounts to: another one where an admin has locked the tier, or where it never goes down.</summary>
    /// <example>silver</example>
    public required string QualifiedTier { get; init; }

    /// <summary>The lock that an admin has put on the tier; null where there is none.</summary>
    public required TierLock? Lock { get; init; }

    /// <summary>The next tier up; null on the highest.</summary>
    /// <example>platinum</example>
    public required string? NextTier { get; init; }

    /// <summary>What is still to be spent for it, in the store's currency.</summary>
    /// <example>"7550.00"</example>
    public required decimal? AmountToNextTier { get; init; }

    /// <summary>What the tier gives. What groups give besides is in <c>benefits/</c>.</summary>
    public required TierBenefits Benefits { get; init; }
}

/// <summary>A lock on a tier.</summary>
public sealed record TierLock
{
    /// <summary>When it ends; null for never.</summary>
    /// <example>2027-01-01T00:00:00Z</example>
    public required DateTime? Until { get; init; }

    /// <summary>Why.</summary>
    /// <example>Goodwill after a late delivery</example>
    public required string? Reason { get; init; }
}

/// <summary>What a tier gives.</summary>
public sealed record TierBenefits
{
    /// <summary>A discount in per cent.</summary>
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

    /// <summary>How many points for each that the programme gives.</summary>
    /// <example>"1.5"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal PointsMultiplier { get; init; }
}

/// <summary>The loyalty programme, for everybody to read.</summary>
public sealed record LoyaltyProgrammeResponse
{
    /// <summary>The currency of the amounts: the store's.</summary>
    /// <example>USD</example>
    public required string Currency { get; init; }

    /// <summary>Points per unit of that currency.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal PointsPerUnit { get; init; }

    /// <summary>When an order earns: <c>counts</c> (as soon as it is paid) or <c>delivered</c>.</summary>
    /// <example>counts</example>
    public required string EarnOn { get; init; }

    /// <summary>For how many days points are held back.</summary>
    /// <example>14</example>
    public required int PendingDays { get; init; }

    /// <summary>After how many months points expire; null for never.</summary>
    /// <example>12</example>
    public required int? ExpireAfterMonths { get; init; }

    /// <summary>The tiers, from the lowest to the highest.</summary>
    public required IReadOnlyList<LoyaltyTier> Tiers { get; init; }
}

/// <summary>A tier of the programme.</summary>
public sealed record LoyaltyTier
{
    /// <summary>Its name.</summary>
    /// <example>gold</example>
    public required string Name { get; init; }

    /// <summary>The total spent that it takes.</summary>
    /// <example>"5000.00"</example>
    public required decimal From { get; init; }

    /// <summary>What it gives.</summary>
    public required TierBenefits Benefits { get; init; }
}

/// <summary>Asks what other thresholds would do.</summary>
public sealed record SimulateTiersRequest
{
    /// <summary>Tiers and from where they would begin. Those that are left out begin where they do now.</summary>
    [Required]
    public IReadOnlyList<TierThreshold>? Tiers { get; set; }
}

/// <summary>From where a tier would begin.</summary>
public sealed record TierThreshold
{
    /// <summary>The tier.</summary>
    /// <example>gold</example>
    [Required, StringLength(100)]
    public required string Name { get; init; }

    /// <summary>The total spent that it would take, in the store's currency.</summary>
    /// <example>"4000.00"</example>
    public required decimal From { get; init; }
}

/// <summary>What other thresholds would do. Nothing has changed.</summary>
public sealed record SimulateTiersResponse
{
    /// <summary>Customers who would move up.</summary>
    /// <example>120</example>
    public required long Up { get; init; }

    /// <summary>Customers who would move down.</summary>
    /// <example>0</example>
    public required long Down { get; init; }

    /// <summary>Customers who would stay, those whose tier is locked among them.</summary>
    /// <example>880</example>
    public required long Unchanged { get; init; }

    /// <summary>The tiers, from the lowest to the highest.</summary>
    public required IReadOnlyList<TierSimulation> Tiers { get; init; }
}

/// <summary>What would become of a tier.</summary>
public sealed record TierSimulation
{
    /// <summary>Its name.</summary>
    /// <example>gold</example>
    public required string Name { get; init; }

    /// <summary>From where it would begin.</summary>
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

    /// <summary>The points outstanding, available and pending. What a customer owes makes nobody else's less.</summary>
    /// <example>1250000</example>
    public required long Points { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>Sets and locks a tier: <c>POST …/update_loyalty_tier/</c>. Without a body the tier is recalculated and a lock lifted.</summary>
public sealed record UpdateLoyaltyTierRequest
{
    /// <summary>The tier to set.</summary>
    /// <example>gold</example>
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

/// <summary>Adjusts points by hand: <c>POST …/add_loyalty_points/</c>.</summary>
public sealed record AddLoyaltyPointsRequest
{
    /// <summary>How many to add, at most 1 000 000; a negative number takes points away.</summary>
    /// <example>500</example>
    [Required, Range(-1_000_000, 1_000_000, ErrorMessage = "Must be a whole number other than 0, at most 1000000 either way.")]
    public long? Points { get; set; }

    /// <summary>Why; "Manual adjustment" by default.</summary>
    /// <example>Special promotion bonus</example>
    [StringLength(255)]
    public string? Reason { get; set; }
}

/// <summary>The answer of <c>add_loyalty_points</c>.</summary>
public sealed record AddLoyaltyPointsResponse
{
    /// <summary>What happened.</summary>
    /// <example>500 points added.</example>
    public required string Message { get; init; }

    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2950</example>
    public required long NewBalance { get; init; }

    /// <summary>Why.</summary>
    /// <example>Special promotion bonus</example>
    public required string Reason { get; init; }
}

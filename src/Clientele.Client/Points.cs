using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

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

/// <summary>Spends points: <c>POST …/redeem_loyalty_points/</c>.</summary>
public sealed record RedeemLoyaltyPointsRequest
{
    /// <summary>How many.</summary>
    /// <example>300</example>
    [Required, Range(1, 1_000_000_000, ErrorMessage = "Must be a whole number from 1 to 1000000000.")]
    public long? Points { get; set; }

    /// <summary>What for.</summary>
    /// <example>Voucher over 3.00 USD</example>
    [Required, StringLength(255)]
    public string? Reason { get; set; }

    /// <summary>The order that they pay for; it need not be known yet.</summary>
    /// <example>2025-1001</example>
    [StringLength(100)]
    public string? OrderNumber { get; set; }
}

/// <summary>The answer of <c>redeem_loyalty_points</c>.</summary>
public sealed record RedeemLoyaltyPointsResponse
{
    /// <summary>What happened.</summary>
    /// <example>300 points redeemed.</example>
    public required string Message { get; init; }

    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The entry of the ledger: what gives the redemption back names it.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>The points that were spent.</summary>
    /// <example>300</example>
    public required long Redeemed { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2650</example>
    public required long NewBalance { get; init; }
}

/// <summary>Gives a redemption back: <c>POST …/loyalty/entries/{entry_id}/reverse/</c>.</summary>
public sealed record ReverseLoyaltyEntryRequest
{
    /// <summary>Why.</summary>
    /// <example>The voucher was not used</example>
    [StringLength(255)]
    public string? Reason { get; set; }
}

/// <summary>The answer to a redemption that was given back.</summary>
public sealed record ReverseLoyaltyEntryResponse
{
    /// <summary>What happened.</summary>
    /// <example>300 points given back.</example>
    public required string Message { get; init; }

    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The entry that gave them back.</summary>
    /// <example>8</example>
    public required long EntryId { get; init; }

    /// <summary>The points that were given back.</summary>
    /// <example>300</example>
    public required long GivenBack { get; init; }

    /// <summary>The points that can be spent now: less than that more where a debt was repaid, or where points have expired meanwhile.</summary>
    /// <example>2950</example>
    public required long NewBalance { get; init; }
}

/// <summary>An entry of a customer's ledger. None is ever changed or removed.</summary>
public sealed record LoyaltyEntryResponse
{
    /// <summary>Its number: from 1, without gaps.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary><c>earn</c>, <c>adjust</c>, <c>redeem</c>, <c>reverse</c>, <c>expire</c>, <c>release</c> or <c>forfeit</c>.</summary>
    /// <example>redeem</example>
    public required string Kind { get; init; }

    /// <summary>How many: negative for what is taken.</summary>
    /// <example>-300</example>
    public required long Points { get; init; }

    /// <summary>What could be spent after it.</summary>
    /// <example>2650</example>
    public required long Balance { get; init; }

    /// <summary>What was owed after it.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>What it comes from.</summary>
    public required LoyaltySource Source { get; init; }

    /// <summary>Why, where somebody said so.</summary>
    /// <example>Voucher over 3.00 USD</example>
    public required string? Reason { get; init; }

    /// <summary>When.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the points that came with it expire; null for never, and where none came.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>What an entry comes from.</summary>
public sealed record LoyaltySource
{
    /// <summary>
    /// <c>order</c>, <c>adjustment</c>, <c>redemption</c> (for no particular order), <c>entry</c> (the one that is given back, or whose points are
    /// released or expire) or <c>erasure</c>.
    /// </summary>
    /// <example>order</example>
    public required string Type { get; init; }

    /// <summary>Which: the order's number, or that of an entry.</summary>
    /// <example>2025-1001</example>
    public required string Id { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>Adjusts points by hand: <c>POST …/add_loyalty_points/</c>. The service refuses members that it does not know.</summary>
[Strict]
public sealed record AddLoyaltyPointsRequest
{
    /// <summary>The number of points to add, at most 1 000 000; a negative number takes points away.</summary>
    /// <example>500</example>
    [Required, Range(-1_000_000, 1_000_000, ErrorMessage = "Must be a whole number from -1000000 to 1000000, but not 0.")]
    public long? Points { get; set; }

    /// <summary>The reason; "Manual adjustment" by default.</summary>
    /// <example>Special promotion bonus</example>
    [StringLength(255)]
    public string? Reason { get; set; }

    /// <summary>When the added points expire; the programme's date by default. Must be in the future, and only with points to add.</summary>
    /// <example>2999-12-31T00:00:00Z</example>
    public DateTime? ExpiresAt { get; set; }
}

/// <summary>The response of <c>add_loyalty_points</c>.</summary>
public sealed record AddLoyaltyPointsResponse
{
    /// <summary>What happened.</summary>
    /// <example>500 points added.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2950</example>
    public required long NewBalance { get; init; }

    /// <summary>The reason.</summary>
    /// <example>Special promotion bonus</example>
    public required string Reason { get; init; }
}

/// <summary>Spends points: <c>POST …/redeem_loyalty_points/</c>. The service refuses members that it does not know.</summary>
[Strict]
public sealed record RedeemLoyaltyPointsRequest
{
    /// <summary>The number of points.</summary>
    /// <example>300</example>
    [Required, Range(1, 1_000_000_000, ErrorMessage = "Must be a whole number from 1 to 1000000000.")]
    public long? Points { get; set; }

    /// <summary>What the points are spent on.</summary>
    /// <example>Voucher over 3.00 USD</example>
    [Required, StringLength(255)]
    public string? Reason { get; set; }

    /// <summary>The order that the points pay for; the service need not know it yet.</summary>
    /// <example>2025-1001</example>
    [StringLength(100)]
    public string? OrderNumber { get; set; }
}

/// <summary>The response of <c>redeem_loyalty_points</c>.</summary>
public sealed record RedeemLoyaltyPointsResponse
{
    /// <summary>What happened.</summary>
    /// <example>300 points redeemed.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The id of the ledger entry; use it to reverse the redemption.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>The number of points that were spent.</summary>
    /// <example>300</example>
    public required long Redeemed { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2650</example>
    public required long NewBalance { get; init; }
}

/// <summary>
/// Reverses a redemption, or a part of it: <c>POST …/loyalty/entries/{entry_id}/reverse/</c>. The service refuses members that it does not know.
/// </summary>
[Strict]
public sealed record ReverseLoyaltyEntryRequest
{
    /// <summary>The number of points to give back; everything that is left of the redemption by default.</summary>
    /// <example>1</example>
    [Range(1, 1_000_000_000, ErrorMessage = "Must be a whole number from 1 to 1000000000.")]
    public long? Points { get; set; }

    /// <summary>The reason.</summary>
    /// <example>The voucher was not used</example>
    [StringLength(255)]
    public string? Reason { get; set; }
}

/// <summary>The response to the reversal of a redemption.</summary>
public sealed record ReverseLoyaltyEntryResponse
{
    /// <summary>What happened.</summary>
    /// <example>300 points given back.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>The id of the ledger entry that gave the points back.</summary>
    /// <example>8</example>
    public required long EntryId { get; init; }

    /// <summary>The number of points that were given back.</summary>
    /// <example>300</example>
    public required long GivenBack { get; init; }

    /// <summary>The points that can be spent now. It grows by less than the points given back if some of them repaid a debt or have expired.</summary>
    /// <example>2950</example>
    public required long NewBalance { get; init; }
}

/// <summary>An entry of a customer's ledger. Entries are never changed or removed.</summary>
public sealed record LoyaltyEntryResponse
{
    /// <summary>The entry's number within the customer's ledger: from 1, without gaps.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary><c>earn</c>, <c>adjust</c>, <c>redeem</c>, <c>reverse</c>, <c>expire</c>, <c>release</c> or <c>forfeit</c>.</summary>
    /// <example>redeem</example>
    [OneOf(typeof(LoyaltyEntryKind))]
    public required string Kind { get; init; }

    /// <summary>The number of points; negative if points were taken.</summary>
    /// <example>-300</example>
    public required long Points { get; init; }

    /// <summary>The points that could be spent after the entry.</summary>
    /// <example>2650</example>
    public required long Balance { get; init; }

    /// <summary>The customer's debt after the entry.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>How many points of a redemption can still be given back; null for other entries.</summary>
    /// <example>200</example>
    public required long? Reversible { get; init; }

    /// <summary>The source of the entry.</summary>
    public required LoyaltySource Source { get; init; }

    /// <summary>The reason, if one was given.</summary>
    /// <example>Voucher over 3.00 USD</example>
    public required string? Reason { get; init; }

    /// <summary>When the entry was written.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the points that came with the entry expire; null if they never expire or no points came with it.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>The source of an entry.</summary>
public sealed record LoyaltySource
{
    /// <summary>
    /// <c>order</c>, <c>adjustment</c>, <c>redemption</c> (without a particular order), <c>entry</c> (the entry that is reversed, or whose points are
    /// released or expire) or <c>erasure</c>.
    /// </summary>
    /// <example>order</example>
    [OneOf(typeof(LoyaltySourceType))]
    public required string Type { get; init; }

    /// <summary>The number of the order or of the entry.</summary>
    /// <example>2025-1001</example>
    public required string Id { get; init; }
}

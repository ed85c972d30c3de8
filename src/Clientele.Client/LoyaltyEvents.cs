namespace Clientele.Client;

/// <summary>
/// The data of <c>points.earned</c>, <c>points.redeemed</c>, <c>points.adjusted</c>, <c>points.reversed</c>, <c>points.expired</c> and
/// <c>points.released</c>: the entry of the ledger.
/// </summary>
public sealed record PointsChangedData
{
    /// <summary>The entry's number in the customer's ledger.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>How many points came in; a negative number for points that went out.</summary>
    /// <example>-300</example>
    public required long Points { get; init; }

    /// <summary>The points that can be spent after the entry.</summary>
    /// <example>2150</example>
    public required long Balance { get; init; }

    /// <summary>Points that were taken back after they had been spent, and that later points repay first.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>Where the points come from, or what they were spent on.</summary>
    public required LoyaltySource Source { get; init; }

    /// <summary>When points that were added expire; null if they do not.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>The data of <c>points.expiring</c>: points that were added together, and that expire soon.</summary>
public sealed record PointsExpiringData
{
    /// <summary>The entry of the ledger that added the points.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>How many of them are left.</summary>
    /// <example>120</example>
    public required long Points { get; init; }

    /// <summary>When they expire.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>How many days before: 30 or 7, unless configured otherwise.</summary>
    /// <example>30</example>
    public required int Days { get; init; }
}

/// <summary>The data of <c>tier.changed</c>.</summary>
public sealed record TierChangedData
{
    /// <summary>The tier now.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The tier before.</summary>
    /// <example>silver</example>
    public required string PreviousTier { get; init; }

    /// <summary>Why it has changed, such as <c>order 1001</c> or <c>set by an admin</c>.</summary>
    /// <example>order 1001</example>
    public required string Cause { get; init; }
}

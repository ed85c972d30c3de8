using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>A customer's points and tiers, with all the records behind them.</summary>
public sealed record ExportedLoyalty
{
    /// <summary>The points that can be spent.</summary>
    /// <example>2450</example>
    public required long Available { get; init; }

    /// <summary>The points that are held back until the return period is over.</summary>
    /// <example>120</example>
    public required long Pending { get; init; }

    /// <summary>Points that were taken back after the customer had spent them.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The lock that an admin has put on the tier; null if there is none.</summary>
    public required TierLock? Lock { get; init; }

    /// <summary>The tiers that the customer has had, oldest first.</summary>
    public required IReadOnlyList<ExportedTier> Tiers { get; init; }

    /// <summary>The ledger, oldest entry first.</summary>
    public required IReadOnlyList<LoyaltyEntryResponse> Entries { get; init; }

    /// <summary>The lots: points that were added together, and how many of them are left.</summary>
    public required IReadOnlyList<LoyaltyLotResponse> Lots { get; init; }

    /// <summary>Which entries took points from which lots.</summary>
    public required IReadOnlyList<ExportedAllocation> Allocations { get; init; }

    /// <summary>How the customer's orders have earned points.</summary>
    public required IReadOnlyList<ExportedEarning> Orders { get; init; }
}

/// <summary>A tier of a customer and since when they had it.</summary>
public sealed record ExportedTier
{
    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string Tier { get; init; }

    /// <summary>Since when.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime From { get; init; }

    /// <summary>The reason.</summary>
    /// <example>order 1001</example>
    public required string Cause { get; init; }
}

/// <summary>The points that a ledger entry took from a lot or gave back to it.</summary>
public sealed record ExportedAllocation
{
    /// <summary>The entry.</summary>
    /// <example>8</example>
    public required long EntryId { get; init; }

    /// <summary>The lot, identified by the entry that added it.</summary>
    /// <example>7</example>
    public required long LotId { get; init; }

    /// <summary>The number of points; negative if they were given back.</summary>
    /// <example>63</example>
    public required long Points { get; init; }
}

/// <summary>How an order has earned points.</summary>
public sealed record ExportedEarning
{
    /// <summary>The order's number.</summary>
    /// <example>1001</example>
    public required string OrderNumber { get; init; }

    /// <summary>Points per unit of the store's currency.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal Rate { get; init; }

    /// <summary>The multiplier of the tier.</summary>
    /// <example>"1.5"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal Multiplier { get; init; }

    /// <summary>The points that the order is worth now.</summary>
    /// <example>163</example>
    public required long Points { get; init; }

    /// <summary>The points that a refund did not take back because they had already expired.</summary>
    /// <example>0</example>
    public required long Forgiven { get; init; }
}

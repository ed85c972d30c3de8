namespace Clientele.Client;

/// <summary>A lot: points that were added together.</summary>
public sealed record LoyaltyLotResponse
{
    /// <summary>The ledger entry that added the points.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>The order that earned the points; null if they were added by hand.</summary>
    /// <example>1001</example>
    public required string? OrderNumber { get; init; }

    /// <summary>The number of points in the lot at first.</summary>
    /// <example>163</example>
    public required long Points { get; init; }

    /// <summary>The number of points that are left.</summary>
    /// <example>100</example>
    public required long Rest { get; init; }

    /// <summary>The number of points that have expired.</summary>
    /// <example>0</example>
    public required long Expired { get; init; }

    /// <summary><c>pending</c>, <c>active</c> or <c>closed</c>.</summary>
    /// <example>active</example>
    [OneOf(typeof(LotState))]
    public required string State { get; init; }

    /// <summary>When the points were added.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Until when the points are held back; null if they never were.</summary>
    /// <example>2025-10-29T14:30:00Z</example>
    public required DateTime? AvailableAt { get; init; }

    /// <summary>When the points expire; null for never.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>Filters, page and ordering of a customer's lots.</summary>
public sealed record LoyaltyLotQuery : PageQuery
{
    /// <summary>The state: <c>pending</c>, <c>active</c> or <c>closed</c>.</summary>
    public string? State { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<LoyaltyLotOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("state", State);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum LoyaltyLotOrdering
{
    /// <summary>The oldest first.</summary>
    EntryId,

    /// <summary>The newest first.</summary>
    EntryIdDescending,

    /// <summary>The one that expires soonest first; lots that never expire come last.</summary>
    ExpiresAt,

    /// <summary>The one that expires last first; lots that never expire come last.</summary>
    ExpiresAtDescending,
}

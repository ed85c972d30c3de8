namespace Clientele.Client;

/// <summary>A period in which a customer had one tier.</summary>
public sealed record TierPeriodResponse
{
    /// <summary>The period's number: from 1 for each customer, the oldest first.</summary>
    /// <example>2</example>
    public required int Id { get; init; }

    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>When it began.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime From { get; init; }

    /// <summary>When it ended; null for the current tier.</summary>
    /// <example>null</example>
    public required DateTime? To { get; init; }

    /// <summary>Why it began, such as <c>order 1001</c> or the reason that an admin gave.</summary>
    /// <example>order 1001</example>
    public required string Cause { get; init; }
}

/// <summary>The page of a customer's tiers, and its size.</summary>
public sealed record TierPeriodQuery : PageQuery
{
    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<TierPeriodOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters) => parameters.AddOrdering(OrderBy);
}

/// <summary>The possible orderings of the list.</summary>
public enum TierPeriodOrdering
{
    /// <summary>The oldest first.</summary>
    Id,

    /// <summary>The newest first.</summary>
    IdDescending,
}

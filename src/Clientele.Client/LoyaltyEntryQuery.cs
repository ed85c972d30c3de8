namespace Clientele.Client;

/// <summary>Which entries of a customer's ledger, in what order. Filters can be combined; what is null does not filter.</summary>
public sealed record LoyaltyEntryQuery : PageQuery
{
    /// <summary>The kind: <c>earn</c>, <c>adjust</c>, <c>redeem</c>, <c>reverse</c>, <c>expire</c>, <c>release</c> or <c>forfeit</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Written at or after.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Written at or before.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>What to order by. By default the newest first.</summary>
    public IReadOnlyList<LoyaltyEntryOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("kind", Kind);
        parameters.Add("created_after", CreatedAfter);
        parameters.Add("created_before", CreatedBefore);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum LoyaltyEntryOrdering
{
    /// <summary>The oldest first.</summary>
    Id,

    /// <summary>The newest first.</summary>
    IdDescending,
}

namespace Clientele.Client;

/// <summary>Filters and ordering of a customer's ledger. Filters can be combined; null means no filter.</summary>
public sealed record LoyaltyEntryQuery : PageQuery
{
    /// <summary>The kind: <c>earn</c>, <c>adjust</c>, <c>redeem</c>, <c>reverse</c>, <c>expire</c>, <c>release</c> or <c>forfeit</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Written at or after this instant.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Written at or before this instant.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<LoyaltyEntryOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("kind", Kind);
        parameters.Add("created_after", CreatedAfter);
        parameters.Add("created_before", CreatedBefore);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum LoyaltyEntryOrdering
{
    /// <summary>The oldest first.</summary>
    Id,

    /// <summary>The newest first.</summary>
    IdDescending,
}

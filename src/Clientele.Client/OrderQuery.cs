namespace Clientele.Client;

/// <summary>Filters and ordering of a list of orders. Filters can be combined; null means no filter.</summary>
public sealed record OrderQuery : PageQuery
{
    /// <summary>
    /// The status: <c>pending</c>, <c>paid</c>, <c>processing</c>, <c>shipped</c>, <c>delivered</c>, <c>cancelled</c>,
    /// <c>partially_refunded</c> or <c>refunded</c>.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>The order with this number.</summary>
    public string? OrderNumber { get; init; }

    /// <summary>Orders whose number contains this text, regardless of case.</summary>
    public string? Search { get; init; }

    /// <summary>Placed at or after this instant.</summary>
    public DateTimeOffset? PlacedAfter { get; init; }

    /// <summary>Placed at or before this instant.</summary>
    public DateTimeOffset? PlacedBefore { get; init; }

    /// <summary>At least this total, in the order's currency.</summary>
    public decimal? MinTotal { get; init; }

    /// <summary>At most this total, in the order's currency.</summary>
    public decimal? MaxTotal { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<OrderOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("status", Status);
        parameters.Add("order_number", OrderNumber);
        parameters.Add("search", Search);
        parameters.Add("placed_after", PlacedAfter);
        parameters.Add("placed_before", PlacedBefore);
        parameters.Add("min_total", MinTotal);
        parameters.Add("max_total", MaxTotal);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum OrderOrdering
{
    /// <summary>The oldest first.</summary>
    PlacedAt,

    /// <summary>The newest first.</summary>
    PlacedAtDescending,
}

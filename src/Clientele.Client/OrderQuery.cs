namespace Clientele.Client;

/// <summary>Which of a customer's orders, in what order. Filters can be combined; what is null does not filter.</summary>
public sealed record OrderQuery : PageQuery
{
    /// <summary>The status: <c>pending</c>, <c>paid</c>, <c>processing</c>, <c>shipped</c>, <c>delivered</c>, <c>cancelled</c>, <c>partially_refunded</c> or <c>refunded</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Placed at or after.</summary>
    public DateTimeOffset? PlacedAfter { get; init; }

    /// <summary>Placed at or before.</summary>
    public DateTimeOffset? PlacedBefore { get; init; }

    /// <summary>At least this total, in the order's currency.</summary>
    public decimal? MinTotal { get; init; }

    /// <summary>At most this total, in the order's currency.</summary>
    public decimal? MaxTotal { get; init; }

    /// <summary>What to order by. By default the newest first.</summary>
    public IReadOnlyList<OrderOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("status", Status);
        parameters.Add("placed_after", PlacedAfter);
        parameters.Add("placed_before", PlacedBefore);
        parameters.Add("min_total", MinTotal);
        parameters.Add("max_total", MaxTotal);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum OrderOrdering
{
    /// <summary>The oldest first.</summary>
    PlacedAt,

    /// <summary>The newest first.</summary>
    PlacedAtDescending,
}

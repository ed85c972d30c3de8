namespace Clientele.Client;

/// <summary>Filters and ordering of the bulk jobs. Filters can be combined; null means no filter.</summary>
public sealed record BulkJobQuery : PageQuery
{
    /// <summary>The state: <c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string? State { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<BulkJobOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("state", State);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum BulkJobOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

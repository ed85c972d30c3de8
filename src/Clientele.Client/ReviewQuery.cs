namespace Clientele.Client;

/// <summary>Filters, page and ordering of a list of reviews.</summary>
public sealed record ReviewQuery : PageQuery
{
    /// <summary>The reviews of this product.</summary>
    public string? ProductId { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<ReviewOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("product_id", ProductId);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum ReviewOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

namespace Clientele.Client;

/// <summary>Filters, page and ordering of a wishlist.</summary>
public sealed record WishlistQuery : PageQuery
{
    /// <summary>The product with this id.</summary>
    public string? ProductId { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<WishlistOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("product_id", ProductId);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum WishlistOrdering
{
    /// <summary>The oldest first.</summary>
    AddedAt,

    /// <summary>The newest first.</summary>
    AddedAtDescending,
}

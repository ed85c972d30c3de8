namespace Clientele.Client;

/// <summary>Page and ordering of a wishlist.</summary>
public sealed record WishlistQuery : PageQuery
{
    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<WishlistOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
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

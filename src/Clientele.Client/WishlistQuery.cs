namespace Clientele.Client;

/// <summary>Which page of a wishlist, in what order.</summary>
public sealed record WishlistQuery : PageQuery
{
    /// <summary>What to order by. By default the newest first.</summary>
    public IReadOnlyList<WishlistOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum WishlistOrdering
{
    /// <summary>The oldest first.</summary>
    AddedAt,

    /// <summary>The newest first.</summary>
    AddedAtDescending,
}

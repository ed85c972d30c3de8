namespace Clientele.Client;

/// <summary>Page and ordering of a list of reviews.</summary>
public sealed record ReviewQuery : PageQuery
{
    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<ReviewOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
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

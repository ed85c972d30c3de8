namespace Clientele.Client;

/// <summary>Which page of a customer's reviews, in what order.</summary>
public sealed record ReviewQuery : PageQuery
{
    /// <summary>What to order by. By default the newest first.</summary>
    public IReadOnlyList<ReviewOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum ReviewOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

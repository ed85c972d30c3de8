namespace Clientele.Client;

/// <summary>Filters and ordering of a list of groups.</summary>
public sealed record GroupQuery : PageQuery
{
    /// <summary>Every term must occur in the name or the description.</summary>
    public string? Search { get; init; }

    /// <summary>The orderings, the most important first. Rows with equal values are ordered by id; missing values come last. Default: by name.</summary>
    public IReadOnlyList<GroupOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("search", Search);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum GroupOrdering
{
    /// <summary>By name, A to Z.</summary>
    Name,

    /// <summary>By name, Z to A.</summary>
    NameDescending,

    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,

    /// <summary>The smallest first.</summary>
    MembersCount,

    /// <summary>The largest first.</summary>
    MembersCountDescending,
}

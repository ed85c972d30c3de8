namespace Clientele.Client;

/// <summary>Which groups, in what order.</summary>
public sealed record GroupQuery : PageQuery
{
    /// <summary>Every term must occur in the name or the description.</summary>
    public string? Search { get; init; }

    /// <summary>What to order by, the most important first; ties are broken by id and missing values come last. By default by name.</summary>
    public IReadOnlyList<GroupOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("search", Search);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
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

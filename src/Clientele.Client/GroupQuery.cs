namespace Clientele.Client;

/// <summary>Filters and ordering of a list of groups.</summary>
public sealed record GroupQuery : PageQuery
{
    /// <summary>The group with this name, regardless of case.</summary>
    public string? Name { get; init; }

    /// <summary>Only groups whose rule decides, or only the others.</summary>
    public bool? AutoAssign { get; init; }

    /// <summary>Changed at or after this instant.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Changed at or before this instant.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>Every term must occur in the name or the description.</summary>
    public string? Search { get; init; }

    /// <summary>The orderings, the most important first. Rows with equal values are ordered by id; missing values come last. Default: by name.</summary>
    public IReadOnlyList<GroupOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("name", Name);
        parameters.Add("auto_assign", AutoAssign);
        parameters.Add("updated_after", UpdatedAfter);
        parameters.Add("updated_before", UpdatedBefore);
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

    /// <summary>The longest unchanged first.</summary>
    UpdatedAt,

    /// <summary>The most recently changed first.</summary>
    UpdatedAtDescending,

    /// <summary>The smallest first.</summary>
    MembersCount,

    /// <summary>The largest first.</summary>
    MembersCountDescending,
}

namespace Clientele.Client;

/// <summary>Filter, page and ordering of the list of API keys.</summary>
public sealed record ApiKeyQuery : PageQuery
{
    /// <summary>The key with this name.</summary>
    public string? Name { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<ApiKeyOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("name", Name);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum ApiKeyOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

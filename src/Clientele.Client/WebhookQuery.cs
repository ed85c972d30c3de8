namespace Clientele.Client;

/// <summary>Filter, page and ordering of the list of webhooks.</summary>
public sealed record WebhookQuery : PageQuery
{
    /// <summary>Whether events are sent; null for both.</summary>
    public bool? IsActive { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<WebhookOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("is_active", IsActive);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum WebhookOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

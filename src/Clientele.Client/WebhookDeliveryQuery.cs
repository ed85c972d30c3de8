namespace Clientele.Client;

/// <summary>Filters, page and ordering of the deliveries of a webhook. Filters can be combined; null means no filter.</summary>
public sealed record WebhookDeliveryQuery : PageQuery
{
    /// <summary>The state: one of <see cref="WebhookDeliveryState"/>.</summary>
    public string? State { get; init; }

    /// <summary>The type of event: one of <see cref="EventType"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the customer.</summary>
    public long? Customer { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<WebhookDeliveryOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("state", State);
        parameters.Add("type", Type);
        parameters.Add("customer", Customer);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum WebhookDeliveryOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

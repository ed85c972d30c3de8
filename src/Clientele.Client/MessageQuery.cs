namespace Clientele.Client;

/// <summary>Filters and ordering of the messages to customers. Filters can be combined; null means no filter.</summary>
public sealed record MessageQuery : PageQuery
{
    /// <summary>The state: <c>pending</c>, <c>sent</c> or <c>failed</c>.</summary>
    public string? State { get; init; }

    /// <summary>What the messages are about: one of <see cref="MessageTemplate"/>.</summary>
    public string? Template { get; init; }

    /// <summary>The id of the customer.</summary>
    public long? Customer { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<MessageOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("state", State);
        parameters.Add("template", Template);
        parameters.Add("customer", Customer);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum MessageOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,
}

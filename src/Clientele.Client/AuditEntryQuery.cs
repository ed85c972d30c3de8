namespace Clientele.Client;

/// <summary>Filters and ordering of a customer's audit trail. Filters can be combined; null means no filter.</summary>
public sealed record AuditEntryQuery : PageQuery
{
    /// <summary>The action: one of <see cref="AuditAction"/>, such as <c>customer.updated</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The id of the account that made the change.</summary>
    public long? Actor { get; init; }

    /// <summary>The role of the actor: <c>customer</c>, <c>admin</c>, <c>key</c>, <c>anonymous</c> or <c>command_line</c>.</summary>
    public string? Role { get; init; }

    /// <summary>The resource that changed, such as <c>address/456</c>.</summary>
    public string? Resource { get; init; }

    /// <summary>Changes at or after this instant.</summary>
    public DateTimeOffset? AtAfter { get; init; }

    /// <summary>Changes at or before this instant.</summary>
    public DateTimeOffset? AtBefore { get; init; }

    /// <summary>The ordering. Default: newest first.</summary>
    public IReadOnlyList<AuditEntryOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("action", Action);
        parameters.Add("actor", Actor);
        parameters.Add("role", Role);
        parameters.Add("resource", Resource);
        parameters.Add("at_after", AtAfter);
        parameters.Add("at_before", AtBefore);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum AuditEntryOrdering
{
    /// <summary>The oldest first.</summary>
    Id,

    /// <summary>The newest first.</summary>
    IdDescending,
}

namespace Clientele.Client;

/// <summary>Which entries of a customer's audit, in what order. Filters can be combined; what is null does not filter.</summary>
public sealed record AuditEntryQuery : PageQuery
{
    /// <summary>The action, such as <c>customer.updated</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The id of the account that did it.</summary>
    public long? Actor { get; init; }

    /// <summary>The role of the account that did it: <c>customer</c>, <c>admin</c>, <c>anonymous</c> or <c>command_line</c>.</summary>
    public string? Role { get; init; }

    /// <summary>What it was done to, such as <c>address/456</c>.</summary>
    public string? Resource { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? AtAfter { get; init; }

    /// <summary>At or before.</summary>
    public DateTimeOffset? AtBefore { get; init; }

    /// <summary>What to order by. By default the newest first.</summary>
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

/// <summary>What the list can be ordered by.</summary>
public enum AuditEntryOrdering
{
    /// <summary>The oldest first.</summary>
    Id,

    /// <summary>The newest first.</summary>
    IdDescending,
}

namespace Clientele.Client;

/// <summary>What connects a customer with a group: a membership, or the decision by hand against it.</summary>
public sealed record MembershipSummary
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The group's name.</summary>
    /// <example>Wholesale</example>
    public required string Name { get; init; }

    /// <summary>Whether a rule decides who is a member of the group.</summary>
    /// <example>true</example>
    public required bool AutoAssign { get; init; }

    /// <summary>Whether the customer is a member. A customer who was added by hand is not one while the account is inactive.</summary>
    /// <example>true</example>
    public required bool IsMember { get; init; }

    /// <summary>
    /// Why: <c>included</c> or <c>excluded</c> by hand, by the <c>rule</c>, or <c>kept</c> from a rule that was switched off.
    /// </summary>
    /// <example>rule</example>
    [OneOf(typeof(MemberOrigin))]
    public required string Origin { get; init; }

    /// <summary>When that was decided.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime ChangedAt { get; init; }

    /// <summary>The admin who decided it by hand; null for a rule, and for an API key.</summary>
    /// <example>null</example>
    public required long? ChangedBy { get; init; }

    /// <summary>When the customer entered; null if they are not a member.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime? EnteredAt { get; init; }

    /// <summary>What made the customer enter, such as <c>order</c>; null if they are not a member.</summary>
    /// <example>order</example>
    [OneOf(typeof(GroupChangeCause))]
    public required string? EnteredCause { get; init; }
}

/// <summary>Filters and ordering of a customer's groups. Filters can be combined; null means no filter.</summary>
public sealed record MembershipQuery : PageQuery
{
    /// <summary>Only memberships, or only decisions against one.</summary>
    public bool? IsMember { get; init; }

    /// <summary>The ordering. Default: by the group's id.</summary>
    public IReadOnlyList<MembershipOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("is_member", IsMember);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum MembershipOrdering
{
    /// <summary>By the group's id.</summary>
    Group,

    /// <summary>By the group's id, the newest group first.</summary>
    GroupDescending,
}

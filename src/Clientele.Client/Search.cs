namespace Clientele.Client;

/// <summary>What a search has found: at most eight of each, the best first.</summary>
public sealed record SearchResponse
{
    /// <summary>The customers.</summary>
    public required IReadOnlyList<CustomerSummary> Customers { get; init; }

    /// <summary>Whether there are more customers. The list of customers has all of them.</summary>
    /// <example>false</example>
    public required bool MoreCustomers { get; init; }

    /// <summary>The orders whose numbers begin or end like the text.</summary>
    public required IReadOnlyList<FoundOrder> Orders { get; init; }

    /// <summary>Whether there are more orders.</summary>
    /// <example>false</example>
    public required bool MoreOrders { get; init; }

    /// <summary>The groups.</summary>
    public required IReadOnlyList<FoundGroup> Groups { get; init; }

    /// <summary>Whether there are more groups. The list of groups has all of them.</summary>
    /// <example>false</example>
    public required bool MoreGroups { get; init; }
}

/// <summary>An order that a search has found.</summary>
public sealed record FoundOrder
{
    /// <summary>The order's number in the shop's order system.</summary>
    /// <example>1001</example>
    public required string OrderNumber { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>The customer's given and family name, or the username if both are empty.</summary>
    /// <example>John Doe</example>
    public required string CustomerName { get; init; }

    /// <summary>The status.</summary>
    /// <example>delivered</example>
    [OneOf(typeof(OrderStatus))]
    public required string Status { get; init; }

    /// <summary>The order's total.</summary>
    /// <example>"163.33"</example>
    public required decimal Total { get; init; }

    /// <summary>The currency of the total.</summary>
    /// <example>USD</example>
    public required string Currency { get; init; }

    /// <summary>When the order was placed.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime PlacedAt { get; init; }
}

/// <summary>A group that a search has found.</summary>
public sealed record FoundGroup
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>The name.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>Whether the rule decides who is a member.</summary>
    /// <example>false</example>
    public required bool AutoAssign { get; init; }

    /// <summary>How many members the group has.</summary>
    /// <example>1</example>
    public required long MembersCount { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>A group of customers and its benefits.</summary>
public sealed record GroupResponse
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>The name, unique regardless of case.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>What the group is for.</summary>
    /// <example>Top tier customers with exclusive benefits</example>
    public required string Description { get; init; }

    /// <summary>Whether the rule decides who is a member.</summary>
    /// <example>false</example>
    public required bool AutoAssign { get; init; }

    /// <summary>The rule. Admins only.</summary>
    /// <example>{}</example>
    [AdminOnly, Shape(typeof(RuleNode))]
    public JsonElement? AssignmentRules { get; init; }

    /// <summary>The members' discount in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether members get priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether members get free shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }

    /// <summary>How many members the group has.</summary>
    /// <example>1</example>
    public required long MembersCount { get; init; }

    /// <summary>The state of the evaluation: <c>building</c>, <c>ready</c> or <c>error</c>; null if no rule decides. Admins only.</summary>
    /// <example>ready</example>
    [AdminOnly]
    [OneOf(typeof(GroupState))]
    public string? State { get; init; }

    /// <summary>The share of all customers who are evaluated, in per cent; null if no rule decides. Admins only.</summary>
    /// <example>100</example>
    [AdminOnly]
    public int? Progress { get; init; }

    /// <summary>When all customers were last evaluated. Later changes are in the membership as well. Admins only.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    [AdminOnly]
    public DateTime? EvaluatedAt { get; init; }

    /// <summary>Why the rule cannot be evaluated; null if it can. Admins only.</summary>
    /// <example>null</example>
    [AdminOnly]
    public string? Error { get; init; }

    /// <summary>When it was created.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>The writable members of a group.</summary>
public sealed record GroupRequest
{
    /// <summary>The name, unique regardless of case.</summary>
    /// <example>VIP Gold Members</example>
    [Required, StringLength(100), OneLine]
    public string Name { get; set; } = "";

    /// <summary>What the group is for.</summary>
    /// <example>Top tier customers with exclusive benefits</example>
    [StringLength(2000)]
    public string Description { get; set; } = "";

    /// <summary>
    /// Whether the rule decides who is a member; requires a rule. A PUT without it does not change it. When it is switched off, the members stay; when it
    /// is switched on again, the rule decides about them again.
    /// </summary>
    /// <example>false</example>
    public bool AutoAssign { get; set; }

    /// <summary>The rule, a JSON object; an empty object, <c>{}</c>, means no rule. A PUT without it does not change it.</summary>
    /// <example>{}</example>
    [Shape(typeof(RuleNode))]
    public JsonElement? AssignmentRules { get; set; }

    /// <summary>
    /// Instead of a rule: the query string of a list of customers. Its filters are stored as the equivalent rule. It must not use
    /// <c>search</c>, <c>ids</c>, <c>uuid</c>, <c>updated_after</c> or <c>updated_before</c>.
    /// </summary>
    /// <example>null</example>
    [StringLength(4000)]
    public string? FromFilters { get; set; }

    /// <summary>The members' discount in per cent, 0 to 100 with at most two decimal places.</summary>
    /// <example>15.00</example>
    [Range(0.0, 100.0, ErrorMessage = "Must be between 0 and 100.")]
    public decimal DiscountPercentage { get; set; }

    /// <summary>Whether members get priority support.</summary>
    /// <example>true</example>
    public bool PrioritySupport { get; set; }

    /// <summary>Whether members get free shipping.</summary>
    /// <example>true</example>
    public bool FreeShipping { get; set; }
}

/// <summary>The customers of a membership action, in one of the two members.</summary>
public sealed record MembersRequest
{
    /// <summary>One customer.</summary>
    /// <example>123</example>
    public long? CustomerId { get; set; }

    /// <summary>Up to 1000 customers.</summary>
    [MaxLength(1000, ErrorMessage = "At most 1000 customers at a time.")]
    public IReadOnlyList<long>? CustomerIds { get; set; }
}

/// <summary>The response to a membership action on one customer.</summary>
public sealed record MembershipResponse
{
    /// <summary>What happened.</summary>
    /// <example>Customer added to the group.</example>
    public required string Message { get; init; }

    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>False if the action changed nothing.</summary>
    /// <example>true</example>
    public required bool Changed { get; init; }
}

/// <summary>The response to a membership action on several customers.</summary>
public sealed record MembershipsResponse
{
    /// <summary>What happened.</summary>
    /// <example>2 customers added to the group.</example>
    public required string Message { get; init; }

    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The number of customers whose membership changed.</summary>
    /// <example>2</example>
    public required int Changed { get; init; }

    /// <summary>The number of customers without a change.</summary>
    /// <example>0</example>
    public required int Unchanged { get; init; }
}

/// <summary>Who entered and left a group, in the order that was asked for.</summary>
public sealed record GroupChangesResponse
{
    /// <summary>The changes.</summary>
    public required IReadOnlyList<GroupChange> Results { get; init; }

    /// <summary>
    /// Continues after these changes, now or later. It skips no change, however late that is committed. With the newest first, it continues with
    /// earlier changes.
    /// </summary>
    /// <example>NS4xMg</example>
    public required string Cursor { get; init; }

    /// <summary>Whether more changes are already available.</summary>
    /// <example>false</example>
    public required bool More { get; init; }
}

/// <summary>The possible orderings of the changes of a group.</summary>
public enum GroupChangeOrdering
{
    /// <summary>The oldest first.</summary>
    At,

    /// <summary>The newest first.</summary>
    AtDescending,
}

/// <summary>One change: a customer entered a group or left it.</summary>
public sealed record GroupChange
{
    /// <summary>The customer's id, even if the customer was erased.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary><c>entered</c> or <c>left</c>.</summary>
    /// <example>entered</example>
    [OneOf(typeof(GroupChangeKind))]
    public required string Change { get; init; }

    /// <summary>When the service detected the change.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>
    /// Why: <c>by_hand</c>, <c>rule</c> (it changed, or all customers were evaluated), <c>clock</c> (time has passed), <c>group</c> (members of another
    /// group), <c>registered</c>, <c>erased</c>, <c>profile</c>, <c>order</c>, <c>points</c>, <c>tier</c>, <c>address</c>,
    /// <c>review</c>, <c>wishlist</c> or <c>login</c>.
    /// </summary>
    /// <example>order</example>
    [OneOf(typeof(GroupChangeCause))]
    public required string Cause { get; init; }
}

/// <summary>The combined benefits of a customer's tier and groups.</summary>
public sealed record BenefitsResponse
{
    /// <summary>The highest discount of the tier and the groups, in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether the tier or a group gives priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether the tier or a group gives free shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }

    /// <summary>Whether the tier or a group gives VIP access.</summary>
    /// <example>false</example>
    public required bool VipAccess { get; init; }

    /// <summary>The tier and the groups that give at least one benefit.</summary>
    public required IReadOnlyList<BenefitSource> Sources { get; init; }
}

/// <summary>A tier or a group, and its benefits.</summary>
public sealed record BenefitSource
{
    /// <summary><c>tier</c> or <c>group</c>.</summary>
    /// <example>group</example>
    [OneOf(typeof(BenefitSourceType))]
    public required string Type { get; init; }

    /// <summary>The group's id; null for a tier.</summary>
    /// <example>5</example>
    public required long? Id { get; init; }

    /// <summary>The name of the tier or group.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>Its discount in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether it gives priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether it gives free shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }

    /// <summary>Whether it gives VIP access.</summary>
    /// <example>false</example>
    public required bool VipAccess { get; init; }
}

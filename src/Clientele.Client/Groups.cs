using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>A group of customers and what its members get.</summary>
public sealed record GroupResponse
{
    /// <summary>The group's number.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>The name, unique without regard to case.</summary>
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
    [AdminOnly]
    public JsonElement? AssignmentRules { get; init; }

    /// <summary>The members' discount in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether members are served first.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether members pay no shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }

    /// <summary>How many members the group has.</summary>
    /// <example>1</example>
    public required long MembersCount { get; init; }

    /// <summary>How far the evaluation is: <c>building</c>, <c>ready</c> or <c>error</c>; null where no rule decides. Admins only.</summary>
    /// <example>ready</example>
    [AdminOnly]
    public string? State { get; init; }

    /// <summary>How much of the base is evaluated, in per cent; null where no rule decides. Admins only.</summary>
    /// <example>100</example>
    [AdminOnly]
    public int? Progress { get; init; }

    /// <summary>When the whole base was last evaluated. What changed since then is in the membership, too. Admins only.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    [AdminOnly]
    public DateTime? EvaluatedAt { get; init; }

    /// <summary>Why the rule cannot be evaluated, where that is so. Admins only.</summary>
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
    /// <summary>The name, unique without regard to case.</summary>
    /// <example>VIP Gold Members</example>
    [Required, StringLength(100)]
    public string Name { get; set; } = "";

    /// <summary>What the group is for.</summary>
    /// <example>Top tier customers with exclusive benefits</example>
    [StringLength(2000)]
    public string Description { get; set; } = "";

    /// <summary>Whether the rule decides who is a member; needs a rule.</summary>
    /// <example>false</example>
    public bool AutoAssign { get; set; }

    /// <summary>The rule, a JSON object; <c>{}</c> is no rule.</summary>
    /// <example>{}</example>
    public JsonElement? AssignmentRules { get; set; }

    /// <summary>In place of the rule: the query string of a customers list, whose filters are kept as the rule they mean. <c>search</c> and <c>ids</c> cannot be kept.</summary>
    /// <example>null</example>
    [StringLength(4000)]
    public string? FromFilters { get; set; }

    /// <summary>The members' discount in per cent, 0 to 100 with at most two places.</summary>
    /// <example>15.00</example>
    [Range(0.0, 100.0, ErrorMessage = "Must be between 0 and 100.")]
    public decimal DiscountPercentage { get; set; }

    /// <summary>Whether members are served first.</summary>
    /// <example>true</example>
    public bool PrioritySupport { get; set; }

    /// <summary>Whether members pay no shipping.</summary>
    /// <example>true</example>
    public bool FreeShipping { get; set; }
}

/// <summary>Names the customers of a membership action: one of the two members.</summary>
public sealed record MembersRequest
{
    /// <summary>One customer.</summary>
    /// <example>123</example>
    public long? CustomerId { get; set; }

    /// <summary>Up to 1000 customers.</summary>
    [MaxLength(1000, ErrorMessage = "At most 1000 customers at a time.")]
    public IReadOnlyList<long>? CustomerIds { get; set; }
}

/// <summary>The answer of a membership action on one customer.</summary>
public sealed record MembershipResponse
{
    /// <summary>What happened.</summary>
    /// <example>Customer added to the group.</example>
    public required string Message { get; init; }

    /// <summary>The group's number.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>False where it was so already.</summary>
    /// <example>true</example>
    public required bool Changed { get; init; }
}

/// <summary>The answer of a membership action on several customers.</summary>
public sealed record MembershipsResponse
{
    /// <summary>What happened.</summary>
    /// <example>2 customers added to the group.</example>
    public required string Message { get; init; }

    /// <summary>The group's number.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>How many changed.</summary>
    /// <example>2</example>
    public required int Changed { get; init; }

    /// <summary>How many were so already.</summary>
    /// <example>0</example>
    public required int Unchanged { get; init; }
}

/// <summary>Who entered and left a group, oldest first.</summary>
public sealed record GroupChangesResponse
{
    /// <summary>The changes.</summary>
    public required IReadOnlyList<GroupChange> Results { get; init; }

    /// <summary>Goes on after these changes, now or later: it skips none, however late it was committed.</summary>
    /// <example>NS4xMg</example>
    public required string Cursor { get; init; }

    /// <summary>Whether there are more changes already.</summary>
    /// <example>false</example>
    public required bool More { get; init; }
}

/// <summary>That a customer entered a group, or left it.</summary>
public sealed record GroupChange
{
    /// <summary>The customer's number, also of one who was erased.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary><c>entered</c> or <c>left</c>.</summary>
    /// <example>entered</example>
    public required string Change { get; init; }

    /// <summary>When the service found it to be so.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>
    /// Why: <c>by_hand</c>, <c>rule</c> (it changed, or everybody was evaluated), <c>clock</c> (only time went by), <c>group</c> (members of another
    /// group), <c>registered</c>, <c>erased</c>, <c>profile</c>, <c>order</c>, <c>points</c>, <c>tier</c>, <c>address</c>, <c>review</c>, <c>wishlist</c> or <c>login</c>.
    /// </summary>
    /// <example>order</example>
    public required string Cause { get; init; }
}

/// <summary>What a customer's tier and groups add up to.</summary>
public sealed record BenefitsResponse
{
    /// <summary>The highest discount of all sources, in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether any source gives priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether any source gives free shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }

    /// <summary>Whether any source gives VIP access.</summary>
    /// <example>false</example>
    public required bool VipAccess { get; init; }

    /// <summary>The tier and the groups that give something.</summary>
    public required IReadOnlyList<BenefitSource> Sources { get; init; }
}

/// <summary>A tier or a group, and what it gives.</summary>
public sealed record BenefitSource
{
    /// <summary><c>tier</c> or <c>group</c>.</summary>
    /// <example>group</example>
    public required string Type { get; init; }

    /// <summary>The group's number; null for a tier.</summary>
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

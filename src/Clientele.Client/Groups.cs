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

using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// A change of a group: what is assigned is sent, null included; what is not stays as it is.
/// <code>await client.Groups.UpdateAsync(5, new GroupPatch { DiscountPercentage = 12.5m });</code>
/// </summary>
public sealed class GroupPatch : MergePatch
{
    /// <summary>The name, unique without regard to case.</summary>
    public string? Name
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>What the group is for.</summary>
    public string? Description
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>Whether the rule decides who is a member.</summary>
    public bool? AutoAssign
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>The rule as a whole, a JSON object; null for no rule.</summary>
    public JsonElement? AssignmentRules
    {
        get => Get<JsonElement?>();
        set => Set(value);
    }

    /// <summary>In place of the rule: the query string of a customers list, whose filters are kept as the rule they mean.</summary>
    public string? FromFilters
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The members' discount in per cent, 0 to 100 with at most two places.</summary>
    public decimal? DiscountPercentage
    {
        get => Get<decimal?>();
        set => Set(value);
    }

    /// <summary>Whether members are served first.</summary>
    public bool? PrioritySupport
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether members pay no shipping.</summary>
    public bool? FreeShipping
    {
        get => Get<bool?>();
        set => Set(value);
    }
}

using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// A change of a group: properties that are assigned are sent, including null; the others do not change.
/// <code>await client.Groups.UpdateAsync(5, new GroupPatch { DiscountPercentage = 12.5m });</code>
/// </summary>
public sealed class GroupPatch : MergePatch
{
    /// <summary>The name, unique regardless of case.</summary>
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

    /// <summary>The whole rule, a JSON object; null for no rule.</summary>
    public JsonElement? AssignmentRules
    {
        get => Get<JsonElement?>();
        set => Set(value);
    }

    /// <summary>Instead of a rule: the query string of a list of customers. Its filters are stored as the equivalent rule.</summary>
    public string? FromFilters
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The members' discount in per cent, 0 to 100 with at most two decimal places.</summary>
    public decimal? DiscountPercentage
    {
        get => Get<decimal?>();
        set => Set(value);
    }

    /// <summary>Whether members get priority support.</summary>
    public bool? PrioritySupport
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether members get free shipping.</summary>
    public bool? FreeShipping
    {
        get => Get<bool?>();
        set => Set(value);
    }
}

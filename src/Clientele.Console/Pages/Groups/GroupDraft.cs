using System.Globalization;
using System.Text.Json;
using Clientele.Client;
using Clientele.ConsoleApp.Rules;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Groups;

/// <summary>The members of a group while somebody edits them. A form that edits some of them leaves the others as they were read.</summary>
internal sealed class GroupDraft
{
    public static readonly IReadOnlyList<DraftMember<GroupDraft, GroupPatch>> Members =
    [
        new("name", "Name", d => d.Name, (from, to) => to.Name = from.Name, (_, d, p) => p.Name = d.Name),
        new("description", "Description", d => d.Description, (from, to) => to.Description = from.Description, (_, d, p) => p.Description = d.Description),
        new("discount_percentage", "Discount", d => d.Discount.ToString("0.##", CultureInfo.CurrentCulture), (from, to) => to.Discount = from.Discount,
            (_, d, p) => p.DiscountPercentage = d.Discount),
        new("free_shipping", "Free shipping", d => Show(d.FreeShipping), (from, to) => to.FreeShipping = from.FreeShipping,
            (_, d, p) => p.FreeShipping = d.FreeShipping),
        new("priority_support", "Priority support", d => Show(d.PrioritySupport), (from, to) => to.PrioritySupport = from.PrioritySupport,
            (_, d, p) => p.PrioritySupport = d.PrioritySupport),
        new("auto_assign", "Members by rule", d => Show(d.AutoAssign), (from, to) => to.AutoAssign = from.AutoAssign,
            (_, d, p) => p.AutoAssign = d.AutoAssign),
        new("assignment_rules", "Rule", d => Show(d.Rule), (from, to) => to.Rule = from.Rule, (_, d, p) => p.AssignmentRules = d.Rule),
    ];

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public decimal Discount { get; set; }

    public bool FreeShipping { get; set; }

    public bool PrioritySupport { get; set; }

    public bool AutoAssign { get; set; }

    public JsonElement? Rule { get; set; }

    public static GroupDraft Of(GroupResponse group) => new()
    {
        Name = group.Name,
        Description = group.Description,
        Discount = group.DiscountPercentage,
        FreeShipping = group.FreeShipping,
        PrioritySupport = group.PrioritySupport,
        AutoAssign = group.AutoAssign,
        Rule = group.AssignmentRules,
    };

    public bool DiffersFrom(GroupDraft other) => DraftMembers.Differ(Members, other, this);

    public static bool RuleDiffers(GroupDraft one, GroupDraft other) => Show(one.Rule) != Show(other.Rule);

    public GroupPatch PatchOf(GroupDraft basis) => DraftMembers.Patch(Members, basis, this);

    public GroupRequest ToRequest() => new()
    {
        Name = Name,
        Description = Description,
        DiscountPercentage = Discount,
        FreeShipping = FreeShipping,
        PrioritySupport = PrioritySupport,
        AutoAssign = AutoAssign,
        AssignmentRules = Rule,
    };

    private static string Show(bool value) => value ? "yes" : "no";

    /// <summary>The rule as the builder writes it: rules that differ in their white space only are equal.</summary>
    private static string Show(JsonElement? rule) => rule is { } given ? RuleTree.Of(given).ToReadableJson() : "";
}

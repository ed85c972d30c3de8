using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Groups;

/// <summary>What a group is and gives, for people.</summary>
internal static class GroupText
{
    public static string State(GroupResponse group) => group.State switch
    {
        GroupState.Building => $"Evaluating, {Wording.Percent(group.Progress ?? 0)}",
        GroupState.Error => "Cannot be evaluated",
        GroupState.Ready => "Up to date",
        _ => "–",
    };

    public static string Benefits(GroupResponse group)
    {
        string?[] benefits =
        [
            group.DiscountPercentage > 0 ? $"{Wording.Percent(group.DiscountPercentage)} discount" : null,
            group.FreeShipping ? "free shipping" : null,
            group.PrioritySupport ? "priority support" : null,
        ];
        return string.Join(", ", benefits.OfType<string>()) is { Length: > 0 } text ? text : "–";
    }

    public static string Cause(string cause) => cause switch
    {
        GroupChangeCause.ByHand => "by hand",
        GroupChangeCause.Rule => "the rule",
        GroupChangeCause.Clock => "time passed",
        GroupChangeCause.Group => "another group",
        GroupChangeCause.Registered => "registration",
        GroupChangeCause.Erased => "erasure",
        _ => cause.Replace('_', ' '),
    };
}

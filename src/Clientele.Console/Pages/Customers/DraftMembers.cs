using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>Compares what two people have made of one version.</summary>
internal static class DraftMembers
{
    /// <summary>The members that both have changed, and in different ways. What only one of them has changed is no conflict.</summary>
    public static IReadOnlyList<ConflictRow> Conflicts<TDraft, TPatch>(
        IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine, TDraft theirs) =>
        [.. In(members, basis, mine, theirs).Select(member => new ConflictRow(member.Label, member.Show(mine), member.Show(theirs)))];

    /// <summary>Takes over what the other person has saved, except for what only this page has changed.</summary>
    public static void TakeTheirs<TDraft, TPatch>(IReadOnlyList<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine, TDraft theirs)
    {
        foreach (var member in members.Where(member => !member.Differs(basis, mine) || member.Differs(basis, theirs)))
        {
            member.Copy(theirs, mine);
        }
    }

    private static IEnumerable<DraftMember<TDraft, TPatch>> In<TDraft, TPatch>(
        IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine, TDraft theirs) =>
        members.Where(member => member.Differs(basis, mine) && member.Differs(basis, theirs) && member.Differs(mine, theirs));
}

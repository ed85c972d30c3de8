namespace Clientele.ConsoleApp.Shared;

/// <summary>Compares what two people have made of one version, and makes a patch of what one of them has changed.</summary>
internal static class DraftMembers
{
    /// <summary>Whether a draft changes something of a version.</summary>
    public static bool Differ<TDraft, TPatch>(IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine) =>
        members.Any(member => member.Differs(basis, mine));

    /// <summary>What a draft changes of a version, and nothing else: members that somebody else has changed meanwhile stay as they are.</summary>
    public static TPatch Patch<TDraft, TPatch>(IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine)
        where TPatch : new()
    {
        var patch = new TPatch();
        foreach (var member in members.Where(member => member.Differs(basis, mine)))
        {
            member.Assign(basis, mine, patch);
        }

        return patch;
    }

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

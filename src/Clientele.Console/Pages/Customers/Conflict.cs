namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>A member that two people have changed in different ways, and whose value is to be saved.</summary>
internal sealed class Conflict(string name, string label, string mine, string theirs, bool keepsMine)
{
    public string Name => name;

    public string Label => label;

    public string Mine => mine;

    public string Theirs => theirs;

    /// <summary>Whether the value of this page is kept; otherwise the stored one.</summary>
    public bool KeepsMine { get; set; } = keepsMine;

    /// <summary>
    /// The members in which a draft differs from the version that somebody else has saved meanwhile. What this page has not changed follows the saved version
    /// unless somebody decides otherwise.
    /// </summary>
    public static List<Conflict> Between<TDraft, TPatch>(IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft basis, TDraft mine, TDraft theirs) =>
        [.. members.Where(member => member.Differs(mine, theirs))
            .Select(member => new Conflict(member.Name, member.Label, member.Show(mine), member.Show(theirs), member.Differs(basis, mine)))];

    /// <summary>Takes over the stored values that were chosen.</summary>
    public static void Settle<TDraft, TPatch>(
        IEnumerable<Conflict> conflicts, IEnumerable<DraftMember<TDraft, TPatch>> members, TDraft mine, TDraft theirs)
    {
        var taken = conflicts.Where(conflict => !conflict.KeepsMine).Select(conflict => conflict.Name).ToHashSet();
        foreach (var member in members.Where(member => taken.Contains(member.Name)))
        {
            member.Copy(theirs, mine);
        }
    }
}

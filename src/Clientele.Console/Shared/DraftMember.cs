namespace Clientele.ConsoleApp.Shared;

/// <summary>A member that a form edits.</summary>
/// <param name="Name">The name in the API.</param>
/// <param name="Label">The name on the page.</param>
/// <param name="Show">The value as text; equal texts are equal values.</param>
/// <param name="Copy">Copies the value from the first draft to the second.</param>
/// <param name="Assign">Writes the value of the second draft into the patch; the first one is the version that the change is based on.</param>
internal sealed record DraftMember<TDraft, TPatch>(
    string Name, string Label, Func<TDraft, string> Show, Action<TDraft, TDraft> Copy, Action<TDraft, TDraft, TPatch> Assign)
{
    public bool Differs(TDraft one, TDraft other) => !string.Equals(Show(one), Show(other), StringComparison.Ordinal);
}

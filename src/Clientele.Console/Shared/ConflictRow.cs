namespace Clientele.ConsoleApp.Shared;

/// <summary>One member in two versions of a resource.</summary>
/// <param name="Label">The name of the member, as the form shows it.</param>
/// <param name="Mine">What the person has typed.</param>
/// <param name="Theirs">What somebody else has saved in the meantime.</param>
public sealed record ConflictRow(string Label, string? Mine, string? Theirs);

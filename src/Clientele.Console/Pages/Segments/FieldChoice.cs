using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Segments;

/// <summary>A field that a condition can be about.</summary>
/// <param name="Relation">The rows that the field is of; null for the customer's own.</param>
/// <param name="Field">The field.</param>
/// <param name="IsFirst">Whether it is the first of its noun in the list.</param>
public sealed record FieldChoice(string? Relation, RuleField Field, bool IsFirst = false);

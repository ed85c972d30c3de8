using Clientele.Client;
using Clientele.ConsoleApp.Rules;

namespace Clientele.ConsoleApp.Pages.Segments;

/// <summary>What the builder begins with.</summary>
/// <param name="Terms">What rules can be made of.</param>
/// <param name="Group">The saved group; null for a new one.</param>
/// <param name="Rule">The rule of a new one, as JSON.</param>
/// <param name="Name">The name of a new one.</param>
public sealed record SegmentSources(RuleTerms Terms, Versioned<GroupResponse>? Group, string? Rule, string? Name);

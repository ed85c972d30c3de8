using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>The current members of another group.</summary>
public sealed class RuleMembership(JsonObject members) : RulePart(members)
{
    public RuleMembership()
        : this(new JsonObject { ["in_group"] = null })
    {
    }

    public long? Group => Number("in_group");

    public void ChangeGroup(long? group) => Set("in_group", group);

    public override string? Unfinished(RuleTerms terms) => Members["in_group"] is null ? "Choose a group." : null;
}

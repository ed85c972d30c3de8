using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>JSON that is no node that the console knows. It is kept as it is.</summary>
public sealed class RuleRaw(JsonNode? json) : RulePart([])
{
    public override JsonNode? ToJson() => json?.DeepClone();
}

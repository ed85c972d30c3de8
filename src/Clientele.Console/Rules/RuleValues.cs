using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>The values of conditions, in the form that the operator takes.</summary>
public static class RuleValues
{
    /// <summary>Changes the operator of a condition or aggregate. The value stays as far as it fits.</summary>
    public static void ChangeOp(JsonObject condition, string op, RuleTerms terms, RuleField? field)
    {
        var (before, after) = (terms.Form(RulePart.TextOf(condition["op"]) ?? ""), terms.Form(op));
        var value = condition["value"];
        condition.Remove("value");
        condition["op"] = op;
        var fitting = (before, after) switch
        {
            (_, RuleValueForm.None) => null,
            _ when before == after => value,
            (RuleValueForm.Value, RuleValueForm.List) when value is not null => new JsonArray(value),
            (RuleValueForm.List, RuleValueForm.Value) when value is JsonArray { Count: > 0 } list => list[0],
            (RuleValueForm.Value, RuleValueForm.Pair) => new JsonArray(value, null),
            (RuleValueForm.Pair, RuleValueForm.Value) when value is JsonArray { Count: > 0 } pair => pair[0],
            _ => Initial(after, field),
        };
        if (fitting is not null)
        {
            condition["value"] = fitting.Parent is null ? fitting : fitting.DeepClone();
        }
    }

    /// <summary>The value that a new condition begins with; null if it has to be entered.</summary>
    public static JsonNode? Initial(string form, RuleField? field) => form switch
    {
        RuleValueForm.Span => Span(30, RuleUnit.Day),
        RuleValueForm.List => new JsonArray(),
        RuleValueForm.Pair => new JsonArray(null, null),
        RuleValueForm.Value when field?.Type == RuleFieldType.Boolean => true,
        _ => null,
    };

    public static JsonObject Span(int count, string unit) => new() { ["n"] = count, ["unit"] = unit };

    public static bool IsUnfinished(string form, JsonNode? value) => form switch
    {
        RuleValueForm.None => false,
        RuleValueForm.Pair => value is not JsonArray pair || pair.Count < 2 || pair.Any(IsBlank),
        _ => IsBlank(value),
    };

    private static bool IsBlank(JsonNode? value) => value is null || (RulePart.TextOf(value) is { } text && string.IsNullOrWhiteSpace(text));
}

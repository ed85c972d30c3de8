using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A node of an explained rule in words: what it asks for, and what the customer has.</summary>
public static class RuleExplanation
{
    /// <summary>What a node asks for, in the words of the sentence about the rule. A block does not repeat its children.</summary>
    public static string Of(ExplainedNode node, RuleTerms terms, CultureInfo culture)
    {
        var root = RuleTree.Of(node.Node).Root;
        return root is null ? "Always true"
            : node.Children.Count > 0 && root is RuleBlock or RuleRaw ? Block(node.Node)
            : RuleWords.Capital(RuleSentence.Of(root, terms, culture));
    }

    /// <summary>The customer's data that the node was compared with; null if it only combines others.</summary>
    public static string? Actual(ExplainedNode node, RuleTerms terms, CultureInfo culture)
    {
        if (node.Actual is not { ValueKind: JsonValueKind.Object } actual)
        {
            return null;
        }

        var root = RuleTree.Of(node.Node).Root;
        var compared = root is RuleRows { Having: { } having } rows
            ? terms.Field(rows.Relation, RulePart.TextOf(having["of"]))
            : terms.Field(null, (root as RuleCondition)?.Field);
        var values = new RuleValueText(terms, culture);
        return string.Join(" · ", actual.EnumerateObject().Select(member => Has(member.Name, JsonNode.Parse(member.Value.GetRawText()), compared, values)));
    }

    private static string Block(JsonElement node) =>
        node.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name is "all" or "any" or "none" or "not") switch
        {
            "all" => "All of these",
            "any" => "At least one of these",
            "none" => "None of these",
            "not" => "Not this",
            _ => "A node",
        };

    private static string Has(string name, JsonNode? value, RuleField? compared, RuleValueText values) => (name, value) switch
    {
        ("value", null) => "has no value",
        ("value", JsonArray list) => $"has {values.List(list, compared, "and")}",
        ("value", _) when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => values.One(value, compared),
        ("value", _) => $"has {values.One(value, compared)}",
        ("rows", _) => $"finds {values.One(value, null)}",
        (_, null) => $"{RuleWords.Figure(name)}: none",
        _ => $"{RuleWords.Figure(name)}: {values.One(value, name is "count" or "count_distinct" ? null : compared)}",
    };
}

using System.Globalization;
using System.Text.Json;
using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>A node of an explained rule, without its children, and the customer's data as text.</summary>
internal static class ExplainedText
{
    public static string Of(JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return node.ToString();
        }

        return node.TryGetProperty("field", out var field) ? $"{Wording.Label(field.GetString())} {Comparison(node)}"
            : node.TryGetProperty("related", out var related) ? Rows(related.GetString()!, node)
            : node.TryGetProperty("in_group", out var group) ? $"Is in group {group}"
            : node.TryGetProperty("all", out _) ? "All of these"
            : node.TryGetProperty("any", out _) ? "At least one of these"
            : node.TryGetProperty("none", out _) ? "None of these"
            : node.TryGetProperty("not", out _) ? "Not this"
            : "No condition";
    }

    /// <summary>The customer's data that a node was compared with; null if it only combines others.</summary>
    public static string? Actual(JsonElement? actual)
    {
        if (actual is not { ValueKind: JsonValueKind.Object } values)
        {
            return null;
        }

        return string.Join(", ", values.EnumerateObject().Select(pair => pair.Name switch
        {
            "value" => pair.Value.ValueKind == JsonValueKind.Null ? "it is missing" : $"it is {Text(pair.Value)}",
            "rows" => $"{Text(pair.Value)} rows",
            _ => $"{Wording.Words(pair.Name)} {Text(pair.Value)}",
        }));
    }

    private static string Comparison(JsonElement node)
    {
        var op = node.TryGetProperty("op", out var name) ? name.GetString() ?? "" : "";
        var value = node.TryGetProperty("value", out var given) ? Text(given) : "";
        return $"{Operator(op)} {value}".TrimEnd();
    }

    private static string Operator(string op) => op switch
    {
        RuleOperatorName.Eq => "is",
        RuleOperatorName.Ne => "is not",
        RuleOperatorName.Lt => "is less than",
        RuleOperatorName.Lte => "is at most",
        RuleOperatorName.Gt => "is more than",
        RuleOperatorName.Gte => "is at least",
        RuleOperatorName.In => "is one of",
        RuleOperatorName.NotIn => "is none of",
        RuleOperatorName.IsSet => "has a value",
        RuleOperatorName.IsMissing => "has no value",
        RuleOperatorName.Between => "is between",
        RuleOperatorName.NotBetween => "is not between",
        RuleOperatorName.WithinLast => "is within the last",
        RuleOperatorName.NotWithinLast => "is not within the last",
        RuleOperatorName.WithinNext => "is within the next",
        _ => Wording.Words(op),
    };

    private static string Rows(string relation, JsonElement node)
    {
        var rows = Wording.Words(relation);
        var text = node.TryGetProperty("having", out var having) ? $"{Wording.Label(having.GetProperty("agg").GetString())} of {rows}"
                + (having.TryGetProperty("of", out var of) ? $" by {Wording.Words(of.GetString()!)}" : "") + $" {Comparison(having)}"
            : node.TryGetProperty("no_rows", out _) ? $"Has no {rows}"
            : node.TryGetProperty("every", out _) ? $"Every one of the {rows}"
            : node.TryGetProperty("at_least", out var least) ? $"Has at least {least} {rows}"
            : node.TryGetProperty("at_most", out var most) ? $"Has at most {most} {rows}"
            : node.TryGetProperty("exactly", out var exactly) ? $"Has exactly {exactly} {rows}"
            : $"Has {rows}";
        return node.TryGetProperty("within", out var window) ? $"{text}, {Window(window)}" : text;
    }

    private static string Window(JsonElement window) =>
        window.TryGetProperty("last", out var last) ? $"within the last {Text(last)}"
        : window.TryGetProperty("between", out var between) ? $"between {Text(between)}"
        : "";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object when value.TryGetProperty("n", out var n) && value.TryGetProperty("unit", out var unit) =>
            n.TryGetInt32(out var count) && count == 1 ? $"1 {unit.GetString()}" : $"{n} {unit.GetString()}s",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "nothing",
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number.ToString("#,0.##", CultureInfo.CurrentCulture),
        JsonValueKind.String when value.TryGetDateTimeOffset(out var at) && value.GetString()!.Contains('T', StringComparison.Ordinal) =>
            at.ToLocalTime().ToString("g", CultureInfo.CurrentCulture),
        _ => value.ToString(),
    };
}

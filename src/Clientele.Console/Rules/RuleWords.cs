using System.Globalization;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Rules;

/// <summary>Words for the names of the rule language. Names that are not known here are shown as they are, with blanks for underscores.</summary>
public static class RuleWords
{
    private static readonly Dictionary<string, string> Abbreviations = new()
    {
        ["id"] = "ID",
        ["vip"] = "VIP",
        ["sms"] = "SMS",
        ["sku"] = "SKU",
        ["email"] = "e-mail",
    };

    /// <summary>Fields that are called otherwise in a sentence than in a form, or than in the API.</summary>
    private static readonly Dictionary<string, string> InSentences = new()
    {
        ["average_order_value"] = "average order",
        ["last_login"] = "last sign-in",
        ["last_order_date"] = "last order",
        ["loyalty_points"] = "points",
        ["loyalty_tier"] = "tier",
        ["preferred_currency"] = "currency",
        ["preferred_language"] = "language",
        ["total_orders"] = "number of orders",
    };

    private static readonly Dictionary<string, (string One, string Many)> Nouns = new()
    {
        ["points"] = ("points entry", "points entries"),
        ["wishlist"] = ("wishlist item", "wishlist items"),
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["is_set"] = "is set",
        ["is_missing"] = "is missing",
        ["is_empty"] = "is empty",
        ["eq"] = "is",
        ["ne"] = "is not",
        ["in"] = "is one of",
        ["not_in"] = "is none of",
        ["contains"] = "contains",
        ["not_contains"] = "does not contain",
        ["starts_with"] = "starts with",
        ["ends_with"] = "ends with",
        ["lt"] = "is less than",
        ["lte"] = "is at most",
        ["gt"] = "is more than",
        ["gte"] = "is at least",
        ["between"] = "is between",
        ["not_between"] = "is not between",
        ["within_last"] = "is within the last",
        ["not_within_last"] = "is not within the last",
        ["within_next"] = "is within the next",
        ["anniversary_within_next"] = "has its anniversary in the next",
        ["contains_any"] = "include any of",
        ["contains_all"] = "include all of",
        ["contains_none"] = "include none of",
    };

    private static readonly Dictionary<string, string> OfTimes = new()
    {
        ["lt"] = "is before",
        ["lte"] = "is not after",
        ["gt"] = "is after",
        ["gte"] = "is not before",
    };

    private static readonly Dictionary<string, string> Figures = new()
    {
        ["count"] = "number",
        ["count_distinct"] = "number of different",
        ["sum"] = "total",
        ["min"] = "lowest",
        ["max"] = "highest",
        ["avg"] = "average",
    };

    /// <summary>The name of a field or a value in a sentence.</summary>
    public static string Label(string name) =>
        name.StartsWith("metadata.", StringComparison.Ordinal) ? $"metadata “{name["metadata.".Length..]}”"
        : InSentences.GetValueOrDefault(name) ?? string.Join(' ', name.Split('_', '.').Select(word => Abbreviations.GetValueOrDefault(word, word)));

    /// <summary>The name of a field or a value in a form.</summary>
    public static string Title(string name) => FieldNames.Find(name) ?? Capital(Label(name));

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];

    /// <summary>What one row of a relation is called.</summary>
    public static string One(string relation) =>
        Nouns.TryGetValue(relation, out var noun) ? noun.One
        : relation.EndsWith("sses", StringComparison.Ordinal) ? Label(relation[..^2])
        : relation.EndsWith('s') ? Label(relation[..^1])
        : Label(relation) + " row";

    /// <summary>What rows of a relation are called.</summary>
    public static string Many(string relation) =>
        Nouns.TryGetValue(relation, out var noun) ? noun.Many : relation.EndsWith('s') ? Label(relation) : Label(relation) + " rows";

    /// <summary>An operator in words. Operators that are not known are shown as they are.</summary>
    public static string Operator(string op, bool ofTimes = false) =>
        ofTimes && OfTimes.TryGetValue(op, out var time) ? time : Operators.GetValueOrDefault(op, Label(op));

    public static string Figure(string aggregate, bool ofTimes = false) => (aggregate, ofTimes) switch
    {
        ("min", true) => "first",
        ("max", true) => "latest",
        _ => Figures.GetValueOrDefault(aggregate, Label(aggregate)),
    };

    /// <summary>What happened at an instant: <c>placed</c> for <c>order.placed_at</c>; null if the name does not say.</summary>
    public static string? Event(string name) =>
        name.EndsWith("_at", StringComparison.Ordinal) ? Label(name[(name.LastIndexOf('.') + 1)..^"_at".Length]) : null;

    /// <summary>The members of a list in a sentence.</summary>
    public static string List(IReadOnlyList<string> items, string last) => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} {last} {items[^1]}",
    };
}

namespace Clientele.Server.Rules;

/// <summary>The names of operators in rules, and the operators of each field type.</summary>
internal static class Operators
{
    public const string AnniversaryWithinNext = "anniversary_within_next";

    public static readonly string[] Ordered = ["lt", "lte", "gt", "gte"];

    private static readonly string[] Intervals = ["eq", "ne", "lt", "lte", "gt", "gte", "between", "not_between"];
    private static readonly string[] Presence = ["is_set", "is_missing"];

    private static readonly Dictionary<string, (Operator Positive, bool Negated)> Known = new()
    {
        ["is_set"] = (Operator.IsSet, false),
        ["is_missing"] = (Operator.IsSet, true),
        ["is_empty"] = (Operator.IsSet, true),
        ["eq"] = (Operator.Eq, false),
        ["ne"] = (Operator.Eq, true),
        ["in"] = (Operator.In, false),
        ["not_in"] = (Operator.In, true),
        ["contains"] = (Operator.Contains, false),
        ["not_contains"] = (Operator.Contains, true),
        ["starts_with"] = (Operator.StartsWith, false),
        ["ends_with"] = (Operator.EndsWith, false),
        ["lt"] = (Operator.Lt, false),
        ["lte"] = (Operator.Lte, false),
        ["gt"] = (Operator.Gt, false),
        ["gte"] = (Operator.Gte, false),
        ["between"] = (Operator.Between, false),
        ["not_between"] = (Operator.Between, true),
        ["within_last"] = (Operator.WithinLast, false),
        ["not_within_last"] = (Operator.WithinLast, true),
        ["within_next"] = (Operator.WithinNext, false),
        [AnniversaryWithinNext] = (Operator.AnniversaryWithinNext, false),
        ["contains_any"] = (Operator.ContainsAny, false),
        ["contains_all"] = (Operator.ContainsAll, false),
        ["contains_none"] = (Operator.ContainsAny, true),
    };

    public static IReadOnlyCollection<string> All => Known.Keys;

    public static (Operator Positive, bool Negated) Of(string name) => Known[name];

    public static IReadOnlyList<string> Of(FieldType type) => type switch
    {
        FieldType.Boolean => [.. Presence, "eq", "ne", "in"],
        FieldType.Text => [.. Presence, "eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with"],
        FieldType.Enumeration => [.. Presence, "eq", "ne", "in", "not_in"],
        FieldType.Number or FieldType.Money => [.. Presence, .. Intervals],
        FieldType.Instant or FieldType.Date => [.. Presence, .. Intervals, "within_last", "not_within_last", "within_next"],
        FieldType.Set => [.. Presence, "contains_any", "contains_all", "contains_none", "is_empty"],
        FieldType.Any => [.. Of(FieldType.Text), .. Intervals.Except(["eq", "ne"])],
    };

    /// <summary>The form of an operator's value, for rule builders.</summary>
    public static string Shape(string name) => Of(name).Positive switch
    {
        Operator.IsSet => "none",
        Operator.In or Operator.ContainsAny or Operator.ContainsAll => "list",
        Operator.Between => "pair",
        Operator.WithinLast or Operator.WithinNext or Operator.AnniversaryWithinNext => "span",
        _ => "value",
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>
/// The rules of segments in plain code: one customer, one instant, one node after the other, directly on the JSON. It shares no code with the
/// service, and uses no database.
/// </summary>
internal sealed class NaiveRules
{
    private readonly ModelCustomer _customer;
    private readonly NaiveTime _time;
    private readonly ModelRow _row;

    private NaiveRules(ModelCustomer customer, NaiveTime time) => (_customer, _time, _row) = (customer, time, ModelRow.Of(customer, time.Today));

    public static bool Matches(JsonNode rule, ModelCustomer customer, DateTime nowUtc) =>
        (customer.IsActive || AsksForActive(rule)) && IsTrue(rule, customer, nowUtc);

    /// <summary>Whether the rule is true for the customer, active or not.</summary>
    public static bool IsTrue(JsonNode rule, ModelCustomer customer, DateTime nowUtc) =>
        new NaiveRules(customer, new NaiveTime(nowUtc, TimeZoneInfo.FindSystemTimeZoneById((string?)rule["time_zone"] ?? "UTC"))).IsTrue(rule);

    /// <summary>Whether the rule itself tests <c>is_active</c>. Only then it decides whether inactive customers match.</summary>
    public static bool AsksForActive(JsonNode node) => (string?)node["field"] == "is_active" || Children(node).Any(AsksForActive);

    /// <summary>The nodes directly below a node that also apply to the customer.</summary>
    public static IEnumerable<JsonNode> Children(JsonNode node) =>
        node["not"] is { } child ? [child] : (node["all"] ?? node["any"] ?? node["none"])?.AsArray().Select(one => one!) ?? [];

    /// <summary>Every node that applies to the customer itself, with the zone of its rule.</summary>
    public static IEnumerable<JsonObject> Nodes(JsonNode node, string? zone)
    {
        var own = node.DeepClone().AsObject();
        own.Remove("v");
        if (zone is not null)
        {
            own["time_zone"] = zone;
        }

        return Children(node).SelectMany(child => Nodes(child, zone)).Prepend(own);
    }

    private bool IsTrue(JsonNode node) => IsTrue(node, _row);

    private bool IsTrue(JsonNode node, ModelRow row) =>
        node["all"] is { } all ? all.AsArray().All(child => IsTrue(child!, row))
        : node["any"] is { } any ? any.AsArray().Any(child => IsTrue(child!, row))
        : node["none"] is { } none ? !none.AsArray().Any(child => IsTrue(child!, row))
        : node["not"] is { } not ? !IsTrue(not, row)
        : node["field"] is { } field ? Holds(node, row.Get((string)field!))
        : node["related"] is not null ? IsTrueOfRows(node)
        : _customer.Groups.Contains((long)NaiveText.Decimal(node["in_group"]!));

    private bool IsTrueOfRows(JsonNode node)
    {
        var rows = ModelRow.Of(_customer, (string)node["related"]!, AsksForStatus(node)).Where(row => IsInWindow(row, node["within"])).ToList();
        var found = rows.Where(row => node["where"] is not { } where || IsTrue(where, row)).ToList();
        return node["every"] is not null ? rows.Count > 0 && found.Count == rows.Count
            : node["no_rows"] is not null ? found.Count == 0
            : node["at_least"] is { } least ? found.Count >= NaiveText.Decimal(least)
            : node["at_most"] is { } most ? found.Count <= NaiveText.Decimal(most)
            : node["exactly"] is { } number ? found.Count == NaiveText.Decimal(number)
            : node["having"] is { } having ? Holds(having, Aggregate(having, found))
            : found.Count > 0;
    }

    /// <summary>Whether the node itself tests the status of orders, and so includes those that do not count.</summary>
    private static bool AsksForStatus(JsonNode node) =>
        (string?)node["having"]?["of"] is "status" or "order.status" || (node["where"] is { } where && Mentions(where));

    private static bool Mentions(JsonNode condition) => (string?)condition["field"] is "status" or "order.status" || Children(condition).Any(Mentions);

    private bool IsInWindow(ModelRow row, JsonNode? within) =>
        within is null || (within["last"] is { } last
            ? Holds("within_last", row.Get((string)within["on"]!), last)
            : Holds("between", row.Get((string)within["on"]!), within["between"]));

    private static object? Aggregate(JsonNode having, List<ModelRow> rows)
    {
        var values = having["of"] is { } of ? rows.Select(row => row.Get((string)of!)).OfType<object>().ToList() : [.. rows];
        return (string)having["agg"]! switch
        {
            "count" => new Amount(values.Count),
            "count_distinct" => new Amount(values.Select(value => value is string text ? NaiveText.Fold(text) : value).Distinct().Count()),
            "sum" => new Amount(values.Cast<Amount>().Sum(amount => amount.Sum)),
            "avg" => values.Count == 0 ? null : new Amount(values.Cast<Amount>().Sum(amount => amount.Sum), values.Count),
            "min" => values.MinBy(Place),
            "max" => values.MaxBy(Place),
            var other => throw new InvalidOperationException($"{other} is no aggregate."),
        };
    }

    private static IComparable Place(object value) => value is Amount amount ? amount.Sum : (DateTime)value;

    private bool Holds(JsonNode condition, object? actual) => Holds((string)condition["op"]!, actual, condition["value"]);

    /// <summary>A negative operator is true whenever its positive form is not; a missing value satisfies no positive operator.</summary>
    private bool Holds(string op, object? actual, JsonNode? value) => op switch
    {
        "is_set" => IsSet(actual),
        "is_missing" => !IsSet(actual),
        "eq" => Equal(actual, value!),
        "ne" => !Equal(actual, value!),
        "in" => value!.AsArray().Any(one => Equal(actual, one!)),
        "not_in" => !Holds("in", actual, value),
        "contains" => Texts(actual, value!, (text, part) => text.Contains(part, StringComparison.Ordinal)),
        "not_contains" => !Holds("contains", actual, value),
        "starts_with" => Texts(actual, value!, (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        "ends_with" => Texts(actual, value!, (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        "lt" => Compare(actual, value!) < 0,
        "lte" => Compare(actual, value!) <= 0,
        "gt" => Compare(actual, value!) > 0,
        "gte" => Compare(actual, value!) >= 0,
        "between" => Compare(actual, value![0]!) >= 0 && (actual is DateTime or DateOnly ? Compare(actual, value[1]!) < 0 : Compare(actual, value[1]!) <= 0),
        "not_between" => !Holds("between", actual, value),
        "within_last" => actual is DateTime instant
            ? _time.IsWithinLast(NaiveTime.ToMicroseconds(instant), value!)
            : actual is DateOnly day && _time.IsWithinLast(day, value!),
        "not_within_last" => !Holds("within_last", actual, value),
        "within_next" => actual is DateTime instant
            ? _time.IsWithinNext(NaiveTime.ToMicroseconds(instant), value!)
            : actual is DateOnly day && _time.IsWithinNext(day, value!),
        "anniversary_within_next" => actual is DateOnly birthday && _time.HasAnniversaryWithinNext(birthday, value!),
        "is_empty" => Tags(actual).Count == 0,
        "contains_any" => value!.AsArray().Any(tag => Has(actual, tag!)),
        "contains_all" => value!.AsArray().All(tag => Has(actual, tag!)),
        "contains_none" => !value!.AsArray().Any(tag => Has(actual, tag!)),
        _ => throw new InvalidOperationException($"{op} is no operator."),
    };

    private static bool IsSet(object? actual) => actual is IReadOnlyList<string> tags ? tags.Count > 0 : actual is not null;

    private static IReadOnlyList<string> Tags(object? actual) => (IReadOnlyList<string>)actual!;

    private static bool Has(object? actual, JsonNode tag) => Tags(actual).Any(one => NaiveText.Same(one, (string)tag!));

    private bool Equal(object? actual, JsonNode value) => actual switch
    {
        string text => value.GetValueKind() is JsonValueKind.String && NaiveText.Same(text, (string)value!),
        bool flag => value.GetValueKind() == (flag ? JsonValueKind.True : JsonValueKind.False),
        Country country => country.IsCalled((string)value!),
        Tier tier => NaiveText.Same(tier.Name, (string)value!),
        _ => Compare(actual, value) == 0,
    };

    /// <summary>Null (neither less nor greater) if the value is missing or of another type.</summary>
    private int? Compare(object? actual, JsonNode value) => actual switch
    {
        Amount amount => amount.Sum.CompareTo(NaiveText.Decimal(value) * amount.Count),
        double number => value.GetValueKind() is JsonValueKind.Number ? number.CompareTo(NaiveText.Double(value)) : null,
        DateTime instant => NaiveTime.ToMicroseconds(instant).CompareTo(_time.Instant((string)value!)),
        DateOnly day => day.CompareTo(NaiveTime.Date((string)value!)),
        Tier tier => tier.Rank.CompareTo(new Tier((string)value!).Rank),
        _ => null,
    };

    private static bool Texts(object? actual, JsonNode part, Func<string, string, bool> holds) =>
        actual is string text && holds(NaiveText.Fold(text), NaiveText.Fold((string)part!));
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>
/// Operators and values for conditions, chosen from and right next to the customers' real values, so that a condition holds for some of them.
/// </summary>
internal sealed class RandomValues
{
    private static readonly string[] MetadataOfTexts = ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with"];
    private static readonly string[] MetadataOfNumbers = ["eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "between", "not_between"];
    private static readonly string[] MetadataOfBooleans = ["eq", "ne", "in"];

    private static readonly TimeSpan[] Shifts =
    [
        TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(-1), TimeSpan.FromMicroseconds(1),
        TimeSpan.FromHours(1), TimeSpan.FromDays(-1),
    ];

    private readonly Random _chance;
    private readonly DateTime _now;
    private readonly IReadOnlyList<string> _metadata;
    private readonly Dictionary<(string Relation, string Member), object[]> _seen = [];

    public RandomValues(Random chance, IReadOnlyCollection<ModelCustomer> customers, DateTime now)
    {
        (_chance, _now) = (chance, now);
        Note("", customers.Select(customer => ModelRow.Of(customer, DateOnly.FromDateTime(now))));
        foreach (var relation in Vocabulary.Relations.Keys)
        {
            Note(relation, customers.SelectMany(customer => ModelRow.Of(customer, relation, ofAnyStatus: true)));
        }

        _metadata = [.. _seen.Keys.Where(key => key.Member.StartsWith("metadata.", StringComparison.Ordinal)).Select(key => key.Member)];
    }

    /// <summary>A condition without its field: an operator and its value.</summary>
    public JsonObject Condition(string relation, Member member, string? op = null)
    {
        op ??= Operator(member.Type);
        var condition = new JsonObject { ["op"] = op };
        if (Value(relation, member, op) is { } value)
        {
            condition["value"] = value;
        }

        return condition;
    }

    /// <summary>The field and its condition.</summary>
    public JsonObject ConditionOn(string relation, Member member)
    {
        if (member.Type is MemberType.Metadata)
        {
            return OnMetadata();
        }

        var condition = Condition(relation, member);
        condition.Insert(0, "field", member.Name);
        return condition;
    }

    /// <summary>A window into the past, half of the time beginning exactly at something that happened.</summary>
    public JsonObject Window(string relation, string member, IReadOnlyList<string> units)
    {
        var unit = Of(units);
        var distance = Seen(relation, member) switch
        {
            DateTime instant => (_now - instant).Duration(),
            DateOnly day => TimeSpan.FromDays(Math.Abs(DateOnly.FromDateTime(_now).DayNumber - day.DayNumber)),
            _ => TimeSpan.FromDays(_chance.Next(1, 400)),
        };
        var length = unit switch
        {
            "second" => distance.TotalSeconds,
            "minute" => distance.TotalMinutes,
            "hour" => distance.TotalHours,
            "day" => distance.TotalDays,
            "week" => distance.TotalDays / 7,
            "month" => distance.TotalDays / 30.4,
            _ => distance.TotalDays / 365.2,
        };
        return new() { ["n"] = (int)Math.Clamp(Math.Round(length) + _chance.Next(-1, 3), 1, 10_000), ["unit"] = unit };
    }

    /// <summary>Two instants, the first not after the second.</summary>
    public JsonArray Between(string relation, string member)
    {
        var ends = new[] { Instant(Seen(relation, member)), Instant(Seen(relation, member)) }.Order().ToArray();

        // A date without time is midnight in some zone: with a day in between, the order is the same in any zone.
        return ends[1] - ends[0] > TimeSpan.FromDays(3) && _chance.Next(2) == 0
            ? [Day(ends[0]), Day(ends[1])]
            : [Text(ends[0]), Text(ends[1])];
    }

    private static string[] DayUnits => Vocabulary.Units[3..];

    private string Operator(MemberType type)
    {
        // Operators whose result is always the same are chosen less often.
        var operators = Vocabulary.Operators(type);
        return _chance.Next(8) == 0 ? Of(operators) : Of(operators[2..]);
    }

    private JsonNode? Value(string relation, Member member, string op) => op switch
    {
        "is_set" or "is_missing" or "is_empty" => null,
        "in" or "not_in" => List(() => One(relation, member, op)),
        "contains_any" or "contains_all" or "contains_none" => List(() =>
            Recased(Of((IReadOnlyList<string>)["wholesale", "Press", "Été", "press", "none", .. Tags()]))),
        "between" or "not_between" => member.Type switch
        {
            MemberType.Instant => Between(relation, member.Name),
            MemberType.Date => new JsonArray([.. new[] { Date(relation, member), Date(relation, member) }
                .Order(StringComparer.Ordinal).Select(day => (JsonNode)day)]),
            _ => Sorted(One(relation, member, op), One(relation, member, op)),
        },
        "within_last" or "not_within_last" or "within_next" => Window(relation, member.Name, member.Type is MemberType.Date ? DayUnits : Vocabulary.Units),
        "anniversary_within_next" => Of((JsonObject[])
        [
            new() { ["n"] = _chance.Next(1, 120), ["unit"] = "day" },
            new() { ["n"] = _chance.Next(1, 20), ["unit"] = "week" },
            new() { ["n"] = _chance.Next(1, 12), ["unit"] = "month" },
            new() { ["n"] = 1, ["unit"] = "year" },
        ]),
        _ => One(relation, member, op),
    };

    private JsonNode One(string relation, Member member, string op) => member.Type switch
    {
        MemberType.Text => SomeText((string?)Seen(relation, member.Name) ?? "nothing", op),
        MemberType.Boolean => _chance.Next(2) == 0,
        MemberType.Enumeration or MemberType.Country or MemberType.Tier => Recased(Of(Vocabulary.Names(member.Name))),
        MemberType.Number => Beside(Seen(relation, member.Name), [0, 0, 0, 1, -1, 0.5m, -0.5m]),
        MemberType.Money => _chance.Next(2) == 0
            ? Beside(Seen(relation, member.Name), [0, 0, 0.01m, -0.01m])
            : Beside(Seen(relation, member.Name), [0, 0, 0.01m, -0.01m]).ToString("0.00", CultureInfo.InvariantCulture),
        MemberType.Instant => _chance.Next(4) == 0 ? Day(Instant(Seen(relation, member.Name))) : Text(Instant(Seen(relation, member.Name))),
        MemberType.Date => Date(relation, member),
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, null),
    };

    private decimal Beside(object? seen, decimal[] offsets) =>
        Math.Round(seen is Amount amount ? amount.Sum / amount.Count : _chance.Next(5), 2) + Of(offsets);

    private static JsonArray Sorted(JsonNode one, JsonNode other) =>
        NaiveText.Decimal(one) <= NaiveText.Decimal(other) ? [one, other] : [other, one];

    private DateTime Instant(object? seen) => (seen is DateTime instant ? instant : _now)
        + Of(Shifts);

    private static string Day(DateTime instant) => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An instant, written with any offset.</summary>
    private string Text(DateTime instant) => _chance.Next(3) > 0
        ? instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
        : new DateTimeOffset(instant).ToOffset(TimeSpan.FromMinutes(Of([0, 60, -300, 345, 840, -660])))
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private string Date(string relation, Member member) =>
        ((DateOnly?)Seen(relation, member.Name) ?? new DateOnly(1990, 1, 1)).AddDays(Of([0, 0, 1, -1])).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private JsonObject OnMetadata()
    {
        var field = _chance.Next(10) == 0 ? "metadata.unheard of" : Of(_metadata);
        var seen = Seen("", field) ?? "nothing";

        // Sometimes a condition with a type that the value does not have.
        seen = _chance.Next(6) == 0 ? Of((object[])["M", 10d, true]) : seen;
        var op = _chance.Next(8) == 0
            ? Of(["is_set", "is_missing"])
            : Of(seen is string ? MetadataOfTexts : seen is double ? MetadataOfNumbers : MetadataOfBooleans);
        JsonNode Value() => seen switch
        {
            string text => SomeText(text, op),
            double number => number + Of([0, 0, 0.5, -1]),
            _ => _chance.Next(2) == 0,
        };
        var condition = new JsonObject { ["field"] = field, ["op"] = op };
        if (op is not ("is_set" or "is_missing"))
        {
            condition["value"] = op switch
            {
                "in" or "not_in" => List(Value),
                "between" or "not_between" => Sorted(Value(), Value()),
                _ => Value(),
            };
        }

        return condition;
    }

    /// <summary>Usually a few; sometimes none, many, or the same one twice.</summary>
    private JsonArray List(Func<JsonNode> one) =>
        [.. Enumerable.Range(0, _chance.Next(12) switch { 0 => 0, 1 => 20, _ => _chance.Next(1, 5) }).Select(_ => one())];

    private string SomeText(string seen, string op)
    {
        var characters = StringInfo.GetTextElementEnumerator(seen) is var elements ? Elements(elements).ToArray() : [];
        var (from, to) = op switch
        {
            "contains" or "not_contains" => (_chance.Next(characters.Length), characters.Length),
            "starts_with" => (0, _chance.Next(1, characters.Length + 1)),
            "ends_with" => (_chance.Next(characters.Length), characters.Length),
            _ => (0, characters.Length),
        };
        to = op is "contains" or "not_contains" ? _chance.Next(from + 1, Math.Min(from + 3, characters.Length) + 1) : to;
        var text = string.Concat(characters[from..to]);
        return string.IsNullOrWhiteSpace(text) || text != text.Trim() ? Recased(seen) : Recased(text);
    }

    private string Recased(string text) => _chance.Next(6) switch
    {
        0 => text.ToUpperInvariant(),
        1 => string.Concat(text.Select(char.ToLowerInvariant)),
        2 => text.Normalize(NormalizationForm.FormD),
        _ => text,
    };

    private static IEnumerable<string> Elements(TextElementEnumerator elements)
    {
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }

    private IEnumerable<string> Tags() => _seen.GetValueOrDefault(("", "tags"), []).Cast<IReadOnlyList<string>>().SelectMany(tags => tags).Distinct();

    private object? Seen(string relation, string member) =>
        _seen.TryGetValue((relation, member), out var values) && values.Length > 0 && _chance.Next(20) > 0 ? Of(values) : null;

    private void Note(string relation, IEnumerable<ModelRow> rows)
    {
        foreach (var values in rows.SelectMany(row => row).Where(value => value.Value is not null).GroupBy(value => value.Key, value => value.Value!))
        {
            _seen[(relation, values.Key)] = [.. values];
        }
    }

    private T Of<T>(IReadOnlyList<T> pool) => pool[_chance.Next(pool.Count)];
}

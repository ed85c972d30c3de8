using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clientele.Tests.Support;

/// <summary>Random values for the schemas of the description: ones that the schema allows, many of them at a limit, and ones that it does not.</summary>
internal sealed class SchemaValues(ApiDescription description, KnownIds known, Random chance)
{
    private const int Deepest = 4;
    private const int LongText = 300;
    private const int LongList = 1001;

    private static readonly string[] Anything = ["boolean", "integer", "number", "string", "array", "object", "null"];

    private static readonly string[] Texts =
    [
        "x", "Ada", "0", "null", "true", " padded ", "O'Brien; DROP TABLE customers;--", "100%_\\", "<b>&amp;\"'", "{{ 1 }}", "ı İ ß ﬁ Å", "Ünïcödé",
        "日本語", "😀👩‍👩‍👧", "\u202eright to left", "a\u0301\u0316", "line\nbreak", "tab\t", "${x}", "+14155552671", "ada@example.com", "DE", "EUR", "en-GB",
        "2025-10-01", "-1", "1e9", " ", "\u00a0", "\u200b",
    ];

    private static readonly string[] Dates = ["2025-10-01", "2024-02-29", "1815-12-10", "1900-01-01", "9999-12-31", "0001-01-01", "2038-01-19"];

    private static readonly string[] Instants =
    [
        "2025-10-15T14:30:00Z", "2024-02-29T23:59:59.999Z", "1990-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
    ];

    private static readonly long[] Integers = [0, 1, -1, 2, 7, 100, 1000, int.MaxValue, int.MinValue, 1L << 53, long.MaxValue, long.MinValue];

    private static readonly string[] Numerals =
        ["0", "0.00", "1", "12.50", "0.01", "-0.01", "-1", "100", "100.01", "999999999.99", "92233720368547758.07", "1.5"];

    /// <summary>A value that the schema allows.</summary>
    public JsonNode? Valid(string name, JsonNode schema, int depth = 0)
    {
        var rules = description.Resolve(schema);
        if ((rules["anyOf"] ?? rules["oneOf"]) is JsonArray choices)
        {
            return Valid(name, Pick(choices)!, depth);
        }

        if (rules["enum"] is JsonArray closed)
        {
            return Pick(closed)?.DeepClone();
        }

        if (chance.Next(2) == 0 && Seen(name, rules) is { } seen)
        {
            return seen;
        }

        var types = Types(rules).Where(type => depth < Deepest || type is not ("array" or "object")).ToList();
        return Pick(types.Count > 0 ? types : Types(rules)) switch
        {
            "null" => null,
            "boolean" => chance.Next(2) == 0,
            "integer" => Integer(rules),
            "number" => JsonNode.Parse(Pick(Numerals)),
            "array" => Items(name, rules, depth),
            "object" => Members(rules, depth),
            _ => Text(rules),
        };
    }

    /// <summary>JSON texts that the schema of a member does not allow.</summary>
    public static IEnumerable<string> Broken(Member member)
    {
        string[] limits =
        [
            .. (int?)member.Schema["maxLength"] is { } longest && member.Takes("string") ? [$"\"{new string('x', longest + 1)}\""] : Array.Empty<string>(),
            .. (long?)member.Schema["minimum"] is { } least ? [Number(least - 1)] : Array.Empty<string>(),
            .. (long?)member.Schema["maximum"] is { } most ? [Number(most + 1)] : Array.Empty<string>(),
            .. member.Takes("null") ? Array.Empty<string>() : ["null"],
        ];
        return (member.Schema["type"] is null ? [] : Nonsense.Others(member)).Concat(member.Impossible()).Concat(limits);
    }

    public T Pick<T>(IReadOnlyList<T> values) => values[chance.Next(values.Count)];

    private JsonNode? Pick(JsonArray values) => values[chance.Next(values.Count)];

    /// <summary>A value of an earlier response, or an example of the schema, if the schema allows it.</summary>
    private JsonNode? Seen(string name, JsonObject rules)
    {
        var seen = chance.Next(2) == 0 && rules["examples"] is JsonArray { Count: > 0 } examples ? Pick(examples)?.DeepClone() : known.ForMember(name);
        if (seen is not null && !Types(rules).Contains("integer") && Types(rules).Contains("string") && seen is JsonValue)
        {
            seen = seen.ToString();
        }

        return seen is not null && !description.Complaints(rules, seen).Any() ? seen : null;
    }

    private static IReadOnlyList<string> Types(JsonObject rules) => rules["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string)type!)],
        { } one => [(string)one!],
        null => rules["properties"] is null ? Anything : ["object"],
    };

    private JsonValue Integer(JsonObject rules)
    {
        var isShort = (string?)rules["format"] == "int32";
        var least = (long?)rules["minimum"] ?? (isShort ? int.MinValue : long.MinValue);
        var most = (long?)rules["maximum"] ?? (isShort ? int.MaxValue : long.MaxValue);
        return JsonValue.Create(chance.Next(4) == 0 ? Pick([least, most]) : Math.Clamp(Pick(Integers), least, most));
    }

    private JsonArray Items(string name, JsonObject rules, int depth)
    {
        var most = (int?)rules["maxItems"] ?? LongList;
        var count = depth >= Deepest ? 0
            : chance.Next(40) == 0 && depth < 2 ? Math.Min(most, LongList)
            : Math.Min(most, chance.Next(4));
        return [.. Enumerable.Range(0, count).Select(_ => rules["items"] is { } items ? Valid(name, items, depth + (count > 4 ? 2 : 1)) : Pick(Integers))];
    }

    private JsonObject Members(JsonObject rules, int depth)
    {
        var value = new JsonObject();
        if (rules["properties"] is not JsonObject members)
        {
            for (var i = chance.Next(4); i > 0; i--)
            {
                value[Pick(Texts)] = rules["additionalProperties"] is JsonObject any ? Valid("", any, depth + 1) : Pick(Texts);
            }

            return value;
        }

        var required = (rules["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        var names = members.Select(member => member.Key).ToArray();
        chance.Shuffle(names);
        foreach (var name in names.Where(name => required.Contains(name) || (depth < Deepest && chance.Next(2) == 0)))
        {
            AddMember(rules, value, name, depth);
        }

        return value;
    }

    /// <summary>Adds a member with those that it requires, unless the schema excludes one of them beside the members that are there.</summary>
    private void AddMember(JsonObject rules, JsonObject value, string name, int depth)
    {
        var needed = (rules["dependentRequired"]?[name]?.AsArray() ?? []).Select(other => (string)other!).Prepend(name)
            .Where(other => !value.ContainsKey(other));
        foreach (var member in needed.ToList())
        {
            var isExcluded = (rules["not"]?["anyOf"]?.AsArray() ?? []).Select(pair => pair!["required"]!.AsArray().Select(one => (string)one!).ToList())
                .Any(pair => pair.Contains(member) && pair.TrueForAll(one => one == member || value.ContainsKey(one)));
            if (isExcluded)
            {
                value.Remove(name);
                return;
            }

            value[member] = Valid(member, rules["properties"]![member]!, depth + 1);
        }
    }

    private string Text(JsonObject rules)
    {
        var longest = (int?)rules["maxLength"] ?? LongText;
        if ((string?)rules["pattern"] is { } pattern)
        {
            var digits = string.Concat(Enumerable.Range(0, 1 + chance.Next(12)).Select(_ => chance.Next(10).ToString(CultureInfo.InvariantCulture)));
            var fitting = Numerals.Concat(Dates).Concat(Instants).Concat(Texts).Append(digits)
                .Concat((rules["examples"]?.AsArray() ?? []).Select(example => example!.ToString()))
                .Where(text => text.Length <= longest && Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))).ToList();
            return fitting.Count > 0 ? Pick(fitting) : "";
        }

        return (string?)rules["format"] switch
        {
            "date" => Pick(Dates),
            "date-time" => Pick(Instants),
            "uuid" => Guid.CreateVersion7().ToString(),
            "password" when chance.Next(2) == 0 => ClienteleApp.Password,
            _ => chance.Next(8) switch
            {
                0 => "",
                1 => string.Concat(Enumerable.Repeat(Pick(["x", "é", "😀"]), longest)),
                2 => string.Concat(Enumerable.Range(0, 2 + chance.Next(3)).SelectMany(_ => Pick(Texts).EnumerateRunes()).Take(longest)),
                3 => string.Concat($"f{chance.Next(1_000_000).ToString(CultureInfo.InvariantCulture)}".Take(longest)),
                _ => string.Concat(Pick(Texts).EnumerateRunes().Take(longest)),
            },
        };
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>A filter of the list of customers, by its name in the API and in the address of the page.</summary>
/// <param name="Name">The name.</param>
/// <param name="Section">Where it stands in the choice of filters.</param>
/// <param name="Label">What it is called there.</param>
/// <param name="Kind">What it compares.</param>
/// <param name="Says">What a chip says, with <c>{0}</c> for the value; for yes and no, and for one and many, both texts separated by a bar.</param>
/// <param name="Field">The field of a rule that compares the same; null if rules have none.</param>
/// <param name="Op">The operator of that rule.</param>
public sealed record CustomerFilter(
    string Name, string Section, string Label, FilterKind Kind, string Says, string? Field = null, string Op = "eq")
{
    /// <summary>The most ids that the list takes.</summary>
    private const int MostIds = 1000;

    /// <summary>A filter in the form of a rule; null if there is no such rule.</summary>
    /// <param name="text">A valid value.</param>
    public JsonObject? ToRule(string text) => Name switch
    {
        "group" => new JsonObject { ["in_group"] = long.Parse(text, CultureInfo.InvariantCulture) },
        "tag" => Condition(new JsonArray(JsonValue.Create(text))),
        _ when Field is null => null,
        _ => Condition(Kind switch
        {
            FilterKind.YesNo => JsonValue.Create(text == "true"),
            FilterKind.Count => JsonValue.Create(long.Parse(text, CultureInfo.InvariantCulture)),
            FilterKind.Money => JsonValue.Create(decimal.Parse(text, CultureInfo.InvariantCulture)),
            FilterKind.From or FilterKind.Until => JsonValue.Create(Text(Instant(text)!.Value)),
            _ => JsonValue.Create(text),
        }),
    };

    /// <summary>The value in the one form that the page keeps; null if it is not valid.</summary>
    public string? Normalise(string text)
    {
        var value = text.Trim();
        return Kind switch
        {
            _ when value.Length == 0 => null,
            FilterKind.YesNo => value.ToUpperInvariant() switch { "TRUE" or "1" => "true", "FALSE" or "0" => "false", _ => null },
            FilterKind.Count or FilterKind.Group => Whole(value)?.ToString(CultureInfo.InvariantCulture),
            FilterKind.Money => decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                ? amount.ToString(CultureInfo.InvariantCulture)
                : null,
            FilterKind.From or FilterKind.Until => Instant(value) is null ? null : value,
            FilterKind.Uuid => Guid.TryParse(value, out var uuid) ? uuid.ToString() : null,
            FilterKind.Ids => Ids(value) is { } ids ? string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture))) : null,
            _ => value,
        };
    }

    /// <summary>The ids in a text; null if it has something else.</summary>
    public static IReadOnlyList<long>? Ids(string text)
    {
        var ids = text.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Whole).ToList();
        return ids.Count is > 0 and <= MostIds && !ids.Contains(null) ? [.. ids.Select(id => id!.Value)] : null;
    }

    /// <summary>An instant, or a date that means its midnight in UTC, as the API reads it.</summary>
    public static DateTimeOffset? Instant(string text)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, utc, out var day) ? day
            : text.Length >= 17 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var instant) ? instant
            : null;
    }

    /// <summary>An instant as the API writes it.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(
        instant.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private JsonObject Condition(JsonNode? value) => new() { ["field"] = Field, ["op"] = Op, ["value"] = value };

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}

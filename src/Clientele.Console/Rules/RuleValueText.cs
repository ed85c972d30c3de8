using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Rules;

/// <summary>Values of rules for people.</summary>
public sealed class RuleValueText(RuleTerms terms, CultureInfo culture)
{
    private const int LongestText = 60;
    private const int MostItems = 8;
    private const string Missing = "…";

    // The text is shown as text, never as HTML.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One value of a field.</summary>
    public string One(JsonNode? value, RuleField? field)
    {
        if (value is null)
        {
            return Missing;
        }

        var text = RulePart.TextOf(value);
        return field?.Type switch
        {
            _ when value is JsonObject or JsonArray => Json(value),
            RuleFieldType.Number => Number(value, "#,0.##########") ?? Json(value),
            RuleFieldType.Money => Amount(value, field.Currency) ?? Json(value),
            RuleFieldType.Instant or RuleFieldType.Date when text is not null => Instant(text) ?? Quoted(text),
            RuleFieldType.Enumeration when text is not null => RuleTerms.IsCountry(field) ? terms.Country(text)?.Name ?? text : RuleWords.Label(text),
            _ when text is not null => Quoted(text),
            _ when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>() ? "yes" : "no",
            _ => Number(value, "#,0.##########") ?? Json(value),
        };
    }

    public string List(JsonNode? value, RuleField? field, string last)
    {
        if (value is not JsonArray list)
        {
            return One(value, field);
        }

        var items = list.Take(MostItems).Select(item => One(item, field)).ToList();
        if (list.Count > MostItems)
        {
            items.Add(string.Create(culture, $"{list.Count - MostItems:N0} more"));
        }

        return list.Count == 0 ? "nothing" : RuleWords.List(items, last);
    }

    public string Pair(JsonNode? value, RuleField? field) =>
        value is JsonArray { Count: 2 } pair ? $"{One(pair[0], field)} and {One(pair[1], field)}" : One(value, field);

    /// <summary>A length of time: <c>90 days</c>, or <c>day</c> for one, which follows "the last".</summary>
    public string Span(JsonNode? value)
    {
        if (value is not JsonObject span || RulePart.NumberOf(span["n"]) is not { } count || RulePart.TextOf(span["unit"]) is not { } unit)
        {
            return value is null ? Missing : Json(value);
        }

        return count == 1 ? unit : string.Create(culture, $"{count:N0} {unit}s");
    }

    public static string Json(JsonNode value) => Short(value.ToJsonString(Readable));

    private static string Quoted(string text) => $"“{Short(text)}”";

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestText ? line : line[..(char.IsHighSurrogate(line[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
    }

    private string? Number(JsonNode value, string format) =>
        decimal.TryParse(RulePart.TextOf(value) ?? value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(format, culture)
            : null;

    /// <summary>Averages are compared with up to four decimal places.</summary>
    private string? Amount(JsonNode value, string? currency) =>
        currency is not null
        && decimal.TryParse(RulePart.TextOf(value) ?? value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? Amounts.Text(amount, currency, culture, Math.Clamp((int)amount.Scale, 2, 4))
            : Number(value, "#,0.00##");

    private string? Instant(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString("d MMM yyyy", culture)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.UtcDateTime.ToString(instant.Second == 0 ? "d MMM yyyy HH:mm" : "d MMM yyyy HH:mm:ss", culture) + " UTC"
        : null;
}

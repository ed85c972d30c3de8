using System.Globalization;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// Builds rules of groups:
/// <code>Rule.All(Rule.Field(CustomerField.TotalSpent).AtLeast(1000), Rule.Related(RuleRelationName.Orders).WithinLast("placed_at", 90, RuleUnit.Day))</code>
/// </summary>
public static class Rule
{
    /// <summary>No rule.</summary>
    public static RuleNode Empty { get; } = new();

    /// <summary>True if all of the rules are.</summary>
    /// <param name="rules">The rules.</param>
    public static RuleNode All(params IReadOnlyList<RuleNode> rules) => new() { All = rules };

    /// <summary>True if at least one of the rules is.</summary>
    /// <param name="rules">The rules.</param>
    public static RuleNode Any(params IReadOnlyList<RuleNode> rules) => new() { Any = rules };

    /// <summary>True if none of the rules is.</summary>
    /// <param name="rules">The rules.</param>
    public static RuleNode None(params IReadOnlyList<RuleNode> rules) => new() { None = rules };

    /// <summary>True if the rule is not.</summary>
    /// <param name="rule">The rule.</param>
    public static RuleNode Not(RuleNode rule) => new() { Not = rule };

    /// <summary>True for the current members of a group.</summary>
    /// <param name="group">The group's id.</param>
    public static RuleNode InGroup(long group) => new() { InGroup = group };

    /// <summary>A field to test. The methods of the result are the operators.</summary>
    /// <param name="name">A name in <see cref="CustomerField"/>, <c>metadata.</c> and a key, or in <see cref="RelatedRows.Where"/> a field of the rows.</param>
    public static TestedField Field(string name) => new(name);

    /// <summary>The customer's rows of a kind; without more, the rule is true if there is at least one.</summary>
    /// <param name="relation">A name in <see cref="RuleRelationName"/>.</param>
    public static RelatedRows Related(string relation) => new(new RuleNode { Related = relation });
}

/// <summary>A value in a rule.</summary>
public readonly record struct RuleValue
{
    private readonly Action<Utf8JsonWriter>? _write;

    private RuleValue(Action<Utf8JsonWriter> write) => _write = write;

    /// <summary>A text.</summary>
    public static implicit operator RuleValue(string text) => FromString(text);

    /// <summary>True or false.</summary>
    public static implicit operator RuleValue(bool value) => FromBoolean(value);

    /// <summary>A whole number.</summary>
    public static implicit operator RuleValue(long number) => FromInt64(number);

    /// <summary>A number or an amount of money.</summary>
    public static implicit operator RuleValue(decimal number) => FromDecimal(number);

    /// <summary>An instant.</summary>
    public static implicit operator RuleValue(DateTimeOffset instant) => FromDateTimeOffset(instant);

    /// <summary>A date.</summary>
    public static implicit operator RuleValue(DateOnly date) => FromDateOnly(date);

    /// <summary>A text.</summary>
    public static RuleValue FromString(string text) => new(json => json.WriteStringValue(text));

    /// <summary>True or false.</summary>
    public static RuleValue FromBoolean(bool value) => new(json => json.WriteBooleanValue(value));

    /// <summary>A whole number.</summary>
    public static RuleValue FromInt64(long number) => new(json => json.WriteNumberValue(number));

    /// <summary>A number or an amount of money.</summary>
    public static RuleValue FromDecimal(decimal number) => new(json => json.WriteNumberValue(number));

    /// <summary>An instant.</summary>
    public static RuleValue FromDateTimeOffset(DateTimeOffset instant) =>
        FromString(instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));

    /// <summary>A date.</summary>
    public static RuleValue FromDateOnly(DateOnly date) => FromString(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    internal static JsonElement Json(RuleValue value) => Json(value.Write);

    internal static JsonElement Json(IReadOnlyList<RuleValue> values) => Json(json =>
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            value.Write(json);
        }

        json.WriteEndArray();
    });

    private void Write(Utf8JsonWriter json)
    {
        if (_write is null)
        {
            json.WriteNullValue();
        }
        else
        {
            _write(json);
        }
    }

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return JsonElement.Parse(buffer.ToArray());
    }
}

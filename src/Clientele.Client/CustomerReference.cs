using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>A customer by id, UUID or proven e-mail.</summary>
/// <param name="Text">The id in digits, the UUID or the e-mail.</param>
[JsonConverter(typeof(CustomerReferenceConverter))]
public readonly record struct CustomerReference(string Text)
{
    /// <summary>By the customer's id.</summary>
    public static implicit operator CustomerReference(long id) => FromInt64(id);

    /// <summary>By the customer's UUID.</summary>
    public static implicit operator CustomerReference(Guid uuid) => FromGuid(uuid);

    /// <summary>By the customer's e-mail (or a UUID as text).</summary>
    public static implicit operator CustomerReference(string text) => FromString(text);

    /// <summary>By the customer's id.</summary>
    public static CustomerReference FromInt64(long id) => new(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>By the customer's UUID.</summary>
    public static CustomerReference FromGuid(Guid uuid) => new(uuid.ToString());

    /// <summary>By the customer's e-mail (or a UUID as text).</summary>
    public static CustomerReference FromString(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Reads and writes a <see cref="CustomerReference"/>: a number for an id, otherwise a string.</summary>
public sealed class CustomerReferenceConverter : JsonConverter<CustomerReference>
{
    private const int LongestEmail = 254;

    /// <inheritdoc/>
    public override CustomerReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var id) => id,
        JsonTokenType.String when reader.GetString() is { Length: <= LongestEmail } text => new CustomerReference(text),
        _ => throw new JsonException(),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CustomerReference value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            writer.WriteNumberValue(id);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}

/// <summary>Reads and writes an exchange rate: a string or a number with at most ten decimal places.</summary>
public sealed class ExchangeRateConverter : JsonConverter<decimal>
{
    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && decimal.Round(rate, 10) == rate
            ? rate
            : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString("0.##########", CultureInfo.InvariantCulture));
    }
}

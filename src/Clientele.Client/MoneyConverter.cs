using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>Reads a value from a text; returns false if it is not valid.</summary>
internal delegate bool TryParse<T>(string text, out T value);

/// <summary>Money and percentages: strings with two decimal places in JSON, <see cref="decimal"/> here. Numbers are read as well.</summary>
/// <param name="tryParse">Decides which texts and numbers are read.</param>
/// <param name="format">The format that is written.</param>
internal sealed class MoneyConverter(TryParse<decimal> tryParse, string format) : JsonConverter<decimal>
{
    /// <summary>Reads any amount. Does not round: the service rejects an amount with more than two decimal places.</summary>
    public MoneyConverter()
        : this(TryParseAny, "0.00##########################")
    {
    }

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
            _ => null,
        };
        return text is not null && tryParse(text, out var amount) ? amount : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(format, CultureInfo.InvariantCulture));

    private static bool TryParseAny(string text, out decimal amount) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out amount);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>Instants: written in UTC with <c>Z</c>, to the millisecond, which is what the service stores.</summary>
/// <param name="tryParse">Decides which texts are read.</param>
internal sealed class InstantConverter(TryParse<DateTime> tryParse) : JsonConverter<DateTime>
{
    /// <summary>Reads any instant.</summary>
    public InstantConverter()
        : this(TryParseAny)
    {
    }

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && tryParse(reader.GetString()!, out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        var format = value.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        writer.WriteStringValue(value.ToUniversalTime().ToString(format, CultureInfo.InvariantCulture));
    }

    private static bool TryParseAny(string text, out DateTime instant)
    {
        var read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        instant = parsed.UtcDateTime;
        return read;
    }
}

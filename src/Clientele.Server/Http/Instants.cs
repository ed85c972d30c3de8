namespace Clientele.Server.Http;

/// <summary>Reads instants and dates in bodies, query strings and rules.</summary>
internal static class Instants
{
    /// <summary>RFC 3339: a date, a time and an offset. Truncated to milliseconds, as it is stored.</summary>
    public static bool TryParse(string text, out DateTime instant)
    {
        var read = TryParseExactly(text, out var exactly);
        instant = exactly.AddTicks(-(exactly.Ticks % TimeSpan.TicksPerMillisecond));
        return read;
    }

    /// <summary>The same without truncation to milliseconds.</summary>
    public static bool TryParseExactly(string text, out DateTime instant)
    {
        instant = default;
        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (!hasOffset || text.Length < 17 || text[10] is not ('T' or 't' or ' ')
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return false;
        }

        instant = parsed.UtcDateTime;
        return true;
    }

    /// <summary>The same in a query string, where an unescaped plus arrives as a space.</summary>
    public static bool TryParseQuery(string text, out DateTime instant) =>
        TryParse(text.Length > 6 && text[^6] == ' ' ? $"{text[..^6]}+{text[^5..]}" : text, out instant);

    /// <summary>A date, as midnight in UTC.</summary>
    public static bool TryParseDate(string text, out DateTime midnight)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, utc, out midnight);
    }
}

using System.Buffers.Text;

namespace Clientele.Server.Http;

/// <summary>A place in a feed, as text that clients give back unchanged. Only the feed that has made it can read it.</summary>
internal static class FeedCursor
{
    public static string Create(string feed, long place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{feed}.{place}")));

    /// <summary>Returns whether the text is a cursor of this feed, or empty; then there is no place.</summary>
    public static bool TryRead(string? text, string feed, out long? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var plain = Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) : "";
        if (!plain.StartsWith($"{feed}.", StringComparison.Ordinal)
            || !long.TryParse(plain.AsSpan(feed.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var read))
        {
            return false;
        }

        place = read;
        return true;
    }
}

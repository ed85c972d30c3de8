using System.Buffers.Text;

namespace Clientele.Server.Http;

/// <summary>A position in an ordered list: the keys of a row, and the direction.</summary>
internal sealed record Cursor(string Ordering, bool Backwards, IReadOnlyList<string?> Values)
{
    /// <summary>The name of the ordering that a cursor belongs to.</summary>
    public static string OrderingOf<T>(IEnumerable<Sort<T>> sorts) =>
        string.Join(',', sorts.Select(sort => (sort.Descending ? "-" : "") + sort.Key.Name));

    /// <summary>The rows from the position on, in the direction of the cursor. Adds an error if the text is not a cursor of this list and ordering.</summary>
    public static IQueryable<T> Continue<T>(IQueryable<T> query, List<Sort<T>> sorts, string text, Errors errors, out bool backwards)
    {
        var cursor = text.Length == 0 ? null : Parse(text);
        backwards = cursor is { Backwards: true };
        if (text.Length == 0 || (cursor is not null && errors.Has("ordering")))
        {
            return query;
        }

        if (cursor is not null && cursor.Ordering == OrderingOf(sorts) && cursor.Values.Count == sorts.Count
            && query.After(sorts, cursor.Values, backwards) is { } rest)
        {
            return rest;
        }

        errors.Add("cursor", "Not a cursor of this list in this ordering. Use next and previous unchanged, or begin again with an empty cursor.");
        return query;
    }

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<object?[]>([Ordering, Backwards, .. Values]));

    private static Cursor? Parse(string text)
    {
        try
        {
            var json = JsonElement.Parse(Base64Url.DecodeFromChars(text));
            return json.ValueKind == JsonValueKind.Array && json.GetArrayLength() >= 2
                ? new Cursor(json[0].GetString()!, json[1].GetBoolean(), [.. json.EnumerateArray().Skip(2).Select(value => value.GetString())])
                : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

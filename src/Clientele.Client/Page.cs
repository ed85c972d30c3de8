using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>One page of a list, numbered from 1 (<c>?page=</c>) or reached by a cursor (<c>?cursor=</c>).</summary>
/// <typeparam name="T">The rows of the list.</typeparam>
public sealed record Page<T>
{
    /// <summary>The number of rows in the whole list; absent if the page was reached by a cursor.</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>Present and true if an exact count would be expensive and <c>count</c> is an estimate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? CountIsEstimate { get; init; }

    /// <summary>The absolute address of the next page, or null on the last one.</summary>
    /// <example>null</example>
    public required string? Next { get; init; }

    /// <summary>The absolute address of the previous page, or null on the first one.</summary>
    /// <example>null</example>
    public required string? Previous { get; init; }

    /// <summary>The rows of this page.</summary>
    public required IReadOnlyList<T> Results { get; init; }

    /// <summary>The value of <see cref="PageQuery.Cursor"/> for the next page; null on the last page, and on pages reached by number.</summary>
    [JsonIgnore]
    public string? NextCursor => CursorOf(Next);

    /// <summary>The value of <see cref="PageQuery.Cursor"/> for the previous page; null on the first page, and on pages reached by number.</summary>
    [JsonIgnore]
    public string? PreviousCursor => CursorOf(Previous);

    private static string? CursorOf(string? link)
    {
        const string name = "cursor=";
        var cursor = link is null ? null : new Uri(link).Query.TrimStart('?').Split('&').LastOrDefault(part => part.StartsWith(name, StringComparison.Ordinal));
        return cursor is null ? null : Uri.UnescapeDataString(cursor[name.Length..]);
    }
}

using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>One page of a list, numbered from 1 (<c>?page=</c>) or reached by a cursor (<c>?cursor=</c>).</summary>
/// <typeparam name="T">The rows of the list.</typeparam>
public sealed record Page<T>
{
    /// <summary>How many rows the whole list has; absent when the page was reached by a cursor.</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>Present and true where an exact count would be dear and <c>count</c> is an estimate.</summary>
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
}

namespace Clientele.Client;

/// <summary>Which events to read.</summary>
public sealed record EventQuery
{
    /// <summary>In place of a cursor: begins after the newest event.</summary>
    public const string Latest = "latest";

    /// <summary>The cursor of an earlier response; null begins with the oldest event that is kept, and <see cref="Latest"/> after the newest.</summary>
    public string? Cursor { get; init; }

    /// <summary>The types of events, such as <see cref="EventType.CustomerUpdated"/>; null for all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The customer whose events to read; null for all.</summary>
    public long? CustomerId { get; init; }

    /// <summary>The maximum number of events of a page: 100 by default, at most 1000.</summary>
    public int? PageSize { get; init; }

    /// <summary>How long the service waits for an event if there is none: not at all by default, at most 30 s. Whole seconds.</summary>
    public TimeSpan? Wait { get; init; }

    internal string ToQueryString()
    {
        var parameters = new QueryParameters();
        parameters.Add("cursor", Cursor);
        parameters.Add("types", Types is null ? null : string.Join(',', Types));
        parameters.Add("customer", CustomerId);
        parameters.Add("page_size", PageSize);
        parameters.Add("wait", Wait is { } wait ? (long)wait.TotalSeconds : null);
        return parameters.ToString();
    }
}

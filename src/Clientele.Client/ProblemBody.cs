using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>A failure as the service tells it (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record ProblemBody
{
    /// <summary>The address of the error code: <c>urn:clientele:problem:</c> and the code.</summary>
    /// <example>urn:clientele:problem:validation_failed</example>
    public required string Type { get; init; }

    /// <summary>The kind of failure in one sentence.</summary>
    /// <example>The request is not valid.</example>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>What went wrong this time, and what to do next.</summary>
    /// <example>email: This name is already taken.</example>
    public required string Detail { get; init; }

    /// <summary>Messages by member of the request, where single members are to blame.</summary>
    /// <example>{"email": ["This name is already taken."]}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Names this request in the service's log.</summary>
    /// <example>4bf92f3577b34da6a3ce929d0e0e4736</example>
    public required string TraceId { get; init; }
}

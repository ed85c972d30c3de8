using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>An error (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record ProblemBody
{
    /// <summary>The type of the error: <c>urn:clientele:problem:</c> and the error code.</summary>
    /// <example>urn:clientele:problem:validation_failed</example>
    public required string Type { get; init; }

    /// <summary>The type of the error in one sentence.</summary>
    /// <example>The request is not valid.</example>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>What went wrong in this request, and what to do next.</summary>
    /// <example>email: This name is already taken.</example>
    public required string Detail { get; init; }

    /// <summary>Messages by member of the request, if the error concerns single members.</summary>
    /// <example>{"email": ["This name is already taken."]}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Only with <c>factor_required</c>: what to send back with a second factor, within five minutes and from the same network.</summary>
    /// <example>123.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Challenge { get; init; }

    /// <summary>Only with <c>factor_required</c>: the kinds of second factors that the account has, such as <c>totp</c>.</summary>
    /// <example>["totp", "passkey", "recovery_code"]</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Factors { get; init; }

    /// <summary>Identifies this request in the service's log.</summary>
    /// <example>4bf92f3577b34da6a3ce929d0e0e4736</example>
    public required string TraceId { get; init; }
}

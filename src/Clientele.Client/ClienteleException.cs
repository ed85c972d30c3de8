using System.Net;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// The service returned an error. <see cref="Exception.Message"/> explains it to a developer. If the service cannot be
/// reached at all, calls throw <see cref="HttpRequestException"/> instead.
/// </summary>
public sealed class ClienteleException : Exception
{
    private const string TypePrefix = "urn:clientele:problem:";

    private ClienteleException(HttpStatusCode status, ProblemBody? problem, TimeSpan? retryAfter)
        : base(problem?.Detail ?? FormattableString.Invariant($"The service returned the status {(int)status} without a description."))
    {
        Status = status;
        Code = problem is { Type: { } type } && type.StartsWith(TypePrefix, StringComparison.Ordinal) ? type[TypePrefix.Length..] : "unknown";
        Errors = problem?.Errors ?? new Dictionary<string, string[]>();
        Challenge = problem?.Challenge;
        Factors = problem?.Factors ?? [];
        TraceId = problem?.TraceId;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>
    /// The stable error code, such as <c>validation_failed</c> or <c>stale_version</c>: the value to branch on.
    /// <c>unknown</c> if the response came not from the service itself but from a proxy or the like.
    /// </summary>
    public string Code { get; }

    /// <summary>Messages by member of the request (snake_case, as in JSON); empty if the error does not concern single members.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }

    /// <summary>With <c>factor_required</c>: the challenge for <see cref="ClienteleClient.SignInWithFactorAsync"/>; otherwise null.</summary>
    public string? Challenge { get; }

    /// <summary>With <c>factor_required</c>: the kinds of second factors of the account, such as <see cref="FactorKind.Totp"/>; otherwise empty.</summary>
    public IReadOnlyList<string> Factors { get; }

    /// <summary>Identifies the request in the service's log; null if the response did not come from the service itself.</summary>
    public string? TraceId { get; }

    /// <summary>How long to wait before another attempt; null if the service did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Reads the error from the response to a call that the client does not have, such as one of the program's own server.</summary>
    /// <param name="response">A response that is not a success.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static Task<ClienteleException> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        return OfAsync(response, response.Headers.RetryAfter?.Delta, cancellationToken);
    }

    internal static async Task<ClienteleException> OfAsync(HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ProblemBody? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                problem = JsonSerializer.Deserialize(body, WireJson.Default.ProblemBody);
            }
            catch (JsonException)
            {
                // The body was cut off, or a proxy wrote it: only the status is known.
            }
        }

        return new ClienteleException(response.StatusCode, problem, retryAfter);
    }
}

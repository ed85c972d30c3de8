using System.Net;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// The service refused a call. <see cref="Exception.Message"/> says why, in words for a developer. A service that cannot be
/// reached at all is an <see cref="HttpRequestException"/> instead.
/// </summary>
public sealed class ClienteleException : Exception
{
    private const string TypePrefix = "urn:clientele:problem:";

    private ClienteleException(HttpStatusCode status, ProblemBody? problem, TimeSpan? retryAfter)
        : base(problem?.Detail ?? FormattableString.Invariant($"The service answered {(int)status} without saying why."))
    {
        Status = status;
        Code = problem is { Type: { } type } && type.StartsWith(TypePrefix, StringComparison.Ordinal) ? type[TypePrefix.Length..] : "unknown";
        Errors = problem?.Errors ?? new Dictionary<string, string[]>();
        TraceId = problem?.TraceId;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>
    /// The stable error code, such as <c>validation_failed</c> or <c>stale_version</c>: the one thing to branch on.
    /// <c>unknown</c> where the answer did not come from the service itself but from something in between.
    /// </summary>
    public string Code { get; }

    /// <summary>Messages by member of the request (snake_case, as on the wire); empty where no single member is to blame.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }

    /// <summary>Names the request in the service's log; null where the answer did not come from the service itself.</summary>
    public string? TraceId { get; }

    /// <summary>How long to wait before another try makes sense; null where the service did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static async Task<ClienteleException> OfAsync(HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ProblemBody? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                problem = JsonSerializer.Deserialize(body, ClientJson.Default.ProblemBody);
            }
            catch (JsonException)
            {
                // Cut off or made by something in between: the status says what can be said.
            }
        }

        return new ClienteleException(response.StatusCode, problem, retryAfter);
    }
}

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Clientele.Server.Http;

/// <summary>Error responses (RFC 9457). <see cref="WriteAsync"/> writes every problem of the service.</summary>
internal static partial class Problems
{
    /// <summary>The prefix of the <c>type</c> of an error code: stable, and documented in docs/api/errors.md.</summary>
    public const string TypePrefix = "urn:clientele:problem:";

    /// <summary>Every error code, its status and what it means.</summary>
    public static readonly IReadOnlyDictionary<string, (int Status, string Title)> Codes = new Dictionary<string, (int, string)>
    {
        ["validation_failed"] = (400, "The request is not valid."),
        ["customer_unknown"] = (400, "The customer is not known."),
        ["malformed_body"] = (400, "The body is not valid JSON."),
        ["bad_request"] = (400, "The request could not be read."),
        ["invalid_token"] = (401, "Authentication is required."),
        ["invalid_credentials"] = (401, "The credentials are not valid."),
        ["factor_required"] = (401, "A second factor is required."),
        ["forbidden"] = (403, "The caller may not do this."),
        ["step_up_required"] = (403, "The caller must confirm who they are."),
        ["factor_enrolment_required"] = (403, "Staff need a second factor."),
        ["insufficient_scope"] = (403, "The API key does not have the scope."),
        ["not_found"] = (404, "Not found."),
        ["method_not_allowed"] = (405, "The method is not allowed here."),
        ["request_timeout"] = (408, "The request arrived too slowly."),
        ["conflict"] = (409, "The request conflicts with the current state."),
        ["customer_changed"] = (409, "The customer of this record never changes."),
        ["review_deleted"] = (409, "The review was deleted."),
        ["insufficient_points"] = (409, "There are not enough points."),
        ["not_reversible"] = (409, "This entry cannot be reversed."),
        ["already_reversed"] = (409, "The entry was already reversed."),
        ["last_admin"] = (409, "The last active admin must remain."),
        ["too_many_addresses"] = (409, "The customer already has the maximum number of addresses."),
        ["too_many_passkeys"] = (409, "The customer already has the maximum number of passkeys."),
        ["too_many_webhooks"] = (409, "There is already the maximum number of webhooks."),
        ["group_in_use"] = (409, "The rules of other groups refer to this one."),
        ["no_rule"] = (409, "No rule decides who is a member of the group."),
        ["cursor_expired"] = (410, "The cursor is too old."),
        ["request_in_progress"] = (409, "A request with this Idempotency-Key is still running."),
        ["stale_version"] = (412, "The resource has changed."),
        ["body_too_large"] = (413, "The body is too large."),
        ["uri_too_long"] = (414, "The address is too long."),
        ["unsupported_media_type"] = (415, "The type of the body is not supported here."),
        ["idempotency_key_reused"] = (422, "The Idempotency-Key was used for another request."),
        ["rate_limited"] = (429, "Too many requests."),
        ["headers_too_large"] = (431, "The headers are too large."),
        ["internal_error"] = (500, "The service failed unexpectedly."),
        ["unavailable"] = (503, "The service is not available at the moment."),
    };

    public static Problem Invalid(Errors errors) => new("validation_failed", errors.Summary) { Errors = errors.ToDictionary() };

    public static Problem Invalid(string member, string message) => Invalid(Errors.Of(member, message));

    public static Problem NotFound() => new("not_found", "The resource does not exist, or you may not see it.");

    public static Problem LastAdmin() =>
        new("last_admin", "This is the last active admin. Make another customer an admin first (clientele createsuperuser).");

    public static Problem Unavailable(string detail, int seconds) => new("unavailable", detail) { RetryAfter = seconds };

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, Of(context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error, context)),

            // They are logged where the response is written, with the trace id.
            SuppressDiagnosticsCallback = _ => true,
        });
        app.UseStatusCodePages(status => WriteAsync(status.HttpContext, OfStatus(status.HttpContext.Response.StatusCode)));
        app.Use(WithBrokenResponsesAsync);
    }

    /// <summary>A response that has begun cannot become a problem. It breaks off, so that the client notices, and the log says why.</summary>
    private static async Task WithBrokenResponsesAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (context.Response.HasStarted)
        {
            if (Of(failure, context) is { StatusCode: >= StatusCodes.Status500InternalServerError } problem)
            {
                LogFailure(context, problem, Tracing.IdOf(context));
            }

            context.Abort();
        }
    }

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        Headers.Apply(context);
        context.Response.StatusCode = problem.StatusCode;
        context.Response.Headers.ETag = default;
        if (problem.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = new ProblemBody
        {
            Type = TypePrefix + problem.Code,
            Title = Codes[problem.Code].Title,
            Status = problem.StatusCode,
            Detail = problem.Detail,
            Errors = problem.Errors,
            Challenge = problem.Challenge,
            Factors = problem.Factors,
            TraceId = Tracing.IdOf(context),
        };
        if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(context, problem, body.TraceId);
        }

        // Without a cancellation token: if the client has disconnected, the write does nothing, and with the request's token it would throw while an
        // error is being handled.
        return context.Response.WriteAsJsonAsync(body, Wire.For<ProblemBody>(admin: false), "application/problem+json");
    }

    private static Problem Of(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;
            case BadHttpRequestException unreadable:
                return OfStatus(unreadable.StatusCode, unreadable.Message);
            case IOException or InvalidOperationException when exception.StackTrace?.Contains("MessageBody", StringComparison.Ordinal) is true:
                // Kestrel has its own exception for bodies that it cannot read. But a chunk whose size overflows, or a trailer with control
                // characters, causes other exceptions.
                return OfStatus(StatusCodes.Status400BadRequest);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                // The client has disconnected; the status is for the log.
                return OfStatus(StatusCodes.Status408RequestTimeout);
        }

        if (Database.IsTransient(exception) || exception is OperationCanceledException)
        {
            context.RequestServices.GetRequiredService<Readiness>().Doubt();
            return new Problem(
                "unavailable",
                "The database did not respond in time. A change that was being committed may have been made: try again with the same Idempotency-Key.")
            {
                RetryAfter = 2,
                Reason = $"{exception.GetType().Name}: {exception.GetBaseException().Message}",
            };
        }

        return new Problem("internal_error", DetailOf("internal_error")) { Cause = exception };
    }

    /// <summary>Every failure of the service is in the log with its trace id: unexpected ones in full, the rest in short.</summary>
    private static void LogFailure(HttpContext context, Problem problem, string traceId)
    {
        if (problem.Cause is { } cause)
        {
            Log.Failed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems)), cause, traceId);
        }
        else
        {
            context.RequestServices.GetRequiredService<FailureLog>().Add(problem.Reason ?? problem.Detail, traceId);
        }
    }

    private static Problem OfStatus(int status, string? detail = null)
    {
        var code = status == StatusCodes.Status400BadRequest ? "bad_request"
            : Codes.FirstOrDefault(code => code.Value.Status == status).Key ?? (status >= 500 ? "internal_error" : "bad_request");
        return new Problem(code, detail ?? DetailOf(code)) { StatusCode = status };
    }

    /// <summary>The detail of a code if nothing more specific is known.</summary>
    public static string DetailOf(string code) => code switch
    {
        "invalid_token" => "Send an access token from /api/auth/token/ in the header Authorization: Bearer <token>.",
        "factor_required" => "The password is right. Send the challenge and a second factor to POST /api/auth/token/factor/.",
        "step_up_required" => "Confirm who you are: POST /api/auth/step_up/ returns an access token for this request, valid for five minutes.",
        "factor_enrolment_required" => "Set up a second factor first: POST /api/auth/factors/totp/. Staff need one here.",
        "forbidden" => "Only an admin may do this.",
        "insufficient_scope" => "The API key needs the scope customers:read for this call.",
        "not_found" => "The resource does not exist, or you may not see it.",
        "method_not_allowed" => "See the Allow header for the methods of this resource.",
        "unsupported_media_type" => "Send the body as application/json.",
        "body_too_large" => "The body is larger than this call allows. Send less.",
        "internal_error" => "The failure is in the log, under the trace id.",
        _ => Codes[code].Title,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request failed. Its trace id is {TraceId}.")]
        public static partial void Failed(ILogger logger, Exception cause, string traceId);
    }
}

/// <summary>A failure that a handler returns.</summary>
internal sealed class Problem(string code, string detail) : IResult, IStatusCodeHttpResult
{
    public string Code => code;

    public string Detail => detail;

    public int StatusCode { get; init; } = Problems.Codes[code].Status;

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What the caller must send back with a second factor.</summary>
    public string? Challenge { get; init; }

    /// <summary>The kinds of second factors that the account has.</summary>
    public IReadOnlyList<string>? Factors { get; init; }

    /// <summary>The number of seconds to wait before trying again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The unexpected exception, for the log.</summary>
    public Exception? Cause { get; init; }

    /// <summary>The text in the log instead of the detail.</summary>
    public string? Reason { get; init; }

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, this);
}

/// <summary>Carries a problem out of code that cannot return a result, such as the binding of a parameter.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}

/// <summary>The errors in a request, by member. Only the first twenty are reported, so that no response is larger than its request.</summary>
internal sealed class Errors
{
    public const int Most = 20;
    private const int LongestName = 100;

    private readonly Dictionary<string, List<string>> _errors = [];
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>No more errors will be reported, so looking for more can stop.</summary>
    public bool IsFull => Count >= Most;

    public string Summary => string.Join(' ', _errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")).Take(3));

    public static Errors Of(string member, string message)
    {
        var errors = new Errors();
        errors.Add(member, message);
        return errors;
    }

    /// <summary>A text from the client, cut to the length in which a response may repeat it.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= LongestName)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[LongestName - 2]) ? LongestName - 2 : LongestName - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    public bool Has(string member) => _errors.ContainsKey(member);

    /// <summary>Adds an error unless the condition is met.</summary>
    public void Require(bool isMet, string member, string message)
    {
        if (!isMet)
        {
            Add(member, message);
        }
    }

    public void Add(string member, string message)
    {
        if (IsFull)
        {
            return;
        }

        Count++;
        var name = Cut(member);
        _errors.TryAdd(name, []);
        _errors[name].Add(message);
    }

    public Dictionary<string, string[]> ToDictionary() => _errors.ToDictionary(error => error.Key, error => error.Value.ToArray());
}

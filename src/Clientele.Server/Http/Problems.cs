using Clientele.Server.Data;
using Clientele.Server.Operations;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Clientele.Server.Http;

/// <summary>How failure looks on the wire (RFC 9457). Every problem of the service is written by <see cref="WriteAsync"/>.</summary>
internal static partial class Problems
{
    /// <summary>The address of an error code: stable, and documented in docs/api/errors.md.</summary>
    public const string TypePrefix = "urn:clientele:problem:";

    /// <summary>Every error code, its status and what it means.</summary>
    public static readonly IReadOnlyDictionary<string, (int Status, string Title)> Codes = new Dictionary<string, (int, string)>
    {
        ["validation_failed"] = (400, "The request is not valid."),
        ["malformed_body"] = (400, "The body is not valid JSON."),
        ["bad_request"] = (400, "The request could not be read."),
        ["invalid_token"] = (401, "Authentication is required."),
        ["invalid_credentials"] = (401, "The credentials are not valid."),
        ["forbidden"] = (403, "The caller may not do this."),
        ["not_found"] = (404, "Not found."),
        ["method_not_allowed"] = (405, "The method is not allowed here."),
        ["request_timeout"] = (408, "The request came too slowly."),
        ["conflict"] = (409, "The request conflicts with the present state."),
        ["customer_changed"] = (409, "The customer of this record never changes."),
        ["review_deleted"] = (409, "The review was deleted."),
        ["insufficient_points"] = (409, "There are not enough points."),
        ["not_reversible"] = (409, "This entry cannot be reversed."),
        ["already_reversed"] = (409, "The entry was reversed before."),
        ["last_admin"] = (409, "The last active admin has to stay."),
        ["too_many_addresses"] = (409, "The customer has as many addresses as are allowed."),
        ["group_in_use"] = (409, "Other groups ask for the members of this one."),
        ["no_rule"] = (409, "No rule decides who is a member of the group."),
        ["request_in_progress"] = (409, "A request with this Idempotency-Key is still running."),
        ["stale_version"] = (412, "The resource has changed."),
        ["body_too_large"] = (413, "The body is too large."),
        ["uri_too_long"] = (414, "The address is too long."),
        ["unsupported_media_type"] = (415, "The body is of a type that is not understood here."),
        ["idempotency_key_reused"] = (422, "The Idempotency-Key was used for another request."),
        ["rate_limited"] = (429, "Too many requests."),
        ["headers_too_large"] = (431, "The headers are too large."),
        ["internal_error"] = (500, "Something went wrong here."),
        ["unavailable"] = (503, "The service cannot answer just now."),
    };

    public static Problem Invalid(Errors errors) => new("validation_failed", errors.Summary) { Errors = errors.ToDictionary() };

    public static Problem Invalid(string member, string message)
    {
        var errors = new Errors();
        errors.Add(member, message);
        return Invalid(errors);
    }

    public static Problem NotFound() => new("not_found", "There is nothing here that you may see.");

    public static Problem LastAdmin() =>
        new("last_admin", "This is the last active admin. Make another customer an admin first (clientele createsuperuser).");

    public static Problem Unavailable(string detail, int seconds) => new("unavailable", detail) { RetryAfter = seconds };

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, Of(context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error, context)),

            // They are logged where they are answered, with the trace id.
            SuppressDiagnosticsCallback = _ => true,
        });
        app.UseStatusCodePages(status => WriteAsync(status.HttpContext, OfStatus(status.HttpContext.Response.StatusCode)));
    }

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        Headers.Apply(context);
        context.Response.StatusCode = problem.StatusCode;
        context.Response.Headers.ETag = default;
        if (problem.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
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
            TraceId = Tracing.IdOf(context),
        };
        if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(context, problem, body.TraceId);
        }

        // Without a token: to somebody who has hung up this says nothing, and with the request's own it would fail in the midst of a failure.
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
                // Kestrel has an exception for bodies that it cannot read. From a chunk of more bytes than there are numbers and from a trailer
                // with control characters, others escape.
                return OfStatus(StatusCodes.Status400BadRequest);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                // Nobody is listening; the status is for the log.
                return OfStatus(StatusCodes.Status408RequestTimeout);
        }

        if (Database.IsTransient(exception) || exception is OperationCanceledException)
        {
            context.RequestServices.GetRequiredService<Readiness>().Doubt();
            return new Problem("unavailable", "The database did not answer in time. A change that was being committed may have been made: try again with the same Idempotency-Key.")
            {
                RetryAfter = 2,
                Reason = $"{exception.GetType().Name}: {exception.GetBaseException().Message}",
            };
        }

        return new Problem("internal_error", DetailOf("internal_error")) { Cause = exception };
    }

    /// <summary>Every failure of ours is found in the log by its trace id: what was not foreseen with all that is known, the rest in short.</summary>
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
        var code = Codes.FirstOrDefault(code => code.Value.Status == status && code.Key is not ("validation_failed" or "malformed_body")).Key
            ?? (status >= 500 ? "internal_error" : "bad_request");
        return new Problem(code, detail ?? DetailOf(code)) { StatusCode = status };
    }

    /// <summary>What a code has to say where nothing more is known.</summary>
    public static string DetailOf(string code) => code switch
    {
        "invalid_token" => "Send an access token from /api/auth/token/ in the header Authorization: Bearer <token>.",
        "forbidden" => "This takes an admin.",
        "not_found" => "There is nothing here that you may see.",
        "method_not_allowed" => "See the Allow header for the methods of this resource.",
        "unsupported_media_type" => "Send the body as application/json.",
        "body_too_large" => "The body is larger than this call allows. Send less.",
        "internal_error" => "The failure has been logged under the trace id.",
        _ => Codes[code].Title,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request failed under the trace id {TraceId}.")]
        public static partial void Failed(ILogger logger, Exception cause, string traceId);
    }
}

/// <summary>A failure as a handler returns it.</summary>
internal sealed class Problem(string code, string detail) : IResult, IStatusCodeHttpResult
{
    public string Code => code;

    public string Detail => detail;

    public int StatusCode { get; init; } = Problems.Codes[code].Status;

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Seconds after which another try makes sense.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What has not been foreseen, for the log.</summary>
    public Exception? Cause { get; init; }

    /// <summary>What the log says instead of the detail.</summary>
    public string? Reason { get; init; }

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, this);
}

/// <summary>Carries a problem out of code that has no result of its own, such as the binding of a parameter.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}

/// <summary>What is wrong with a request, by member: the first twenty faults, for no answer may be larger than what was asked.</summary>
internal sealed class Errors
{
    public const int Most = 20;
    private const int LongestName = 100;

    private readonly Dictionary<string, List<string>> _errors = [];
    private int _count;

    public bool Any => _count > 0;

    /// <summary>Nothing more will be told: whatever goes on looking for faults can stop.</summary>
    public bool IsFull => _count >= Most;

    public string Summary => string.Join(' ', _errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")).Take(3));

    /// <summary>A text of the client's as an answer may repeat it.</summary>
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

    public void Add(string member, string message)
    {
        if (IsFull)
        {
            return;
        }

        _count++;
        var name = Cut(member);
        if (!_errors.TryGetValue(name, out var messages))
        {
            _errors[name] = messages = [];
        }

        messages.Add(message);
    }

    public Dictionary<string, string[]> ToDictionary() => _errors.ToDictionary(error => error.Key, error => error.Value.ToArray());
}

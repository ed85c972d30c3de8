using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Client;

/// <summary>How often a call may be sent.</summary>
internal enum Repeat
{
    /// <summary>The call has the same effect however often it arrives.</summary>
    Freely,

    /// <summary>After the service has used up a refresh token, it repeats the same response for ten seconds only.</summary>
    Briefly,

    /// <summary>Every attempt counts.</summary>
    Never,
}

/// <summary>One call of the service, which may take several requests.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    public byte[]? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>The same for all attempts, so that a POST takes effect once.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Sends no access token.</summary>
    public bool IsPublic { get; init; }

    public Repeat Repeat { get; init; }

    /// <summary>An id of another system as a segment of a path.</summary>
    public static string Part(string id, [CallerArgumentExpression(nameof(id))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id, name);

        // As segments of a path they mean another resource, escaped or not.
        return id is "." or ".." ? throw new ArgumentException("An id must not be . or ..", name) : Uri.EscapeDataString(id);
    }

    public static Call Get(string path, string? ifNoneMatch = null) => new(HttpMethod.Get, path) { IfNoneMatch = ifNoneMatch };

    public static Call Delete(string path, string? ifMatch) => new(HttpMethod.Delete, path) { IfMatch = ifMatch };

    public static Call Post(string path, string? idempotencyKey = null) =>
        new(HttpMethod.Post, path) { IdempotencyKey = idempotencyKey ?? Guid.NewGuid().ToString() };

    public static Call Post<T>(string path, T request, JsonTypeInfo<T> info, string? idempotencyKey = null)
        where T : class => Post(path, idempotencyKey) with { Body = Json(request, info) };

    public static Call Put<T>(string path, T request, JsonTypeInfo<T> info, string? ifMatch)
        where T : class => new(HttpMethod.Put, path) { Body = Json(request, info), IfMatch = ifMatch };

    public static Call Patch(string path, MergePatch patch, string? ifMatch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return new(HttpMethod.Patch, path) { Body = patch.ToJson(), MediaType = "application/merge-patch+json", IfMatch = ifMatch };
    }

    private static byte[] Json<T>(T request, JsonTypeInfo<T> info)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.SerializeToUtf8Bytes(request, info);
    }
}

/// <summary>Sends calls with the session's token, retries transient failures, and turns error responses into exceptions.</summary>
internal sealed class Connection
{
    /// <summary>The service allows ten seconds; two are left for the way to the service.</summary>
    private static readonly TimeSpan BrieflyMeans = TimeSpan.FromSeconds(8);

    private readonly HttpClient _http;
    private readonly ClienteleClientOptions _options;
    private readonly Uri _address;

    public Connection(HttpClient http, ClienteleClientOptions options)
    {
        var address = http.BaseAddress?.AbsoluteUri
            ?? throw new ArgumentException("The HttpClient needs a BaseAddress: the address of the service.", nameof(http));
        (_http, _options) = (http, options);
        _address = new Uri(address.EndsWith('/') ? address : address + "/");
        Session = new Session(this, options);
    }

    public Session Session { get; }

    public Task<TokenResponse> CreateTokenAsync(string username, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        var request = new TokenRequest { Username = username, Password = password };
        return TokenAsync(Call.Post("api/auth/token/", request, WireJson.Default.TokenRequest), Repeat.Never, cancellationToken);
    }

    public Task<TokenResponse> CreateTokenWithFactorAsync(string challenge, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(code);
        var request = new FactorTokenRequest { Challenge = challenge, Code = code };
        return TokenAsync(Call.Post("api/auth/token/factor/", request, WireJson.Default.FactorTokenRequest), Repeat.Never, cancellationToken);
    }

    public Task<StepUpResponse> StepUpAsync(StepUpRequest request, CancellationToken cancellationToken)
    {
        var call = Call.Post("api/auth/step_up/", request, WireJson.Default.StepUpRequest);
        return AskAsync(call with { IdempotencyKey = null, Repeat = Repeat.Never }, WireJson.Default.StepUpResponse, cancellationToken);
    }

    public Task<TokenResponse> RefreshTokenAsync(string refresh, CancellationToken cancellationToken) => TokenAsync(
        Call.Post("api/auth/token/refresh/", new RefreshRequest { Refresh = refresh }, WireJson.Default.RefreshRequest), Repeat.Briefly, cancellationToken);

    public Task RevokeTokenAsync(string refresh, CancellationToken cancellationToken)
    {
        var call = Call.Post("api/auth/token/revoke/", new RefreshRequest { Refresh = refresh }, WireJson.Default.RefreshRequest);
        return DoAsync(call with { IdempotencyKey = null, IsPublic = true }, cancellationToken);
    }

    /// <summary>Sends a call whose response has no body.</summary>
    public async Task DoAsync(Call call, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> AskAsync<T>(Call call, JsonTypeInfo<T> info, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, info, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Versioned<T>> ResourceAsync<T>(Call call, JsonTypeInfo<T> info, CancellationToken cancellationToken) =>
        (await ResourceIfChangedAsync(call, info, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Returns null if the caller already has the current version.</summary>
    public async Task<Versioned<T>?> ResourceIfChangedAsync<T>(Call call, JsonTypeInfo<T> info, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotModified
            ? null
            : new Versioned<T>(await ReadAsync(response, info, cancellationToken).ConfigureAwait(false), response.Headers.ETag?.ToString() ?? "");
    }

    /// <summary>Walks a list from page to page.</summary>
    public async IAsyncEnumerable<T> WalkAsync<T>(
        string path, PageQuery? query, JsonTypeInfo<Page<T>> info, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var next = PageQuery.FromStart(query); next is not null;)
        {
            var page = await AskAsync(Call.Get(path + next), info, cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Results)
            {
                yield return row;
            }

            // Use only the query: the token must go to the configured host, whatever host name the service puts into its links.
            next = page.Next is { } link ? new Uri(link).Query : null;
        }
    }

    private Task<TokenResponse> TokenAsync(Call call, Repeat repeat, CancellationToken cancellationToken) =>
        AskAsync(call with { IdempotencyKey = null, IsPublic = true, Repeat = repeat }, WireJson.Default.TokenResponse, cancellationToken);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> info, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize(body, info) ?? throw new JsonException("The response is null.");
    }

    private async Task<HttpResponseMessage> SendAsync(Call call, CancellationToken cancellationToken)
    {
        var tokens = call.IsPublic ? null : await Session.CurrentAsync(cancellationToken).ConfigureAwait(false);
        var (renewed, lost, started) = (false, false, _options.Clock.GetTimestamp());
        for (var retries = 0; ;)
        {
            var (response, failure) = await AttemptAsync(call, tokens, cancellationToken).ConfigureAwait(false);
            if (response is not null && IsDone(call, response, lost))
            {
                return response;
            }

            using var failed = response;
            if (failed?.StatusCode == HttpStatusCode.Unauthorized && tokens is not null && (tokens.IsSteppedUp || Session.CanRenew(tokens)) && !renewed)
            {
                // After a stepped-up token, the ordinary one is tried, and then renewed.
                (renewed, tokens) = (!tokens.IsSteppedUp, await Session.RenewAsync(tokens, cancellationToken).ConfigureAwait(false));
            }
            else if ((failed is null ? Pause(call, failure!, retries, started) : Pause(call, failed, retries, started)) is { } pause)
            {
                lost |= failed is null ? HasArrived(failure!) : failed.StatusCode >= HttpStatusCode.InternalServerError;
                retries++;
                await Task.Delay(pause, _options.Clock, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                throw failed is null ? failure! : await ClienteleException.OfAsync(failed, RetryAfter(failed), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends a request. There is a response, or a failure to get one in time.</summary>
    private async Task<(HttpResponseMessage? Response, HttpRequestException? Failure)> AttemptAsync(
        Call call, TokenPair? tokens, CancellationToken cancellationToken)
    {
        using var request = Request(call, tokens);
        try
        {
            return (await _http.SendAsync(request, cancellationToken).ConfigureAwait(false), null);
        }
        catch (HttpRequestException failure)
        {
            return (null, failure);
        }
        catch (OperationCanceledException timeout) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new HttpRequestException("The service did not respond in time.", timeout));
        }
    }

    /// <summary>A repeated DELETE that finds nothing has been done by an attempt whose response was lost.</summary>
    private static bool IsDone(Call call, HttpResponseMessage response, bool lost) =>
        response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified
        || (lost && call.Method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound);

    private HttpRequestMessage Request(Call call, TokenPair? tokens)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(_address, call.Path));
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(call.MediaType) } };
        }

        var credential = tokens?.Access ?? (call.IsPublic ? null : _options.ApiKey);
        if (credential is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        Add("If-Match", call.IfMatch);
        Add("If-None-Match", call.IfNoneMatch);
        Add("Idempotency-Key", call.IdempotencyKey);
        return request;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>Whether the service may have received the request. Without a connection it cannot have.</summary>
    private static bool HasArrived(HttpRequestException failure) =>
        failure is not { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    /// <summary>How long to wait after a request that got no response; null if there must not be another.</summary>
    private TimeSpan? Pause(Call call, HttpRequestException failure, int retries, long started)
    {
        // If the response to a conditional change was lost, a retry could not tell its own change from somebody else's.
        var isSafe = !HasArrived(failure) || (call.IfMatch is null && call.Repeat != Repeat.Never);
        return isSafe ? Pause(call, null as TimeSpan?, retries, started) : null;
    }

    /// <summary>How long to wait after this response; null if there must not be another attempt.</summary>
    private TimeSpan? Pause(Call call, HttpResponseMessage response, int retries, long started) =>
        IsTransient(response) && call.Repeat != Repeat.Never ? Pause(call, RetryAfter(response), retries, started) : null;

    private TimeSpan? Pause(Call call, TimeSpan? wanted, int retries, long started)
    {
        var longest = _options.LongestRetryDelay;
        var backoff = TimeSpan.FromMilliseconds(Math.Min(_options.RetryDelay.TotalMilliseconds * Math.Pow(2, retries), longest.TotalMilliseconds));
        var pause = wanted ?? backoff * (RandomNumberGenerator.GetInt32(500, 1001) / 1000.0);
        var isOver = call.Repeat == Repeat.Briefly && _options.Clock.GetElapsedTime(started) + pause > BrieflyMeans;
        return retries < _options.MaxRetries && pause <= longest && !isOver ? pause : null;
    }

    private static bool IsTransient(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => true,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,

        // The first attempt of this call is still running; other conflicts have no Retry-After.
        HttpStatusCode.Conflict => response.Headers.RetryAfter is not null,
        _ => false,
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > _options.Clock.GetUtcNow() ? date - _options.Clock.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}

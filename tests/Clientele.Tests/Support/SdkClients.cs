using System.Collections.Concurrent;
using System.Net;
using Clientele.Client;

namespace Clientele.Tests.Support;

/// <summary>A request of the SDK, as it was sent.</summary>
public sealed record SentRequest(HttpMethod Method, string Path, string? Key, string? Authorization, string Body);

/// <summary>SDK clients for the app under test.</summary>
public static class SdkClients
{
    /// <summary>A client that has not signed in; its requests go through <paramref name="wire"/>.</summary>
    public static ClienteleClient Client(this ClienteleApp app, Wiretap? wire = null, Action<ClienteleClientOptions>? with = null)
    {
        var options = new ClienteleClientOptions { Clock = app.Clock, RetryDelay = TimeSpan.FromMilliseconds(1) };
        with?.Invoke(options);
        return new ClienteleClient(wire is null ? app.CreateClient() : new HttpClient(wire) { BaseAddress = app.Address }, options);
    }

    /// <summary>A client that continues an actor's session.</summary>
    public static ClienteleClient Client(this ClienteleApp app, Actor actor, Wiretap? wire = null, Action<ClienteleClientOptions>? with = null) =>
        app.Client(wire, options =>
        {
            options.Tokens = new TokenPair { Access = actor.Access, Refresh = actor.Refresh, ExpiresAt = app.Clock.GetUtcNow().AddMinutes(15) };
            with?.Invoke(options);
        });
}

/// <summary>Records what the SDK sends, and loses or replaces responses like a bad network.</summary>
public sealed class Wiretap : DelegatingHandler
{
    private readonly ConcurrentQueue<SentRequest> _sent = [];
    private readonly ConcurrentQueue<(string Path, Func<HttpResponseMessage> Answer, bool Delivered)> _accidents = [];

    public Wiretap()
        : base(new SocketsHttpHandler { UseCookies = false })
    {
    }

    public IReadOnlyList<SentRequest> Sent => [.. _sent];

    public IEnumerable<SentRequest> To(string path) => _sent.Where(request => request.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>The service gets the next request to the path, but its response is lost.</summary>
    public Wiretap LoseAnswerOf(string path, Exception? failure = null)
    {
        _accidents.Enqueue((path, () => throw failure ?? new HttpRequestException("The connection was lost."), true));
        return this;
    }

    /// <summary>The next request to the path finds nobody who listens.</summary>
    public Wiretap Refuse(string path)
    {
        _accidents.Enqueue((path, () => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused."), false));
        return this;
    }

    /// <summary>The next request to the path does not reach the service; this response is returned instead.</summary>
    public Wiretap AnswerInstead(string path, HttpStatusCode status, TimeSpan? retryAfter = null)
    {
        _accidents.Enqueue((path, () =>
        {
            var response = new HttpResponseMessage(status);
            response.Headers.RetryAfter = retryAfter is { } pause ? new(pause) : null;
            return response;
        }, false));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        _sent.Enqueue(new SentRequest(
            request.Method,
            path,
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Headers.Authorization?.Parameter,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        if (!_accidents.TryPeek(out var accident) || !path.StartsWith(accident.Path, StringComparison.Ordinal) || !_accidents.TryDequeue(out accident))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (accident.Delivered)
        {
            using var lost = await base.SendAsync(request, cancellationToken);
        }

        return accident.Answer();
    }
}

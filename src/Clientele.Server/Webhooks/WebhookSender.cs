using System.Net.Http.Headers;
using System.Net.Sockets;
using Clientele.Server.Operations;

namespace Clientele.Server.Webhooks;

/// <summary>Sends a signed request to a receiver, once, and reads the beginning of the answer.</summary>
internal sealed class WebhookSender(
    IHttpClientFactory clients, WebhookTargets targets, WebhookSecrets secrets, IOptions<WebhookSettings> settings, TimeProvider clock)
{
    private const string ContentType = "application/cloudevents+json";
    private const int MostOfAnswer = 1024;

    private static readonly string UserAgent = $"Clientele/{BuildInfo.Version}";

    /// <summary>
    /// Adds the client. It follows no redirections, which could lead to another host, uses no proxy, which would connect to addresses that nobody has
    /// checked, and keeps no cookies. Addresses of receivers are not logged, because some contain a secret.
    /// </summary>
    public static void AddClient(IServiceCollection services) => services.AddHttpClient(nameof(WebhookSender)).RemoveAllLoggers()
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = provider.GetRequiredService<WebhookTargets>().ConnectAsync,
        });

    /// <summary>Sends a body. Throws only if the node stops: then nobody knows what has become of it.</summary>
    public async Task<WebhookAttempt> SendAsync(Webhook webhook, string id, byte[] body, CancellationToken stoppingToken)
    {
        if (targets.Complaint(webhook.Url) is { } complaint)
        {
            return new(null, 0, null, $"The url is not allowed: {complaint}");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.Value.TimeoutSeconds));
        var begun = clock.GetTimestamp();
        int? status = null;
        string? answer = null;
        try
        {
            using var request = Request(webhook, id, body);
            using var client = clients.CreateClient(nameof(WebhookSender));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            status = (int)response.StatusCode;
            answer = await BeginningAsync(response, limit.Token);
            var wait = response.Headers.RetryAfter;
            return new(status, Elapsed(begun), answer, Complaint(status.Value)) { RetryAfter = wait?.Delta ?? (wait?.Date - clock.GetUtcNow()) };
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested && Describe(failure) is { } reason)
        {
            // A receiver that has accepted the event and then breaks off has accepted it.
            return new(status, Elapsed(begun), answer, status is { } known ? Complaint(known) : reason);
        }
    }

    private HttpRequestMessage Request(Webhook webhook, string id, byte[] body)
    {
        var now = clock.Now();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = content };
        request.Headers.UserAgent.ParseAdd(UserAgent);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", new DateTimeOffset(now).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", secrets.Sign(webhook, id, now, body));
        return request;
    }

    /// <summary>The first kilobyte, as text that every database can store. The rest stays unread.</summary>
    private static async Task<string?> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostOfAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, 0, length).Select(c => c is '\n' or '\r' or '\t' || !char.IsControl(c) ? c : '\uFFFD');
        return length == 0 ? null : string.Concat(text);
    }

    private static string? Complaint(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => string.Create(CultureInfo.InvariantCulture, $"The receiver answered with {status}. Redirections are not followed."),
        StatusCodes.Status410Gone => "The receiver answered with 410: it is gone. The webhook was turned off.",
        _ => string.Create(CultureInfo.InvariantCulture, $"The receiver answered with {status}."),
    };

    /// <summary>Why there was no answer, without the address; null for a failure of another kind.</summary>
    private string? Describe(Exception failure) => failure switch
    {
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"There was no answer within {settings.Value.TimeoutSeconds} s."),
        CryptographicException => "The secret cannot be decrypted: its key is gone. Rotate the secret.",
        HttpRequestException { InnerException: RefusedAddressException refused } => refused.Message,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } or
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "The name of the host could not be resolved.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "There was no secure connection: is the certificate valid?",
        HttpRequestException or IOException => "The connection failed.",
        _ => null,
    };

    private int Elapsed(long begun) => (int)Math.Min(int.MaxValue, clock.GetElapsedTime(begun).TotalMilliseconds);
}

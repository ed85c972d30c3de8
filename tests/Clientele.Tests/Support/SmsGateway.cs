using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Support;

/// <summary>A request to the gateway.</summary>
public sealed record GatewayRequest(string Key, string Authorization, string ContentType, string Body)
{
    /// <summary>A member of the form; empty if there is none.</summary>
    public string this[string member] => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Body)[member].ToString();
}

/// <summary>The HTTP gateway of an SMS provider, on loopback, whose faults a test chooses.</summary>
public sealed class SmsGateway : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<GatewayRequest> _requests = new();
    private volatile int _status = StatusCodes.Status201Created;
    private volatile bool _isSilent;

    private SmsGateway(WebApplication server) => _server = server;

    /// <summary>The status of all responses.</summary>
    public int Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Whether the gateway takes requests and does not respond.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    public IReadOnlyList<GatewayRequest> Requests => [.. _requests];

    /// <summary>The settings with which an app sends its SMS here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Sms:Url"] = $"{_server.Urls.First()}/2010-04-01/Accounts/AC1/Messages.json",
        ["Sms:User"] = "AC1",
        ["Sms:Password"] = "secret",
        ["Sms:From"] = "+15005550006",
        ["Sms:TimeoutSeconds"] = "60",
    };

    public static async Task<SmsGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var gateway = new SmsGateway(server);
        server.Run(gateway.RespondAsync);
        await server.StartAsync();
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        _ending.Dispose();
    }

    private async Task RespondAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        _requests.Enqueue(new(
            headers["Idempotency-Key"].ToString(), headers.Authorization.ToString(), $"{context.Request.ContentType}", await reader.ReadToEndAsync()));
        if (IsSilent)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = Status;
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"status": {{Status}}}"""));
    }
}

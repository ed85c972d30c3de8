using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Server.Events;
using Clientele.Server.Webhooks;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Webhooks;

/// <summary>A request that a receiver has got.</summary>
internal sealed record ReceivedEvent(string Id, string Timestamp, string Signature, string ContentType, string UserAgent, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Type => (string)Json["type"]!;

    public long Customer => long.Parse((string)Json["customer"]!, CultureInfo.InvariantCulture);

    public CustomerEvent Verify(ClienteleApp app, params string[] secrets) => new WebhookVerifier(app.Clock, secrets).Verify(Id, Timestamp, Signature, Body);
}

/// <summary>A receiver of webhooks, on loopback, whose answers a test chooses.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<ReceivedEvent> _received = new();
    private int _busy;

    private Receiver(WebApplication server) => _server = server;

    /// <summary>The host and the port.</summary>
    public string Host => new Uri(_server.Urls.First()).Authority;

    public string Url => $"http://{Host}/hook";

    public IReadOnlyList<ReceivedEvent> Received => [.. _received];

    public IReadOnlyList<string> Types => [.. Received.Select(one => one.Type)];

    /// <summary>The largest number of requests at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>What the receiver does with a request; by default it accepts it.</summary>
    public Func<ReceivedEvent, HttpContext, Task> Answer { get; set; } = (_, context) => context.Response.WriteAsync("ok");

    /// <summary>The settings with which an app sends webhooks here.</summary>
    public Dictionary<string, string?> Settings => new() { ["Webhooks:AllowedHosts:0"] = Host };

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(server);
        server.Run(receiver.RespondAsync);
        await server.StartAsync();
        return receiver;
    }

    public void Respond(int status, string text = "") => Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        return text.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(text);
    };

    /// <summary>Takes the request and does not answer.</summary>
    public void KeepSilent() => Answer = (_, context) => SilenceAsync(context);

    public async Task SilenceAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, context.RequestAborted);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Creates a webhook that leads here.</summary>
    public async Task<(string Url, string Secret)> HookAsync(Actor admin, string[]? types = null, long[]? groups = null, string path = "hook")
    {
        var created = (await admin.Post("/api/webhooks/", new { url = $"http://{Host}/{path}", types, groups })).Expect(201);
        return ($"/api/webhooks/{created["id"]}/", (string)created["secret"]!);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        _ending.Dispose();
    }

    private async Task RespondAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var received = new ReceivedEvent(
            headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(),
            $"{context.Request.ContentType}", headers.UserAgent.ToString(), body.ToArray());
        _received.Enqueue(received);
        var busy = Interlocked.Increment(ref _busy);
        lock (_received)
        {
            MostAtOnce = Math.Max(MostAtOnce, busy);
        }

        try
        {
            await Answer(received, context);
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }
}

/// <summary>Delivering from inside the app.</summary>
internal static class Delivering
{
    /// <summary>Gives all events their places, and delivers what is due.</summary>
    public static async Task DeliverAsync(this ClienteleApp app)
    {
        await app.PlaceEventsAsync();
        await app.Services.GetRequiredService<WebhookWorker>().DrainAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stores deliveries that have ended, of events that never were.</summary>
    public static Task<int> StoreDeliveriesAsync(this ClienteleApp app, Guid webhook, long customer, int count) => app.WithDatabaseAsync(db =>
    {
        db.AddRange(Enumerable.Range(1, count).Select(number => new WebhookDelivery
        {
            CustomerId = customer,
            Id = Guid.CreateVersion7(),
            WebhookId = webhook,
            GroupId = LoggedEvent.NoGroup,
            Number = number,
            Kind = EventKind.CustomerUpdated,
            Position = number,
            State = DeliveryState.Delivered,
            CreatedAt = app.Clock.GetUtcNow().UtcDateTime,
        }));
        return db.SaveChangesAsync();
    });

    /// <summary>Stores the delivery of the registration of a customer.</summary>
    public static async Task<Guid> DeliveredRegistrationAsync(this ClienteleApp app, Guid webhook, long customer)
    {
        await app.PlaceEventsAsync();
        return await app.WithDatabaseAsync(async db =>
        {
            var registered = await db.Events.SingleAsync(e => e.CustomerId == customer && e.Kind == EventKind.CustomerRegistered);
            var delivery = WebhookDelivery.Of(webhook, registered, app.Clock.GetUtcNow().UtcDateTime);
            delivery.End(DeliveryState.Delivered, delivery.CreatedAt);
            db.Add(delivery);
            await db.SaveChangesAsync();
            return delivery.Id;
        });
    }

    /// <summary>Deliveries of a webhook, the oldest first.</summary>
    public static async Task<IReadOnlyList<JsonNode>> DeliveriesAsync(this Actor admin, string webhook, string filter = "") =>
        [.. (await admin.Get($"{webhook}deliveries/?ordering=created_at&page_size=100{filter}")).Expect(200)["results"].AsArray().Select(one => one!)];

    /// <summary>An app that may send to the receiver.</summary>
    public static Task<ClienteleApp> AppAsync(this Receiver receiver, params (string Name, string Value)[] settings) => ClienteleApp.StartAsync(
        new() { Settings = receiver.Settings.Concat(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).ToDictionary() });
}

using System.Collections.Concurrent;
using Clientele.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Guides;

/// <summary>The ids of the events that the receiver has applied.</summary>
public sealed class Applied
{
    private readonly ConcurrentDictionary<string, bool> _ids = [];

    public ICollection<string> Ids => _ids.Keys;

    public bool TryAdd(string id) => _ids.TryAdd(id, true);
}

/// <summary>The receiver in docs/guides/receiving-events.md.</summary>
internal static class EventReceiver
{
    public static WebApplication Build(int port, WebhookVerifier verifier)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(verifier).AddSingleton<Applied>();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.MapPost("/webhooks/clientele", async (HttpRequest request, WebhookVerifier verifier, Applied applied) =>
        {
            // The signature is about the bytes, so they are read as they are.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (!verifier.TryVerify(
                request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body.ToArray(), out var happened))
            {
                return Results.StatusCode(400);
            }

            // In the transaction that applies the event: an id that is there already has been applied.
            if (applied.TryAdd(happened.Id) && happened.Type == EventType.CustomerUpdated && happened.ReadData<CustomerUpdatedData>() is { } data)
            {
                Console.WriteLine($"Customer {happened.CustomerId} has changed {string.Join(", ", data.Changed.Keys)}.");
            }

            return Results.NoContent();
        });
        return app;
    }

    public static async Task FollowAsync(
        ClienteleClient client, Func<Task<string?>> readCursor, Func<string, CancellationToken, Task> storeCursor, CancellationToken cancellationToken)
    {
        await foreach (var happened in client.Events.FollowAsync(storeCursor, new() { Cursor = await readCursor() }, cancellationToken))
        {
            Console.WriteLine($"{happened.Type} of customer {happened.CustomerId}");
        }
    }
}

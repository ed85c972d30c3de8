using System.Collections.Concurrent;
using System.Text.Json;

namespace Clientele.Bench.Webhooks;

/// <summary>A receiver that accepts everything at once, and measures how old the events are when they arrive.</summary>
internal sealed class WorkingReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<double> _lags = new();

    private WorkingReceiver(WebApplication server) => _server = server;

    public int Port => new Uri(_server.Urls.First()).Port;

    /// <summary>The ages of the events, in milliseconds.</summary>
    public IReadOnlyCollection<double> Lags => [.. _lags];

    public static async Task<WorkingReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var receiver = new WorkingReceiver(server);
        server.Run(async context =>
        {
            var happened = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
            receiver._lags.Enqueue((DateTime.UtcNow - happened.GetProperty("time").GetDateTime()).TotalMilliseconds);
        });
        await server.StartAsync();
        return receiver;
    }

    public void Forget() => _lags.Clear();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

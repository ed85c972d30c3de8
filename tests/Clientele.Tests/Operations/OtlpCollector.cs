using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Operations;

/// <summary>Takes what a node sends by OTLP over HTTP, on loopback.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _received = [];

    private OtlpCollector(WebApplication server) => _server = server;

    public string Address => _server.Urls.First();

    /// <summary>Everything that came for a signal (<c>traces</c>, <c>metrics</c> or <c>logs</c>). Protobuf leaves texts as they are.</summary>
    public string Of(string signal) => string.Concat(_received.GetValueOrDefault($"/v1/{signal}") ?? []);

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var collector = new OtlpCollector(server);
        server.Run(collector.TakeAsync);
        await server.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        _received.GetOrAdd($"{context.Request.Path}", _ => []).Enqueue(await reader.ReadToEndAsync());
        context.Response.ContentType = "application/x-protobuf";
    }
}

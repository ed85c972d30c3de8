using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Clientele.Bench.Faults;

/// <summary>A receiver of webhooks that dies and comes back at the same port. It remembers which events it has accepted, as a real one would on disk.</summary>
internal sealed class MortalReceiver : IAsyncDisposable
{
    private readonly int _port = Shell.FreePorts(1)[0];
    private readonly ConcurrentDictionary<string, int> _accepted = [];
    private readonly ConcurrentDictionary<string, long> _last = [];
    private WebApplication? _server;
    private int _disordered;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    /// <summary>The ids of the events that have arrived.</summary>
    public ICollection<string> Accepted => _accepted.Keys;

    /// <summary>How many events have arrived more than once. They have the same id, so a receiver can tell.</summary>
    public int Again => _accepted.Values.Count(times => times > 1);

    /// <summary>How many events have arrived for the first time after a later one of the same customer.</summary>
    public int Disordered => _disordered;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add(Address.ToString());
        _server.Run(async context =>
        {
            var happened = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
            var (id, customer) = (happened.GetProperty("id").GetString()!, happened.GetProperty("subject").GetString()!);
            var number = long.Parse(id[(id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
            if (_accepted.AddOrUpdate(id, 1, (_, times) => times + 1) == 1 && id.Count(letter => letter == '-') == 1
                && _last.AddOrUpdate(customer, number, (_, last) => Math.Max(last, number)) > number)
            {
                Interlocked.Increment(ref _disordered);
            }
        });
        await _server.StartAsync();
    }

    /// <summary>It ends in the middle of what it does.</summary>
    public async Task KillAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _server!.StopAsync(atOnce.Token);
        await _server.DisposeAsync();
        _server = null;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

using System.Globalization;

namespace Clientele.Bench.Faults;

/// <summary>Nodes of the service behind HAProxy, each on a port of its own.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private readonly string _database;
    private readonly string _messages;
    private readonly int[] _ports;
    private readonly ServerUnderTest?[] _running;
    private HaProxy? _proxy;

    private Nodes(string database, int count, string program)
    {
        Program = program;
        (_database, _ports, _running) = (database, Shell.FreePorts(count), new ServerUnderTest?[count]);
        _messages = Directory.CreateTempSubdirectory("clientele-messages-").FullName;
    }

    /// <summary>The address at which callers find one of the nodes.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_proxy!.Port}"));

    /// <summary>What nodes run that are started from now on.</summary>
    public string Program { get; set; }

    /// <summary>The program that bin/test and bin/bench publish: it starts in half the time.</summary>
    public static string ThisRelease
    {
        get
        {
            var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
            var published = Path.Combine(artifacts, "publish", "Clientele.Server", "release", "clientele.dll");
            return File.Exists(published) ? published : ServerUnderTest.Clientele;
        }
    }

    public static async Task<Nodes> StartAsync(string database, int count, string program, CancellationToken cancellationToken)
    {
        var nodes = new Nodes(database, count, program);
        for (var i = 0; i < count; i++)
        {
            await nodes.StartAsync(i, cancellationToken);
        }

        nodes._proxy = await HaProxy.OfNodesAsync(nodes._ports);
        return nodes;
    }

    public async Task StartAsync(int node, CancellationToken cancellationToken)
    {
        var urls = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[node]}");
        var start = ServerUnderTest.Verb(Program, "serve", "--urls", urls, "--database", _database, "--Messages:Folder", _messages);
        start.Environment["Webhooks__AllowedHosts__0"] = "127.0.0.1";
        (start.Environment["RateLimits__PerKey"], start.Environment["RateLimits__Registration"]) = ("1000000", "1000000");
        _running[node] = await ServerUnderTest.StartAsync($"node {node}", start, "/health/ready", cancellationToken);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(int node)
    {
        await _running[node]!.DisposeAsync();
        _running[node] = null;
    }

    /// <summary>SIGTERM, and then the node takes its time.</summary>
    public async Task TerminateAsync(int node)
    {
        await Shell.SignalAsync("TERM", [_running[node]!.ProcessId]);
        await _running[node]!.EndAsync();
        await KillAsync(node);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _running.OfType<ServerUnderTest>())
        {
            await node.DisposeAsync();
        }

        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_messages, recursive: true);
    }
}

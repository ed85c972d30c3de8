using System.Diagnostics;
using System.Globalization;

namespace Clientele.Bench.Faults;

/// <summary>HAProxy in front of servers that it asks for their health twice a second.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private HaProxy(Process process, string directory, int port) => (_process, _directory, Port) = (process, directory, port);

    public int Port { get; }

    /// <summary>In front of the nodes of the service.</summary>
    public static Task<HaProxy> OfNodesAsync(IEnumerable<int> ports) => StartAsync("http", "GET /health/ready", ports.Select(port => (port, port)));

    /// <summary>In front of the members of a database, for connections to the one that Patroni calls the primary.</summary>
    public static Task<HaProxy> OfMembersAsync(IEnumerable<(int Port, int Health)> members) => StartAsync("tcp", "GET /primary", members);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<HaProxy> StartAsync(string mode, string check, IEnumerable<(int Port, int Health)> servers)
    {
        var port = Shell.FreePorts(1)[0];
        var directory = await Shell.DirectoryAsync("haproxy");
        var file = Path.Combine(directory, "haproxy.cfg");

        // A connection to a member that is no primary any more must not live on. A node that is asked to stop finishes its requests.
        var end = mode == "tcp" ? " on-marked-down shutdown-sessions" : "";
        var lines = servers.Select((server, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"    server node{i} 127.0.0.1:{server.Port} check port {server.Health} inter 500ms fall 2 rise 1{end}"));
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            global
                maxconn 2000
            defaults
                mode {mode}
                timeout connect 2s
                timeout check 2s
                timeout client 120s
                timeout server 120s
                option redispatch
                retries 3
            listen all
                bind 127.0.0.1:{port}
                balance {(mode == "http" ? "roundrobin" : "first")}
                option httpchk {check}
            {string.Join('\n', lines)}

            """));
        return new(Shell.Start(Path.Combine(directory, "log"), directory, "haproxy", "-db", "-f", file), directory, port);
    }
}

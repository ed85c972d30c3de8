using System.Globalization;
using Npgsql;

namespace Clientele.Bench.Faults;

/// <summary>A PostgreSQL server with durable commits, to kill, freeze and starve.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _directory;
    private readonly int _port = Shell.FreePorts(1)[0];

    private PostgresServer(string directory) => _directory = directory;

    public static string Binaries { get; } = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
        .Where(binaries => File.Exists(Path.Combine(binaries, "initdb"))).OrderDescending().First();

    /// <summary>A superuser of the maintenance database.</summary>
    public string Superuser => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = "postgres",
        Username = "postgres",
        Pooling = false,
    }.ConnectionString;

    private string Data => Path.Combine(_directory, "data");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    private int Postmaster => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    /// <param name="directory">Where the data goes; a temporary directory if it is left out.</param>
    public static async Task<PostgresServer> StartAsync(string? directory = null)
    {
        var server = new PostgresServer(directory ?? await Shell.DirectoryAsync("postgres"));
        await Shell.RunAsync(
            "/", asOwner: true, Path.Combine(Binaries, "initdb"), "-D", server.Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions");
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            port = {server._port}
            max_connections = 200
            shared_buffers = 256MB
            """));
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        var log = Path.Combine(_directory, "server.log");
        try
        {
            await ControlAsync("start", "-l", log, "-t", "120");
        }
        catch (BenchException failure)
        {
            throw new BenchException($"{failure.Message}\n{string.Join('\n', File.ReadLines(log).TakeLast(20))}");
        }
    }

    /// <summary>All of its processes end at once, as if the machine had lost its power.</summary>
    public async Task KillAsync()
    {
        await Shell.KillAsync(Postmaster);

        // After a power failure no process has this id. Here the dead process keeps it until its parent has noticed.
        File.Delete(PidFile);
    }

    public Task FreezeAsync() => Shell.SignalAsync("STOP", Shell.Family(Postmaster));

    public Task ThawAsync() => Shell.SignalAsync("CONT", Shell.Family(Postmaster));

    /// <summary>Whether it still runs. Without room for its log, it ends.</summary>
    public bool IsRunning => File.Exists(PidFile) && Directory.Exists($"/proc/{Postmaster}");

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        await Shell.RunAsync("/", asOwner: false, "rm", "-rf", Data);
    }

    private Task ControlAsync(params string[] arguments) =>
        Shell.RunAsync("/", asOwner: true, [Path.Combine(Binaries, "pg_ctl"), "-D", Data, "-w", .. arguments]);
}

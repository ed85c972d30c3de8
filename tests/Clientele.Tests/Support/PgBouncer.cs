using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>
/// A PgBouncer in transaction mode in front of the run's PostgreSQL server, configured as in Debian: without prepared statements, and with twenty
/// connections per database.
/// </summary>
public sealed class PgBouncer : IAsyncLifetime
{
    public const int ServerConnections = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string? Program = Find();

    private readonly int _port = PostgresCluster.FreePorts(1)[0];
    private Process? _keeper;

    /// <summary>Why there is no PgBouncer in this run, or null.</summary>
    public static string? Unavailable =>
        PostgresCluster.Unavailable ?? (Program is null ? "PgBouncer is not installed: bin/install-test-tools installs it." : null);

    /// <summary>The value of the setting <c>Database</c> that connects to a database of the server through PgBouncer.</summary>
    public string Over(TestDatabase database) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = _port,
            MaxAutoPrepare = 0,
            Timeout = 60,
            CommandTimeout = 60,
        }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Kind is not DatabaseKind.Postgres || Unavailable is not null)
        {
            return;
        }

        var server = new NpgsqlConnectionStringBuilder((await PostgresCluster.SharedAsync()).ConnectionString);
        var directory = Directory.CreateTempSubdirectory("clientele-pgbouncer-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "pgbouncer.ini"), string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {ServerConnections}
            max_client_conn = 1000
            """));
        _keeper = Keep(directory);
        await Wait.UntilAsync(AnswersAsync, Patience, "PgBouncer accepts connections");
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null)
        {
            _keeper.StandardInput.Close();
            await _keeper.WaitForExitAsync();
            _keeper.Dispose();
        }
    }

    private static Process Keep(string directory)
    {
        using var script = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("keep-pgbouncer.sh")
            ?? throw new InvalidOperationException("keep-pgbouncer.sh is not embedded."));
        string[] arguments = ["-c", script.ReadToEnd(), "keep-pgbouncer", Program!, directory];
        return Process.Start(new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardInput = true })!;
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/sbin").Select(directory => Path.Combine(directory, "pgbouncer")).FirstOrDefault(File.Exists);
}

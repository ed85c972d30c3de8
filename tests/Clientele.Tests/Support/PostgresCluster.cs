using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>
/// The PostgreSQL server of a test run: the one that <c>CLIENTELE_TEST_POSTGRES</c> names, or a temporary cluster in a temporary directory, which
/// ends with this process. Tests use an ordinary role that may create databases.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string ServerVariable = "CLIENTELE_TEST_POSTGRES";

    private static readonly Lazy<Task<PostgresCluster>> Running = new(StartAsync);
    private static readonly string? Binaries = FindBinaries();

    private readonly SemaphoreSlim _creating = new(1);
    private readonly HashSet<string> _databases = [];
    private readonly Process? _keeper;

    private PostgresCluster(string connectionString, Process? keeper)
    {
        ConnectionString = connectionString;
        _keeper = keeper;
    }

    /// <summary>Why there is no PostgreSQL in this run, or null.</summary>
    public static string? Unavailable { get; } = FindServer() is not null || Binaries is not null
        ? null
        : "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on PATH) "
            + $"and {ServerVariable} names no server: bin/install-test-tools installs it.";

    /// <summary>Connects to the maintenance database with the ordinary role.</summary>
    public string ConnectionString { get; }

    /// <summary>The same as a superuser; null if the server is not ours.</summary>
    public string? SuperuserConnectionString { get; private init; }

    /// <summary>The server of this run, started by the first test that needs it.</summary>
    public static Task<PostgresCluster> SharedAsync() => Running.Value;

    /// <summary>Stops the server of this run, if it was started.</summary>
    public static async Task StopSharedAsync()
    {
        if (Running.IsValueCreated && Running.Value.IsCompletedSuccessfully)
        {
            await (await Running.Value).DisposeAsync();
        }
    }

    /// <summary>Creates a database, empty or as a copy, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"clientele_test_{Guid.NewGuid():n}";
        var source = template is null ? "template0" : new NpgsqlConnectionStringBuilder(template).Database;

        // PostgreSQL refuses two simultaneous copies of one template.
        await _creating.WaitAsync();
        try
        {
            await ExecuteAsync(ConnectionString, $"CREATE DATABASE {name} TEMPLATE {source}");
            _databases.Add(name);
        }
        finally
        {
            _creating.Release();
        }

        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, Pooling = true, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>Ends all connections to a database and refuses new ones, so that it can be copied at any time.</summary>
    public async Task SealDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync(ConnectionString, $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await ExecuteAsync(ConnectionString, $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    /// <summary>Drops a database, however many connections it still has.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var pool = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pool);
        }

        await DropAsync(new NpgsqlConnectionStringBuilder(connectionString).Database!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is null)
        {
            foreach (var name in _databases.ToArray())
            {
                await DropAsync(name);
            }
        }
        else
        {
            _keeper.StandardInput.Close();
            await _keeper.WaitForExitAsync();
            _keeper.Dispose();
        }

        _creating.Dispose();
    }

    /// <summary>Runs one statement on a connection that is not pooled.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The tests make up the names and passwords themselves.")]
    internal static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task DropAsync(string name)
    {
        await _creating.WaitAsync();
        try
        {
            await ExecuteAsync(ConnectionString, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            _databases.Remove(name);
        }
        finally
        {
            _creating.Release();
        }
    }

    private static async Task<PostgresCluster> StartAsync() => FindServer() is { } server
        ? new(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString, keeper: null)
        : await StartOwnAsync();

    /// <summary>Starts a cluster that only the caller uses.</summary>
    public static async Task<PostgresCluster> StartOwnAsync()
    {
        var directory = Directory.CreateTempSubdirectory("clientele-postgres-");
        var superuser = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Database = "postgres",
            Username = "postgres",
            Password = RandomNumberGenerator.GetHexString(32),
            Pooling = false,
        };
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "password"), superuser.Password);

        var keeper = Keep("keep-postgres.sh", [Binaries!, directory.FullName]);
        superuser.Port = await PortAsync(keeper);

        var role = new NpgsqlConnectionStringBuilder(superuser.ConnectionString)
        {
            Username = "clientele",
            Password = RandomNumberGenerator.GetHexString(32),
        };
        await ExecuteAsync(
            superuser.ConnectionString,
            $"CREATE ROLE {role.Username} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE PASSWORD '{role.Password}'");

        return new(role.ConnectionString, keeper) { SuperuserConnectionString = superuser.ConnectionString };
    }

    /// <summary>Starts a streaming replica of this cluster. It runs until the standard input of the process is closed.</summary>
    /// <returns>The connection string of its superuser, and the process.</returns>
    public async Task<(string ConnectionString, Process Keeper)> StartReplicaAsync()
    {
        var superuser = new NpgsqlConnectionStringBuilder(SuperuserConnectionString);
        var directory = Directory.CreateTempSubdirectory("clientele-replica-").FullName;
        var keeper = Keep(
            "keep-replica.sh",
            [Binaries!, directory, $"host={superuser.Host} port={superuser.Port} user={superuser.Username} password={superuser.Password} dbname=postgres"]);
        superuser.Port = await PortAsync(keeper);
        return (superuser.ConnectionString, keeper);
    }

    /// <summary>Starts a shell script next to this file. It keeps a server running as long as we hold its standard input open.</summary>
    private static Process Keep(string name, string[] arguments)
    {
        using var script = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded."));

        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", script.ReadToEnd(), name, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var port in FreePorts(5))
        {
            start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        }

        return Process.Start(start)!;
    }

    private static async Task<int> PortAsync(Process keeper)
    {
        var errors = keeper.StandardError.ReadToEndAsync();
        var answer = await keeper.StandardOutput.ReadLineAsync();
        return answer is not null
            ? int.Parse(answer, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"PostgreSQL did not start:\n{await errors}");
    }

    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private static string? FindServer() => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? server : null;

    private static string? FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var newestFirst = versions
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"));
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

        // The program on PATH may be a link; pg_ctl is next to the real one.
        return newestFirst.Concat(onPath)
            .Select(directory => new FileInfo(Path.Combine(directory, "initdb")))
            .Select(initdb => initdb.LinkTarget is null ? initdb : initdb.ResolveLinkTarget(returnFinalTarget: true))
            .FirstOrDefault(initdb => initdb is { Exists: true }) is { } found
                ? Path.GetDirectoryName(found.FullName)
                : null;
    }
}

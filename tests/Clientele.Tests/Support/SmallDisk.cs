using System.Diagnostics;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>A disk of a few megabytes for one database, which can really become full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 48;
    private readonly DirectoryInfo _directory;
    private ClienteleApp? _app;
    private TestDatabase? _database;

    private SmallDisk(DirectoryInfo directory) => _directory = directory;

    private string Filler => Path.Combine(_directory.FullName, "filler");

    public static async Task<SmallDisk> MountAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can mount a small disk.");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var isForeign = TestDatabase.Kind is DatabaseKind.Postgres && (await PostgresCluster.SharedAsync()).SuperuserConnectionString is null;
        Assert.SkipWhen(isForeign, "The server is not ours.");
        var disk = new SmallDisk(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"clientele-disk-{Guid.NewGuid():n}")));
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", disk._directory.FullName) != 0)
        {
            disk._directory.Delete();
            Assert.Skip("This machine mounts no small disk.");
        }

        return disk;
    }

    /// <summary>An app whose database is on this disk.</summary>
    public async Task<ClienteleApp> StartAsync()
    {
        if (TestDatabase.Kind is DatabaseKind.Sqlite)
        {
            return _app = await ClienteleApp.StartAsync(new() { Settings = { ["Database"] = Path.Combine(_directory.FullName, "clientele.db") } });
        }

        var data = Directory.CreateDirectory(Path.Combine(_directory.FullName, "data")).FullName;
        Assert.Equal(0, await RunAsync("chown", "-R", "postgres", _directory.FullName));
        var superuser = (await PostgresCluster.SharedAsync()).SuperuserConnectionString!;
        var role = new NpgsqlConnectionStringBuilder((await PostgresCluster.SharedAsync()).ConnectionString).Username;
        await PostgresCluster.ExecuteAsync(superuser, $"CREATE TABLESPACE {Tablespace} OWNER {role} LOCATION '{data}'");
        var (database, _) = await ClienteleApp.DatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await PostgresCluster.ExecuteAsync(superuser, $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
        await PostgresCluster.ExecuteAsync(superuser, $"ALTER DATABASE {name} SET TABLESPACE {Tablespace}");
        _database = database;
        return _app = await ClienteleApp.StartAsync(new() { Database = database });
    }

    /// <summary>Fills the disk completely.</summary>
    public async Task FillAsync()
    {
        await using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await file.WriteAsync(new byte[4096], TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // No space left on device.
        }
    }

    public void Empty() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        File.Delete(Filler);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
            await PostgresCluster.ExecuteAsync((await PostgresCluster.SharedAsync()).SuperuserConnectionString!, $"DROP TABLESPACE {Tablespace}");
        }

        await RunAsync("umount", "-l", _directory.FullName);
        _directory.Delete();
    }

    private string Tablespace => $"t{_directory.Name[^32..]}";

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}

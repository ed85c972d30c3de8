using Microsoft.Data.Sqlite;

namespace Clientele.Tests.Support;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>A separate database for one app under test; <c>CLIENTELE_TEST_DATABASE</c> decides which kind a run uses.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<DirectoryInfo> Files = new(() => Directory.CreateTempSubdirectory("clientele-tests-"));

    private TestDatabase(string connectionString) => ConnectionString = connectionString;

    /// <summary>The kind of database in this run.</summary>
    public static DatabaseKind Kind { get; } = Environment.GetEnvironmentVariable("CLIENTELE_TEST_DATABASE") switch
    {
        null or "" or "sqlite" => DatabaseKind.Sqlite,
        "postgres" => DatabaseKind.Postgres,
        var other => throw new InvalidOperationException($"CLIENTELE_TEST_DATABASE is sqlite or postgres, not {other}."),
    };

    /// <summary>Why this run cannot have databases, or null.</summary>
    public static string? Unavailable => Kind is DatabaseKind.Postgres ? PostgresCluster.Unavailable : null;

    /// <summary>A directory that is removed when the run ends.</summary>
    public static string TemporaryDirectory => Files.Value.FullName;

    /// <summary>The value of the setting <c>Database</c>: the path of an SQLite file, or a PostgreSQL connection string.</summary>
    public string ConnectionString { get; }

    /// <summary>Skips the running test if there is no database for it; on a CI machine that is a failure instead.</summary>
    public static void SkipUnlessAvailable(string? unavailable)
    {
        if (unavailable is null)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException(unavailable);
        }

        Assert.Skip(unavailable);
    }

    /// <summary>A database with nothing in it, not even tables.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync() => new(Kind switch
    {
        DatabaseKind.Sqlite => NewFile(),
        DatabaseKind.Postgres => await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(),
    });

    /// <summary>Removes everything that the databases of this run used.</summary>
    public static async Task EndRunAsync()
    {
        await PostgresCluster.StopSharedAsync();
        SqliteConnection.ClearAllPools();
        if (Files.IsValueCreated)
        {
            Files.Value.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Kind is DatabaseKind.Postgres)
        {
            await (await PostgresCluster.SharedAsync()).DropDatabaseAsync(ConnectionString);
            return;
        }

        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(ConnectionString + suffix);
        }
    }

    /// <summary>Closes the database permanently, with all pages in its file, so that it can be copied.</summary>
    internal async Task SealAsync()
    {
        if (Kind is DatabaseKind.Postgres)
        {
            await (await PostgresCluster.SharedAsync()).SealDatabaseAsync(ConnectionString);
            return;
        }

        var source = new SqliteConnectionStringBuilder { DataSource = ConnectionString, Pooling = false };
        await using var connection = new SqliteConnection(source.ConnectionString);
        await connection.OpenAsync();
        await using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var answer = await checkpoint.ExecuteReaderAsync();
        if (!await answer.ReadAsync() || answer.GetInt32(0) != 0)
        {
            throw new InvalidOperationException("The template is still in use: its write-ahead log cannot be emptied.");
        }
    }

    internal async Task<TestDatabase> CopyAsync()
    {
        if (Kind is DatabaseKind.Postgres)
        {
            return new(await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(ConnectionString));
        }

        var copy = NewFile();
        File.Copy(ConnectionString, copy);
        return new(copy);
    }

    private static string NewFile() => Path.Combine(TemporaryDirectory, $"{Guid.NewGuid():n}.db");
}

/// <summary>A database that is migrated once per run, by the first test that needs it; every test gets a copy.</summary>
/// <param name="migrate">Migrates the empty database of this connection string, and closes its connections.</param>
public sealed class DatabaseTemplate(Func<string, Task> migrate)
{
    private readonly Lazy<Task<TestDatabase>> _original = new(() => MigrateAsync(migrate));

    /// <summary>A fresh copy.</summary>
    public async Task<TestDatabase> CreateAsync() => await (await _original.Value).CopyAsync();

    private static async Task<TestDatabase> MigrateAsync(Func<string, Task> migrate)
    {
        var database = await TestDatabase.CreateEmptyAsync();
        await migrate(database.ConnectionString);
        await database.SealAsync();
        return database;
    }
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clientele.Server.Data;

/// <summary>The database that the setting <c>Database</c> names, and what differs between the two kinds.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const string Setting = "Database";
    private const string ReplicaSetting = "Database:Replica";
    private const string PostgresClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    private const string SqliteClock = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    private readonly SqliteConnectionStringBuilder? _sqlite;
    private readonly NpgsqlDataSource? _idSource;
    private readonly NpgsqlDataSource? _unpreparedSource;
    private readonly NpgsqlDataSource? _segmentSource;

    public Database(string? setting, string? replica = null)
    {
        if (setting is not null && (setting.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || setting.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            || setting.Contains("Host=", StringComparison.OrdinalIgnoreCase)))
        {
            var postgres = Postgres(setting);
            Source = Named("requests", postgres);

            // Ids are taken outside of every transaction, because a rollback would hand them out twice.
            _idSource = With("ids", connection => connection.MaxPoolSize = 1);
            _unpreparedSource = With("lists", connection => (connection.MaxAutoPrepare, connection.MaxPoolSize) = (0, Math.Max(1, postgres.MaxPoolSize / 4)));

            ReplicaSource = replica is not { Length: > 0 } ? null
                : Named("replica", new(Postgres(replica, ReplicaSetting).ConnectionString) { MaxAutoPrepare = 0 }, ReplicaSetting);

            // Hundreds of rules are queried again and again, on a few connections that keep all their statements prepared.
            _segmentSource = With("segments", connection =>
                (connection.MaxAutoPrepare, connection.MaxPoolSize) = (postgres.MaxAutoPrepare * 10, Math.Clamp(postgres.MaxPoolSize / 4, 1, 4)));

            NpgsqlDataSource With(string name, Action<NpgsqlConnectionStringBuilder> change)
            {
                // A minimum in the setting is for requests: the other pools may be smaller than it.
                var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MinPoolSize = 0 };
                change(connection);
                return Named(name, connection);
            }
        }
        else if (replica is { Length: > 0 })
        {
            throw new StartupException("Database:Replica needs a PostgreSQL server as the Database. Remove it, or set Database to that server.");
        }
        else
        {
            var file = Path.GetFullPath(setting is { Length: > 0 } ? setting : DefaultFile());
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            _sqlite = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 10, ForeignKeys = true };
        }
    }

    public bool IsPostgres => Source is not null;

    public NpgsqlDataSource? Source { get; }

    /// <summary>The connections to the <see cref="Replica"/>, if one is configured. Each statement is planned for its own parameters.</summary>
    public NpgsqlDataSource? ReplicaSource { get; }

    /// <summary>The maximum number of connections of this node, in all pools together.</summary>
    public int MostConnections => Sources.Sum(source => new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);

    /// <summary>
    /// How long the server lets a statement run if its node may be gone and cannot cancel it. It is longer than the node itself waits. Null means no
    /// limit.
    /// </summary>
    public TimeSpan? StatementLimit => Source is not null && new NpgsqlConnectionStringBuilder(Source.ConnectionString).CommandTimeout is > 0 and var seconds
        ? TimeSpan.FromSeconds(seconds + 5)
        : null;

    /// <summary>The SQLite file; empty on PostgreSQL.</summary>
    public string File => _sqlite?.DataSource ?? "";

    /// <summary>What to call it, without a password.</summary>
    public string Name
    {
        get
        {
            var server = new NpgsqlConnectionStringBuilder(Source?.ConnectionString);
            return IsPostgres ? $"{server.Database} on PostgreSQL at {server.Host}" : File;
        }
    }

    /// <summary>The folder of the SQLite file; on PostgreSQL, our folder among the user's data.</summary>
    public string Folder => Path.GetDirectoryName(IsPostgres ? DefaultFile() : File)!;

    /// <summary>SQLite has one writer. Waiting for it here is fair; waiting inside SQLite means polling.</summary>
    public SemaphoreSlim Writer { get; } = new(1, 1);

    public void Configure(DbContextOptionsBuilder options)
    {
        options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        options.AddInterceptors(ReadsAlong.Instance, CommitAlong.Instance);
        // A test checks that the migrations match the model. Checking it at every start would take half a second.
        options.ConfigureWarnings(warnings =>
            warnings.Ignore(RelationalEventId.MultipleCollectionIncludeWarning, RelationalEventId.PendingModelChangesWarning));
        if (Source is not null)
        {
            // Migrations run in our own transaction, with the lock.
            options.UseNpgsql(Source).ReplaceService<IDatabase, LastSave>()
                .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.MigrationsUserTransactionWarning));
        }
        else
        {
            options.UseSqlite(_sqlite!.ConnectionString).AddInterceptors(SqlitePragmas.Instance);
        }
    }

    /// <summary>
    /// Until the result is disposed, each statement of the context is planned for its own parameters. A prepared statement has one plan for any
    /// parameters. That plan is good for finding a row by its key, but up to a hundred times too slow for a list filtered by what one customer in
    /// fifty has.
    /// </summary>
    public IDisposable? WithoutPreparing(ClienteleDb db) =>
        // An open transaction already has its connection, and nothing is prepared on the replica.
        db.Database.CurrentTransaction is null && !db.HasOwnConnection ? Own(_unpreparedSource, db) : null;

    /// <summary>Until the result is disposed, the context uses one of the connections that keep the statements of all segments prepared.</summary>
    public IDisposable? ForSegments(ClienteleDb db) => Own(_segmentSource, db);

    /// <summary>Takes <paramref name="count"/> ids of a kind permanently and returns the end of the block.</summary>
    public async Task<long> TakeIdsAsync(string kind, int count, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO id_blocks (kind, next) VALUES (@kind, 1 + @count)
            ON CONFLICT (kind) DO UPDATE SET next = id_blocks.next + @count
            RETURNING next
            """;
        Add(command, "kind", kind);
        Add(command, "count", (long)count);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads the database's clock, the only clock that all nodes share. This is deliberate, and separate from every statement that writes.</summary>
    public async Task<DateTime> ReadClockAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of two constants.
        command.CommandText = IsPostgres ? PostgresClock : SqliteClock;
#pragma warning restore CA2100
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(cancellationToken))!).UtcDateTime;
    }

    /// <summary>
    /// Whether the database caused the failure (unavailable, slow, full, conflicting transaction) and not the statement: another try may succeed.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        // Code 11 or 26, a corrupt or unreadable file, is not transient, but the request did not cause it either.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 8 or 10 or 13 or 14,
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "25006" or "57014" or "55P03" or "40001" or "40P01",
        NpgsqlException => true,
        TimeoutException => true,
        DbUpdateException { InnerException: { } inner } => IsTransient(inner),
        InvalidOperationException { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    /// <summary>Whether the database has rolled back this transaction to resolve a deadlock.</summary>
    public static bool IsDeadlock(Exception exception) => exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected };

    /// <summary>The transient database failure in the chain of inner exceptions, if there is one.</summary>
    public static Exception? FaultIn(Exception? failure) => failure is null || IsTransient(failure) ? failure : FaultIn(failure.InnerException);

    public async ValueTask DisposeAsync()
    {
        if (Source is not null)
        {
            await Source.DisposeAsync();
            await _idSource!.DisposeAsync();
            await _unpreparedSource!.DisposeAsync();
            await _segmentSource!.DisposeAsync();
            await (ReplicaSource?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        if (_sqlite is not null)
        {
            // Otherwise the pool keeps the file open.
            await using var connection = new SqliteConnection(_sqlite.ConnectionString);
            SqliteConnection.ClearPool(connection);
        }

        Writer.Dispose();
    }

    /// <summary>Drops the pooled connections, so that new ones get the role's current settings.</summary>
    public void Reconnect()
    {
        foreach (var source in Sources)
        {
            source.Clear();
        }
    }

    /// <summary>Opens a connection outside of every transaction.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_idSource is not null)
        {
            return await _idSource.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(_sqlite!.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await SqlitePragmas.ApplyAsync(connection, cancellationToken);
        return connection;
    }

    private IEnumerable<NpgsqlDataSource> Sources => new[] { Source, _idSource, _unpreparedSource, _segmentSource }.OfType<NpgsqlDataSource>();

    /// <summary>Metrics and traces have the name, instead of the connection string.</summary>
    private static NpgsqlDataSource Named(string name, NpgsqlConnectionStringBuilder connection, string setting = Setting) =>
        Valid(setting, () => new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }.Build());

    private static OwnConnection? Own(NpgsqlDataSource? source, ClienteleDb db) => source is null ? null : new(db, source.CreateConnection());

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static string DefaultFile() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "clientele",
        "clientele.db");

    /// <summary>Values in the setting override these defaults.</summary>
    private static NpgsqlConnectionStringBuilder Postgres(string setting, string name = Setting)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "clientele",
            CommandTimeout = 15,
            Timeout = 5,

            // Three nodes with all their pools fit into PostgreSQL's default max_connections of 100.
            MaxPoolSize = 20,

            // Nothing of ours outlives a transaction, so the connection need not be reset, which would be an extra statement before every one.
            NoResetOnClose = true,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
        };
        foreach (var (keyword, value) in Valid(name, () => Said(setting)))
        {
            builder[keyword] = value;
        }

        return builder;
    }

    private static IReadOnlyList<KeyValuePair<string, object>> Said(string setting)
    {
        var said = setting.Contains("://", StringComparison.Ordinal) ? FromUri(new Uri(setting)) : new NpgsqlConnectionStringBuilder(setting);
        return [.. said.Keys.Select(keyword => KeyValuePair.Create(keyword, said[keyword]))];
    }

    /// <summary>If Npgsql refuses what a setting says, tells which setting it is.</summary>
    private static T Valid<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or InvalidCastException or NotSupportedException)
        {
            throw new StartupException($"The setting {name} is not a valid PostgreSQL connection string: {malformed.Message}");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = uri.AbsolutePath.Trim('/') };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query))
        {
            builder[name == "sslmode" ? "SSL Mode" : name] = value.ToString();
        }

        return builder;
    }

    /// <summary>The settings that SQLite does not keep between connections. A connection from the pool still has them.</summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();
        private const string Pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
        private static readonly ConditionalWeakTable<object, object> Applied = [];

        public static async Task ApplyAsync(DbConnection connection, CancellationToken cancellationToken)
        {
            var handle = ((SqliteConnection)connection).Handle!;
            if (!Applied.TryGetValue(handle, out _))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = Pragmas;
                await command.ExecuteNonQueryAsync(cancellationToken);
                Applied.AddOrUpdate(handle, handle);
            }
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default) =>
            ApplyAsync(connection, cancellationToken);

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }
    }
}

using System.Diagnostics;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>A PostgreSQL server with a streaming replica, and a connection to the replica that can be cut.</summary>
public sealed class ReplicatedPostgres : IAsyncDisposable
{
    private readonly PostgresCluster _primary;
    private readonly Process _keeper;
    private readonly string _replica;

    private ReplicatedPostgres(PostgresCluster primary, string replica, Process keeper)
    {
        (_primary, _replica, _keeper) = (primary, replica, keeper);
        Connection = new("127.0.0.1", new NpgsqlConnectionStringBuilder(replica).Port);
    }

    /// <summary>The connections of the nodes to the replica.</summary>
    public TcpProxy Connection { get; }

    public static async Task<ReplicatedPostgres> StartAsync()
    {
        TestDatabase.SkipUnlessAvailable(PostgresCluster.Unavailable);
        var primary = await PostgresCluster.StartOwnAsync();
        try
        {
            // The tests' servers do without, but a replica only gets what is on the disk.
            await PostgresCluster.ExecuteAsync(primary.SuperuserConnectionString!, "ALTER SYSTEM SET synchronous_commit = on");
            await PostgresCluster.ExecuteAsync(primary.SuperuserConnectionString!, "SELECT pg_reload_conf()");
            var (replica, keeper) = await primary.StartReplicaAsync();
            return new(primary, replica, keeper);
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings of a node that uses both, on a new database.</summary>
    public async Task<Dictionary<string, string?>> SettingsAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await _primary.CreateDatabaseAsync());
        var replica = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = Connection.Port };
        return new() { ["Database"] = database.ConnectionString, ["Database:Replica"] = replica.ConnectionString };
    }

    /// <summary>The replica stops to replay what it receives, so that it is behind.</summary>
    public Task PauseAsync() => PostgresCluster.ExecuteAsync(_replica, "SELECT pg_wal_replay_pause()");

    public Task ResumeAsync() => PostgresCluster.ExecuteAsync(_replica, "SELECT pg_wal_replay_resume()");

    /// <summary>Whether the last statement of one of the service's connections to the replica was about this table, and later than this instant.</summary>
    public async Task<bool> HasAnsweredAboutAsync(string table, DateTime since)
    {
        await using var connection = new NpgsqlConnection(_replica);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'clientele' AND query LIKE '%FROM ' || $1 || '%' AND query_start > $2)",
            connection)
        {
            Parameters = { new() { Value = table }, new() { Value = since } },
        };
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The replica ends at once, as if its machine had lost its power.</summary>
    public Task KillAsync()
    {
        _keeper.StandardInput.Close();
        return _keeper.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _keeper.Dispose();
        await Connection.DisposeAsync();
        await _primary.DisposeAsync();
    }
}

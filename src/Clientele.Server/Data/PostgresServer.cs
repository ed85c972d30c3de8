using Npgsql;

namespace Clientele.Server.Data;

/// <summary>Checks and settings on the PostgreSQL server when a node starts.</summary>
internal static partial class PostgresServer
{
    /// <summary>Returns the statement that sets the limit, or no row if the role has it.</summary>
    private const string LimitOfRole =
        """
        SELECT format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %s', current_user, current_database(), @wanted::text)
        WHERE NOT EXISTS (
            SELECT 1 FROM pg_db_role_setting WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
            AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND ('statement_timeout=' || @wanted) = ANY (setconfig))
        """;

    private const int UsualNodes = 3;

    // Any number, as long as every node uses the same one.
    private const string AdvisoryLock = "4859231472385221997";

    /// <summary>Warns if the server has no room for the connections of three nodes like this one. A node does not know how many there are.</summary>
    public static async Task CompareConnectionsAsync(Database database, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)await database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT pg_backend_pid(), least(
                current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                    - coalesce(current_setting('reserved_connections', true)::int, 0),
                (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
                (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);

        // If a pooler is in between, the process id differs, and the pooler decides how many connections there are.
        var (isOurs, room) = (reader.GetInt32(0) == connection.ProcessID, reader.GetInt32(1));
        var nodes = room / database.MostConnections;
        if (isOurs && nodes < UsualNodes)
        {
            Log.FewConnections(logger, room, database.MostConnections, nodes);
        }
    }

    /// <summary>
    /// Makes the server end statements that take longer than we wait for them, because a killed node cannot cancel its statements. The limit is set
    /// for the role: a connection from a pooler keeps no settings, and setting it before each statement would cost a round trip.
    /// </summary>
    public static async Task LimitStatementsAsync(Database database, ILogger logger, CancellationToken cancellationToken)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{(long)(database.StatementLimit?.TotalMilliseconds ?? 0)}");
        await using (var connection = (NpgsqlConnection)await database.OpenAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = connection.CreateCommand();

            // Without the lock, two nodes that set it at once would make each other fail.
            command.CommandText = "SELECT pg_advisory_xact_lock(" + AdvisoryLock + ")";
            await command.ExecuteNonQueryAsync(cancellationToken);
            command.CommandText = LimitOfRole;
            command.Parameters.AddWithValue("wanted", wanted);
            if (await command.ExecuteScalarAsync(cancellationToken) is not string statement)
            {
                return;
            }

            command.Parameters.Clear();
#pragma warning disable CA2100 // The server has quoted the names, and the number is ours.
            command.CommandText = statement;
#pragma warning restore CA2100
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                Log.Unlimited(logger, refused.MessageText);
                return;
            }
        }

        database.Reconnect();
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "PostgreSQL accepts {Room} connections, and a node may open {Most}, so there is room for {Nodes} nodes. "
                + "To run more, lower Maximum Pool Size in the setting Database, or raise max_connections.")]
        public static partial void FewConnections(ILogger logger, int room, int most, int nodes);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The limit on statements could not be set for the role: {Reason}. Statements of a killed node will run to their end.")]
        public static partial void Unlimited(ILogger logger, string reason);
    }
}

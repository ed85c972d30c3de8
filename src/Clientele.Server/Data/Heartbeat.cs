using Microsoft.Data.Sqlite;

namespace Clientele.Server.Data;

/// <summary>A row that is written and deleted in one transaction, to check whether the database accepts writes. Nobody ever reads it.</summary>
[Table("heartbeats", TableClass.Local)]
internal sealed class Heartbeat
{
    /// <summary>
    /// Random, so it cannot be compressed, and larger than a page, so it needs space, unlike a change of a small row. On SQLite it needs as many
    /// pages as an ordinary write; otherwise the heartbeat could succeed where a real write fails.
    /// </summary>
    private static readonly string OnPostgres = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4_000));
    private static readonly string OnSqlite = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32_000));

    public required long Id { get; init; }

    public required string Padding { get; init; }

    /// <summary>Throws if the database does not accept the write.</summary>
    public static async Task BeatAsync(ClienteleDb db, Database database, CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            await WriteAsync(db, OnPostgres, cancellationToken);
            return;
        }

        // SQLite waits for a writer in another process by polling, which a cancellation token cannot interrupt.
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var patience = connection.DefaultTimeout;
        await database.Writer.WaitAsync(cancellationToken);
        try
        {
            connection.DefaultTimeout = 1;
            await WriteAsync(db, OnSqlite, cancellationToken);
        }
        finally
        {
            connection.DefaultTimeout = patience;
            database.Writer.Release();
        }
    }

    private static async Task WriteAsync(ClienteleDb db, string padding, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO heartbeats (id, padding) VALUES (1, {padding})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM heartbeats WHERE id = 1", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Data;

/// <summary>A row that is written and deleted in one transaction, to see whether the database takes writes. Nobody ever reads it.</summary>
[Table("heartbeats", TableClass.Local)]
internal sealed class Heartbeat
{
    /// <summary>
    /// More than a page, and not to be compressed: it takes room, as the change of a small row would not. On SQLite as many pages as an
    /// ordinary write, which would otherwise fail where this one still fits.
    /// </summary>
    private static readonly string OnPostgres = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4_000));
    private static readonly string OnSqlite = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32_000));

    public required long Id { get; init; }

    public required string Padding { get; init; }

    /// <summary>Throws where the database does not take the write.</summary>
    public static async Task BeatAsync(ClienteleDb db, Database database, CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            await WriteAsync(db, OnPostgres, cancellationToken);
            return;
        }

        // A writer of another process is waited for by polling, which no token interrupts.
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

    internal sealed class Configuration : IEntityTypeConfiguration<Heartbeat>
    {
        public void Configure(EntityTypeBuilder<Heartbeat> builder)
        {
            builder.HasKey(h => h.Id);
            builder.Property(h => h.Id).ValueGeneratedNever();
        }
    }
}

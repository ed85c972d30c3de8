namespace Clientele.Server.Data;

internal sealed class SqliteClienteleDb(DbContextOptions<SqliteClienteleDb> options) : ClienteleDb(options)
{
    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        // A transaction of EF Core takes the write lock; a deferred one only reads.
        await Database.OpenConnectionAsync(cancellationToken);
        await Database.ExecuteSqlRawAsync("BEGIN", cancellationToken);
        return new Deferred(this);
    }

    private sealed class Deferred(SqliteClienteleDb db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("ROLLBACK", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }
}

using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Data;

/// <summary>Creates or upgrades the database, once, however many nodes start together.</summary>
internal static class Migrating
{
    // Any number, as long as every node uses the same.
    private const string AdvisoryLock = "4859231472385221996";

    public static async Task MigrateAsync(ClienteleDb db, Database database, CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            // The lock lives with its session: a node that is killed lets go of it.
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = "SELECT pg_advisory_lock(" + AdvisoryLock + ")";
            await command.ExecuteNonQueryAsync(cancellationToken);
            try
            {
                await db.Database.MigrateAsync(cancellationToken);
            }
            finally
            {
                command.CommandText = "SELECT pg_advisory_unlock(" + AdvisoryLock + ")";
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }

            return;
        }

        await using var file = await LockFileAsync(database.File + ".lock", cancellationToken);
        Restrict(database.File);
        await ForgetLockOfAKilledNodeAsync(db, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>EF Core's own lock on SQLite is a row that outlives its owner. We hold the file: whoever wrote that row is dead.</summary>
    private static async Task ForgetLockOfAKilledNodeAsync(ClienteleDb db, CancellationToken cancellationToken)
    {
        var exists = await db.Database
            .SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (exists > 0)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        }
    }

    /// <summary>The operating system lets go of the file when its holder dies.</summary>
    private static async Task<FileStream> LockFileAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    /// <summary>Customers' data and the keys to it are for the owner of the file only.</summary>
    private static void Restrict(string file)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(file))
        {
            using var created = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }
}

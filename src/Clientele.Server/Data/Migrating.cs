using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Clientele.Server.Data;

/// <summary>Creates or upgrades the database, once, however many nodes start together.</summary>
internal static partial class Migrating
{
    // Any number, as long as every node uses the same one.
    private const long AdvisoryLock = 4859231472385221996;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <param name="db">The context; nothing else may use it.</param>
    /// <param name="database">The database behind the context.</param>
    /// <param name="allowNewer">Whether to accept a database that a newer release has upgraded.</param>
    /// <param name="logger">Logs when this node waits for another one.</param>
    /// <param name="cancellationToken">Stops the upgrade and rolls back what was not finished.</param>
    public static async Task MigrateAsync(ClienteleDb db, Database database, bool allowNewer, ILogger logger, CancellationToken cancellationToken)
    {
        if (!database.IsPostgres)
        {
            await using var file = await LockFileAsync(database.File + ".lock", logger, cancellationToken);
            Restrict(database.File);
            await ForgetLockOfAKilledNodeAsync(db, cancellationToken);
            if (await IsBehindAsync(db, allowNewer, cancellationToken))
            {
                await db.Database.MigrateAsync(cancellationToken);
            }

            return;
        }

        try
        {
            if (await IsBehindAsync(db, allowNewer, cancellationToken))
            {
                await UntilAsync(() => TryAsync(db, allowNewer, cancellationToken), logger, cancellationToken);
            }
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var role = new NpgsqlConnectionStringBuilder(database.Source!.ConnectionString).Username;
            throw new StartupException($"The role may not upgrade the database ({denied.MessageText}). Run as the owner: clientele migrate --grant-to {role}.");
        }
    }

    /// <summary>
    /// Uses one transaction on one connection: the lock ends with the transaction, however the node ends, and it cannot remain on a connection that a
    /// pooler lends to another client. Returns false if another node has the lock; a waiting node holds no connection meanwhile.
    /// </summary>
    private static async Task<bool> TryAsync(ClienteleDb db, bool allowNewer, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({AdvisoryLock}) AS \"Value\"").SingleAsync(cancellationToken))
        {
            return false;
        }

        // Checking whether the history table exists could mean a failed statement, which would end the transaction.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        if (await IsBehindAsync(db, allowNewer, cancellationToken))
        {
            await db.AllowAsync(Patience, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            await Grants.RenewAsync(db, role: null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Whether the database lacks a migration. A database with migrations that this release does not know is refused.</summary>
    private static async Task<bool> IsBehindAsync(ClienteleDb db, bool allowNewer, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        return !allowNewer && applied.Except(known).LastOrDefault() is { } newer
            ? throw new StartupException(
                $"The database was upgraded by a newer release ({newer}). Run that one, "
                + "or set Database:AllowNewerSchema to true if its upgrade is only additive.")
            : known.Except(applied).Any();
    }

    private static async Task UntilAsync(Func<Task<bool>> attempt, ILogger logger, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; !await attempt(); waited += Pause)
        {
            if (waited.Ticks % ToldEvery.Ticks == 0)
            {
                Log.Waiting(logger);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>
    /// EF Core's own lock on SQLite is a row that remains if its owner is killed. We hold the file lock, so the node that wrote that row is dead.
    /// </summary>
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

    /// <summary>The operating system releases the file lock when its holder dies.</summary>
    private static async Task<FileStream> LockFileAsync(string path, ILogger logger, CancellationToken cancellationToken)
    {
        FileStream? held = null;
        await UntilAsync(
            () =>
            {
                try
                {
                    held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException) when (File.Exists(path))
                {
                    // Another node has the lock.
                }

                return Task.FromResult(held is not null);
            },
            logger,
            cancellationToken);
        return held!;
    }

    /// <summary>Only the owner of the file may read customers' data and the keys to it.</summary>
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

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Another node is upgrading the database. This one waits for it.")]
        public static partial void Waiting(ILogger logger);
    }
}

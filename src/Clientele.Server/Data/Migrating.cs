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

    /// <summary>
    /// How long the first attempt waits for a lock. It is shorter than PostgreSQL's deadlock_timeout (1 s), after which the server would end a request
    /// that waits for the upgrade while the upgrade waits for it.
    /// </summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

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
            Restrict(database.File, logger);
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
                await UntilDoneAsync(GivingWay(db, allowNewer, logger, cancellationToken), logger, cancellationToken);
            }
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var role = new NpgsqlConnectionStringBuilder(database.Source!.ConnectionString).Username;
            throw new StartupException($"The role may not upgrade the database ({denied.MessageText}). Run as the owner: clientele migrate --grant-to {role}.");
        }
    }

    /// <summary>
    /// An attempt waits only a moment for a lock, because all later requests for the table would wait behind it. If it does not get the lock, it is rolled
    /// back, and the next attempt waits a little longer, so that the upgrade ends even if the other nodes are busy.
    /// </summary>
    private static Func<Task<Step>> GivingWay(ClienteleDb db, bool allowNewer, ILogger logger, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        return async () =>
        {
            try
            {
                return await TryAsync(db, allowNewer, wait, cancellationToken);
            }
            catch (Exception busy) when (busy.GetBaseException() is PostgresException
            {
                SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected,
            })
            {
                Log.GivesWay(logger);
                wait = wait < LongestWait ? wait * 1.5 : LongestWait;
                return Step.Next;
            }
        };
    }

    /// <summary>
    /// Uses one transaction on one connection: the lock ends with the transaction, however the node ends, and it cannot remain on a connection that a
    /// pooler lends to another client. Creates an empty database at once; of an upgrade, each migration is a transaction, so that it has few locks. A node
    /// that waits for another one holds no connection meanwhile.
    /// </summary>
    private static async Task<Step> TryAsync(ClienteleDb db, bool allowNewer, TimeSpan wait, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({AdvisoryLock}) AS \"Value\"").SingleAsync(cancellationToken))
        {
            return Step.Wait;
        }

        // Checking whether the history table exists could mean a failed statement, which would end the transaction.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        if (!await IsBehindAsync(db, allowNewer, cancellationToken))
        {
            return Step.Done;
        }

        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        var isNew = pending.Count == db.Database.GetMigrations().Count();
        await db.AllowAsync(Patience, cancellationToken);
        if (!isNew)
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"{wait.TotalMilliseconds:0}ms");
            await db.Database.ExecuteSqlAsync($"SELECT set_config('lock_timeout', {limit}, true)", cancellationToken);
        }

        await db.GetService<IMigrator>().MigrateAsync(isNew ? null : pending[0], cancellationToken);
        await Grants.RenewAsync(db, role: null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isNew || pending.Count == 1 ? Step.Done : Step.Next;
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

    private static async Task UntilDoneAsync(Func<Task<Step>> attempt, ILogger logger, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        while (await attempt() is var step and not Step.Done)
        {
            if (step == Step.Wait)
            {
                if (waited.Ticks % ToldEvery.Ticks == 0)
                {
                    Log.Waiting(logger);
                }

                waited += Pause;
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
        await UntilDoneAsync(
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

                return Task.FromResult(held is null ? Step.Wait : Step.Done);
            },
            logger,
            cancellationToken);
        return held!;
    }

    /// <summary>Only the owner of the file may read customers' data and the keys to it.</summary>
    private static void Restrict(string file, ILogger logger)
    {
        if (!File.Exists(file))
        {
            OwnerOnly.CreateFile(file, FileMode.OpenOrCreate).Dispose();
        }

        string[] parts = [file, file + "-wal", file + "-shm"];
        foreach (var open in parts.Where(part => !OwnerOnly.TryRestrict(part)))
        {
            Log.Open(logger, open);
        }
    }

    /// <summary>What an attempt to upgrade leads to.</summary>
    private enum Step
    {
        Done,

        /// <summary>This node goes on.</summary>
        Next,

        /// <summary>Another node is at work.</summary>
        Wait,
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Another node is upgrading the database. This one waits for it.")]
        public static partial void Waiting(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Others may read {File}, which belongs to another user, so the service cannot change that. It has customers' data: use mode 0600.")]
        public static partial void Open(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Information, Message = "The upgrade of the database gives way to others who use it, and tries again.")]
        public static partial void GivesWay(ILogger logger);
    }
}

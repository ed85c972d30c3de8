using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clientele.Server.Data;

internal sealed class PostgresClienteleDb(DbContextOptions<PostgresClienteleDb> options) : ClienteleDb(options)
{
    public override async Task<List<long>[]> ReadIdsAsync(
        IReadOnlyList<IQueryable<long>> queries, Func<int, Exception, Exception> failed, CancellationToken cancellationToken)
    {
        if (queries.Count < 2)
        {
            return await base.ReadIdsAsync(queries, failed, cancellationToken);
        }

        await Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var batch = Batch();
            foreach (var (i, query) in queries.Index())
            {
                await using var command = Translated(query, reason => failed(i, reason));
                var statement = new NpgsqlBatchCommand(command.CommandText);
                foreach (NpgsqlParameter parameter in command.Parameters)
                {
                    statement.Parameters.Add(parameter.Clone());
                }

                batch.BatchCommands.Add(statement);
            }

            return await ReadAsync(batch, failed, cancellationToken);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        await Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public override async Task<List<T>> TryLockAllAsync<T>(IReadOnlyCollection<long> ids, bool all, CancellationToken cancellationToken)
    {
        var free = ids.Order().ToList();
        var statement = $"SELECT {Key<T>()} FROM {Table<T>()} WHERE {Key<T>()} = $1 FOR UPDATE NOWAIT";
        var begin = "SAVEPOINT locks";
        while (!await TryLockAsync(begin, statement, free, cancellationToken))
        {
            begin = "ROLLBACK TO SAVEPOINT locks";
            if (all)
            {
                free.Clear();
            }
        }

        return free.Count == 0 ? [] : await ReadAllAsync<T>(free, cancellationToken);
    }

    private NpgsqlBatch Batch() =>
        new((NpgsqlConnection)Database.GetDbConnection(), (NpgsqlTransaction?)Database.CurrentTransaction?.GetDbTransaction());

    private static DbCommand Translated(IQueryable<long> query, Func<Exception, Exception> failed)
    {
        try
        {
            return query.CreateDbCommand();
        }
        catch (InvalidOperationException failure)
        {
            throw failed(failure);
        }
    }

    private static async Task<List<long>[]> ReadAsync(NpgsqlBatch batch, Func<int, Exception, Exception> failed, CancellationToken cancellationToken)
    {
        var found = new List<long>[batch.BatchCommands.Count];
        var i = 0;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            for (; i < found.Length; i++, await reader.NextResultAsync(cancellationToken))
            {
                found[i] = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    found[i].Add(reader.GetInt64(0));
                }
            }

            return found;
        }
        catch (PostgresException failure) when (i < found.Length && !Data.Database.IsTransient(failure))
        {
            // Results arrive in the order of the statements, so the one whose result is missing has failed. Any other failure is one of the whole.
            throw failed(i, failure);
        }
    }

    /// <summary>
    /// Locks rows in one round trip. If another transaction holds one, removes that one from the list and returns false; the transaction must then roll
    /// back to the savepoint. A savepoint has no result set, so the results count the rows that are locked.
    /// </summary>
    private async Task<bool> TryLockAsync(string begin, string statement, List<long> ids, CancellationToken cancellationToken)
    {
        await using var batch = Batch();
        batch.BatchCommands.Add(new(begin));
        foreach (var id in ids)
        {
            batch.BatchCommands.Add(new(statement) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } });
        }

        batch.BatchCommands.Add(new("RELEASE SAVEPOINT locks"));
        var held = 0;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            do
            {
                held++;
            }
            while (await reader.NextResultAsync(cancellationToken));

            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            ids.RemoveAt(held);
            return false;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        foreach (var type in modelBuilder.Model.GetEntityTypes().Select(entity => entity.ClrType).ToList())
        {
            if (TableAttribute.Of(type).FillFactor is > 0 and var percent)
            {
                modelBuilder.Entity(type).HasStorageParameter("fillfactor", percent);
            }
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Ordinal, as in SQLite: the order is the same on both databases, and prefix searches can use an index.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

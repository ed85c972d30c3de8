using System.Data.Common;
using Clientele.Server.Customers;
using Clientele.Server.Groups;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clientele.Server.Data;

internal sealed class PostgresClienteleDb(DbContextOptions<PostgresClienteleDb> options) : ClienteleDb(options)
{
    protected override string Locking => " FOR UPDATE";

    public override async Task<List<long>[]> ReadIdsAsync(IReadOnlyList<IQueryable<long>> queries, Func<int, Exception, Exception> failed, CancellationToken cancellationToken)
    {
        if (queries.Count < 2)
        {
            return await base.ReadIdsAsync(queries, failed, cancellationToken);
        }

        await Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var batch = new NpgsqlBatch((NpgsqlConnection)Database.GetDbConnection(), (NpgsqlTransaction?)Database.CurrentTransaction?.GetDbTransaction());
            for (var i = 0; i < queries.Count; i++)
            {
                await using var command = Translated(i);
                var statement = new NpgsqlBatchCommand(command.CommandText);
                foreach (NpgsqlParameter parameter in command.Parameters)
                {
                    statement.Parameters.Add(parameter.Clone());
                }

                batch.BatchCommands.Add(statement);
            }

            return await ReadAsync(batch);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }

        DbCommand Translated(int i)
        {
            try
            {
                return queries[i].CreateDbCommand();
            }
            catch (InvalidOperationException failure)
            {
                throw failed(i, failure);
            }
        }

        async Task<List<long>[]> ReadAsync(NpgsqlBatch batch)
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
    }

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        await Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public override Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken) =>
        Database.SqlQuery<string>(
            $"""
             INSERT INTO order_numbers (number, customer_id) SELECT number, customer_id FROM unnest({numbers}, {customerIds}) AS claimed (number, customer_id)
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);

    // The condition is in both places, so that a node that waited for a row finds it already taken. With distributed tables, each worker sends its
    // oldest due ids, the coordinator sends back those that are claimed, and each worker updates its own.
    public override Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until}
             FROM (
                 SELECT id AS due FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most} OFFSET {skip}) AS claimed
             WHERE id = due AND loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    public override async Task<List<GroupCount>> TryLockCountsAsync(IReadOnlyCollection<long> groupIds, bool all, CancellationToken cancellationToken)
    {
        var free = groupIds.Order().ToList();
        var begin = "SAVEPOINT counts";
        while (!await TryLockAsync(begin, free, cancellationToken))
        {
            begin = "ROLLBACK TO SAVEPOINT counts";
            if (all)
            {
                free.Clear();
            }
        }

        return free.Count == 0 ? [] : await ReadCountsAsync(free, cancellationToken);
    }

    /// <summary>
    /// Locks counts in one round trip. If another transaction holds one, removes that one from the list and returns false; the transaction must then
    /// roll back to the savepoint.
    /// </summary>
    private async Task<bool> TryLockAsync(string begin, List<long> groups, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)Database.GetDbConnection(), (NpgsqlTransaction)Database.CurrentTransaction!.GetDbTransaction());
        batch.BatchCommands.Add(new(begin));
        foreach (var group in groups)
        {
            batch.BatchCommands.Add(new("SELECT group_id FROM group_counts WHERE group_id = $1 FOR UPDATE NOWAIT") { Parameters = { new NpgsqlParameter<long> { TypedValue = group } } });
        }

        batch.BatchCommands.Add(new("RELEASE SAVEPOINT counts"));
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
            groups.RemoveAt(held);
            return false;
        }
    }

    public override async Task<List<Membership>> ReadMembershipsAsync(IReadOnlyCollection<(long Customer, long Group)> wanted, CancellationToken cancellationToken)
    {
        var (customers, groups) = (wanted.Select(one => one.Customer).ToArray(), wanted.Select(one => one.Group).ToArray());
        var sql =
            $$"""
              -- scatter: members of whom something has changed
              SELECT {{Columns<Membership>("m")}} FROM unnest({0}, {1}) AS w (customer_id, group_id)
              JOIN memberships AS m ON m.customer_id = w.customer_id AND m.group_id = w.group_id
              """;
        return customers.Length == 0 ? [] : await Memberships.FromSqlRaw(sql, customers, groups).AsTracking().ToListAsync(cancellationToken);
    }

    // The condition is in both places, as above. With distributed tables, keys travel to the coordinator and back, and the claimed rows to the node.
    public override Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, long[] building, int skip, int most, CancellationToken cancellationToken)
    {
        var sql =
            $$"""
              -- scatter: the oldest changes of the queue
              UPDATE segment_changes AS c SET claimed_until = {0}
              FROM (
                  SELECT customer_id, id, group_id FROM segment_changes WHERE claimed_until <= {1} AND group_id <> ALL ({2})
                  ORDER BY id LIMIT {3} OFFSET {4}) AS due
              WHERE c.customer_id = due.customer_id AND c.id = due.id AND c.group_id = due.group_id AND c.claimed_until <= {1}
              RETURNING {{Columns<SegmentChange>("c")}}
              """;
        return SegmentChanges.FromSqlRaw(sql, until, now, building, most, skip).ToListAsync(cancellationToken);
    }

    // With distributed tables, the keys travel to the workers, and only the number of deleted rows comes back.
    public override Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken)
    {
        var (customers, numbers, groups) = (changes.Select(change => change.CustomerId).ToArray(), changes.Select(change => change.Id).ToArray(), changes.Select(change => change.GroupId).ToArray());
        return Database.ExecuteSqlAsync(
            $"""
             -- scatter: changes of the queue that are done
             DELETE FROM segment_changes USING unnest({customers}, {numbers}, {groups}) AS done (customer, change, only_group)
             WHERE customer_id = customer AND id = change AND group_id = only_group
             """,
            cancellationToken);
    }

    public override async Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken)
    {
        var sql = $"SELECT {Columns<Group>()} FROM groups WHERE id = {{0}} FOR KEY SHARE";
        return (await Groups.FromSqlRaw(sql, id).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // Leaves room on the page for the next version of the row, so that most changes touch none of its many indexes.
        modelBuilder.Entity<Customer>().HasStorageParameter("fillfactor", 85);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Ordinal, as in SQLite: the order is the same on both databases, and prefix searches can use an index.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

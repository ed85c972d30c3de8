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

    public override Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Customers.FromSql($"SELECT * FROM customers WHERE id = ANY({ids.ToArray()}) ORDER BY id FOR UPDATE").AsTracking().ToListAsync(cancellationToken);

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

            try
            {
                return await ReadAsync(batch, cancellationToken);
            }
            catch (NpgsqlException failure) when (failure.BatchCommand is { } statement && !Data.Database.IsTransient(failure))
            {
                throw failed(batch.BatchCommands.IndexOf(statement), failure);
            }
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

        static async Task<List<long>[]> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
        {
            var found = new List<long>[batch.BatchCommands.Count];
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            for (var i = 0; i < found.Length; i++, await reader.NextResultAsync(cancellationToken))
            {
                found[i] = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    found[i].Add(reader.GetInt64(0));
                }
            }

            return found;
        }
    }

    public override Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.FromSql($"SELECT * FROM groups WHERE id = {id} FOR UPDATE").AsTracking().SingleOrDefaultAsync(cancellationToken);

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        await Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public override Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken) =>
        Database.SqlQuery<string>(
            $"""
             INSERT INTO order_numbers (number, customer_id) SELECT * FROM unnest({numbers}, {customerIds})
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);

    // Guarded in both places: a row that another node has taken between the two is not taken again.
    public override Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until}
             FROM (
                 SELECT id AS due FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most} FOR UPDATE SKIP LOCKED) AS claimed
             WHERE id = due AND loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    public override Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, bool wait, CancellationToken cancellationToken)
    {
        var ids = groupIds.ToArray();
        return (wait
            ? GroupCounts.FromSql($"SELECT * FROM group_counts WHERE group_id = ANY({ids}) ORDER BY group_id FOR UPDATE")
            : GroupCounts.FromSql($"SELECT * FROM group_counts WHERE group_id = ANY({ids}) ORDER BY group_id FOR UPDATE SKIP LOCKED"))
            .AsTracking().ToListAsync(cancellationToken);
    }

    public override async Task<List<Membership>> ReadMembershipsAsync(IReadOnlyCollection<(long Customer, long Group)> wanted, CancellationToken cancellationToken)
    {
        var (customers, groups) = (wanted.Select(one => one.Customer).ToArray(), wanted.Select(one => one.Group).ToArray());
        return customers.Length == 0 ? [] : await Memberships.FromSql(
            $"""
             -- scatter: members of whom something has changed
             SELECT m.* FROM unnest({customers}, {groups}) AS w (customer_id, group_id) JOIN memberships AS m ON m.customer_id = w.customer_id AND m.group_id = w.group_id
             """)
            .AsTracking().ToListAsync(cancellationToken);
    }

    public override Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        SegmentChanges.FromSql(
            $"""
             -- scatter: the oldest changes of the queue
             UPDATE segment_changes SET claimed_until = {until}
             FROM (
                 SELECT customer_id AS customer, id AS change, group_id AS only_group FROM segment_changes WHERE claimed_until <= {now}
                 AND (group_id = 0 OR group_id NOT IN (SELECT group_id FROM segments WHERE state = 0))
                 ORDER BY id LIMIT {most} FOR UPDATE SKIP LOCKED) AS claimed
             WHERE customer_id = customer AND id = change AND group_id = only_group AND claimed_until <= {now}
             RETURNING segment_changes.*
             """).ToListAsync(cancellationToken);

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

    public override Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.FromSql($"SELECT * FROM groups WHERE id = {id} FOR KEY SHARE").SingleOrDefaultAsync(cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // Room on the page for the next version of the row: most changes then touch none of its many indexes.
        modelBuilder.Entity<Customer>().HasStorageParameter("fillfactor", 85);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Ordinal, as SQLite compares: the same order on both, and prefix searches can use an index.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

using System.Text.Json;
using Clientele.Server.Groups;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Data;

internal sealed class SqliteClienteleDb(DbContextOptions<SqliteClienteleDb> options) : ClienteleDb(options)
{
    // SQLite has only one write transaction at a time: reading inside it is the lock.
    protected override string Locking => "";

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        // A transaction of EF Core takes the write lock; a deferred one only reads.
        await Database.OpenConnectionAsync(cancellationToken);
        await Database.ExecuteSqlRawAsync("BEGIN", cancellationToken);
        return new Deferred(this);
    }

    public override Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken)
    {
        var pairs = JsonSerializer.Serialize(numbers.Zip(customerIds, (number, id) => new object[] { number, id }));
        return Database.SqlQuery<string>(
            $"""
             INSERT INTO order_numbers (number, customer_id)
             SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({pairs}) WHERE true
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);
    }

    public override Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until} WHERE id IN (
                 SELECT id FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most} OFFSET {skip})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    public override async Task<List<Membership>> ReadMembershipsAsync(IReadOnlyCollection<(long Customer, long Group)> wanted, CancellationToken cancellationToken)
    {
        var found = new List<Membership>();
        foreach (var one in wanted.GroupBy(one => one.Group, one => one.Customer))
        {
            var customers = one.ToArray();
            found.AddRange(await Memberships.AsTracking().Where(m => customers.Contains(m.CustomerId) && m.GroupId == one.Key).ToListAsync(cancellationToken));
        }

        return found;
    }

    public override Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, long[] building, int skip, int most, CancellationToken cancellationToken)
    {
        var sql =
            $$"""
              -- scatter: the oldest changes of the queue
              UPDATE segment_changes SET claimed_until = {0} WHERE (customer_id, id, group_id) IN (
                  SELECT customer_id, id, group_id FROM segment_changes WHERE claimed_until <= {1} AND group_id NOT IN (SELECT value FROM json_each({2}))
                  ORDER BY id LIMIT {3} OFFSET {4})
              RETURNING {{Columns<SegmentChange>()}}
              """;
        return SegmentChanges.FromSqlRaw(sql, until, now, JsonSerializer.Serialize(building), most, skip).ToListAsync(cancellationToken);
    }

    public override Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken)
    {
        var keys = JsonSerializer.Serialize(changes.Select(change => new[] { change.CustomerId, change.Id, change.GroupId }));
        return Database.ExecuteSqlAsync(
            $"""
             -- scatter: changes of the queue that are done
             DELETE FROM segment_changes WHERE (customer_id, id, group_id) IN (
                 SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each({keys}))
             """,
            cancellationToken);
    }

    public override Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);

    private sealed class Deferred(SqliteClienteleDb db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("ROLLBACK", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }
}

using Clientele.Server.Groups;
using Clientele.Server.Rules;

namespace Clientele.Server.Segments;

/// <summary>
/// Compares the stored members of a segment with its rule for many customers at once. The differences are collected in temporary tables of the
/// connection, without a lock, and then applied to the memberships in one go.
/// </summary>
internal sealed class BulkComparison(ClienteleDb db, LiveSegment segment, DateTime now, Cause cause)
{
    private const string Why = "scatter: all customers, or all who are due, are evaluated";

    /// <summary>
    /// Up to this many customers who have entered or left are queued one by one for the groups that refer to this one. If there are more, those groups
    /// are rebuilt.
    /// </summary>
    private const int MaxQueued = 5_000;

    private static readonly string[] Tables = ["compared", "matching", "entering", "leaving"];

    private static readonly string CreateTables = string.Concat(Tables.Select(table =>
        $"DROP TABLE IF EXISTS {table}; CREATE TEMPORARY TABLE {table} (customer_id bigint {(table == "compared" ? "PRIMARY KEY" : "NOT NULL")});"));

    private static readonly string DropTables = string.Concat(Tables.Select(table => $"DROP TABLE {table};"));

    /// <summary>Whether the group has stored memberships. Those added during the build are evaluated afterwards.</summary>
    private bool _hasMembers = true;

    public Task CreateTablesAsync(CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(CreateTables, cancellationToken);

    public Task DropTablesAsync(CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(DropTables, cancellationToken);

    /// <summary>The lowest and the highest customer id. Ids of members count too, because a member may have been deleted from the customers.</summary>
    public async Task<(long First, long Last)> RangeAsync(CancellationToken cancellationToken)
    {
        var (first, last) = (1L, 0L);
        if (await db.Customers.TagWith(Why).Select(c => (long?)c.Id).MinAsync(cancellationToken) is { } least)
        {
            (first, last) = (least, await db.Customers.TagWith(Why).MaxAsync(c => c.Id, cancellationToken));
        }

        var members = db.Memberships.TagWith(Why).Where(m => m.GroupId == segment.GroupId).Select(m => (long?)m.CustomerId);
        var firstMember = await members.MinAsync(cancellationToken);
        _hasMembers = firstMember is not null;
        return _hasMembers
            ? (Math.Min(first, firstMember!.Value), Math.Max(last, (await members.MaxAsync(cancellationToken))!.Value))
            : (first, last);
    }

    /// <summary>Compares the customers whose ids are in a range.</summary>
    public Task CompareAsync(long from, long before, CancellationToken cancellationToken) =>
        // Both queries have the same range of ids: two index scans, whichever join the planner chooses.
        CompareAsync(
            db.Customers.Where(c => c.Id >= from && c.Id < before),
            db.Memberships.Where(m => m.CustomerId >= from && m.CustomerId < before),
            cancellationToken);

    /// <summary>Compares the customers that a query finds.</summary>
    public async Task CompareAsync(IQueryable<long> ids, CancellationToken cancellationToken)
    {
        await InsertAsync("INSERT INTO compared (customer_id)", ids.TagWith(Why).Distinct(), cancellationToken);
        if (db.Database.IsNpgsql())
        {
            // The planner has no statistics for the new rows. It would assume that there are none, and compare all customers with all.
            await db.Database.ExecuteSqlAsync($"ANALYZE compared", cancellationToken);
        }

        var compared = db.Database.SqlQuery<long>($"""SELECT customer_id AS "Value" FROM compared""");
        await CompareAsync(db.Customers.Where(c => compared.Contains(c.Id)), db.Memberships.Where(m => compared.Contains(m.CustomerId)), cancellationToken);
    }

    /// <summary>Writes who enters and who leaves, and has the groups that refer to this one evaluated again.</summary>
    public async Task ApplyAsync(MembershipLog log, long changeId, CancellationToken cancellationToken)
    {
        var changed = await log.SetAllAsync(cause, cancellationToken);
        if (changed > MaxQueued)
        {
            await Segment.RebuildAsync(
                db.Segments.Where(s => db.GroupReferences.Any(r => r.RefersTo == segment.GroupId && r.GroupId == s.GroupId)), cancellationToken);
        }
        else if (changed > 0)
        {
            await QueueForDependentsAsync(changeId, cancellationToken);
        }
    }

    /// <summary>Queues customers added by hand whose membership does not fit their activity: they are evaluated one by one.</summary>
    public Task QueueIncludedAsync(long changeId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
         -- scatter: members added by hand
         INSERT INTO segment_changes (customer_id, id, group_id, facets, cause, queued_at, claimed_until)
         SELECT m.customer_id, {changeId}, m.group_id, {(long)Facets.None}, {(int)cause}, {now}, {DateTime.UnixEpoch} FROM memberships AS m
         WHERE m.group_id = {segment.GroupId} AND m.origin = {(int)MembershipOrigin.Included}
         AND m.is_member <> EXISTS (SELECT 1 FROM customers AS c WHERE c.id = m.customer_id AND ({segment.Rule!.TestsActivity} OR c.is_active))
         """,
        cancellationToken);

    private async Task CompareAsync(IQueryable<Customer> customers, IQueryable<Membership> memberships, CancellationToken cancellationToken)
    {
        var group = segment.GroupId;
        var matching = customers.TagWith(Why).Where(segment.Rule!.Matches(db, now)).Select(c => c.Id);
        if (!_hasMembers)
        {
            await InsertAsync("INSERT INTO entering (customer_id)", matching, cancellationToken);
            return;
        }

        // The rule is evaluated once, and EXCEPT finds who enters and who leaves: whatever numbers the planner expects, it never tries a join of them.
        await db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? "TRUNCATE matching" : "DELETE FROM matching", cancellationToken);
        await InsertAsync("INSERT INTO matching (customer_id)", matching, cancellationToken);
        var found = db.Database.SqlQuery<long>($"""SELECT customer_id AS "Value" FROM matching""");
        var members = memberships.TagWith(Why).Where(m => m.GroupId == group);
        var byRule = members.Where(m => m.Origin == MembershipOrigin.Rule);
        await InsertAsync("INSERT INTO entering (customer_id)", found.Except(members.Select(m => m.CustomerId)), cancellationToken);
        await InsertAsync("INSERT INTO leaving (customer_id)", byRule.Select(m => m.CustomerId).Except(found), cancellationToken);
    }

    /// <summary>Queues the customers who have entered or left for the groups that refer to this one.</summary>
    private Task<int> QueueForDependentsAsync(long changeId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
         -- scatter: customers who have entered or left a group together
         INSERT INTO segment_changes (customer_id, id, group_id, facets, cause, queued_at, claimed_until)
         SELECT c.customer_id, {changeId}, r.group_id, {(long)Facets.Groups}, {(int)Cause.Group}, {now}, {DateTime.UnixEpoch}
         FROM (SELECT customer_id FROM entering UNION SELECT customer_id FROM leaving) AS c
         CROSS JOIN group_references AS r WHERE r.refers_to = {segment.GroupId}
         """,
        cancellationToken);

    private static async Task InsertAsync(string into, IQueryable<long> query, CancellationToken cancellationToken)
    {
        await using var command = query.CreateDbCommand();
#pragma warning disable CA2100 // EF Core's own statement after ours.
        command.CommandText = $"{into}\n{command.CommandText}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

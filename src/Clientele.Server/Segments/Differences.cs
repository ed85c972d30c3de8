using System.Data.Common;
using System.Globalization;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Segments;

/// <summary>
/// The differences between the stored members of a segment and its rule, for many customers at once. They are collected in temporary tables of the
/// connection, and then applied to the memberships in one go.
/// </summary>
internal sealed class Differences(ClienteleDb db, LiveSegment segment, DateTime now, Cause cause)
{
    private const string Why = "scatter: everybody is evaluated, or whom the clock has reached";

    /// <summary>
    /// Up to this many changed members are queued one by one for the groups that refer to this one. If there are more, those groups are rebuilt.
    /// </summary>
    private const int PassedOn = 5_000;
    private static readonly string[] Tables = ["reached", "matching", "entering", "leaving"];

    /// <summary>Whether the group has stored memberships. Those added during the build are evaluated afterwards.</summary>
    private bool _hasMembers = true;

    public Task CreateAsync(CancellationToken cancellationToken) => RunAsync(
        string.Concat(Tables.Select(table => $"DROP TABLE IF EXISTS {table}; CREATE TEMPORARY TABLE {table} (customer_id bigint {(table == "reached" ? "PRIMARY KEY" : "NOT NULL")});")),
        cancellationToken);

    public Task DropAsync(CancellationToken cancellationToken) => RunAsync(string.Concat(Tables.Select(table => $"DROP TABLE {table};")), cancellationToken);

    /// <summary>The lowest and the highest customer id. Ids of members count too, because a member may have been deleted from the customers.</summary>
    public async Task<(long First, long Last)> RangeAsync(CancellationToken cancellationToken)
    {
        var customers = await db.Customers.TagWith(Why).Select(c => (long?)c.Id).MinAsync(cancellationToken) is { } first
            ? (first, await db.Customers.TagWith(Why).MaxAsync(c => c.Id, cancellationToken)) : (1L, 0L);
        var members = db.Memberships.TagWith(Why).Where(m => m.GroupId == segment.GroupId).Select(m => (long?)m.CustomerId);
        var least = await members.MinAsync(cancellationToken);
        _hasMembers = least is not null;
        return _hasMembers ? (Math.Min(customers.Item1, least!.Value), Math.Max(customers.Item2, (await members.MaxAsync(cancellationToken))!.Value)) : customers;
    }

    /// <summary>Compares a range of all customers.</summary>
    public Task GatherAsync(long from, long before, CancellationToken cancellationToken) =>
        // Both queries have the same range of ids: two index scans, whichever join the planner chooses.
        GatherAsync(db.Customers.Where(c => c.Id >= from && c.Id < before), db.Memberships.Where(m => m.CustomerId >= from && m.CustomerId < before), cancellationToken);

    /// <summary>Compares the customers that a query finds.</summary>
    public async Task GatherAsync(IQueryable<long> ids, CancellationToken cancellationToken)
    {
        await InsertAsync("INSERT INTO reached (customer_id)", ids.TagWith(Why).Distinct(), cancellationToken);
        if (db.Database.IsNpgsql())
        {
            // The planner has no statistics for the new rows. It would assume that there are none, and compare all customers with all.
            await RunAsync("ANALYZE reached", cancellationToken);
        }

        var reached = db.Database.SqlQuery<long>($"""SELECT customer_id AS "Value" FROM reached""");
        await GatherAsync(db.Customers.Where(c => reached.Contains(c.Id)), db.Memberships.Where(m => reached.Contains(m.CustomerId)), cancellationToken);
    }

    private async Task GatherAsync(IQueryable<Customer> customers, IQueryable<Membership> memberships, CancellationToken cancellationToken)
    {
        var group = segment.GroupId;
        var matching = customers.TagWith(Why).Where(segment.Rule!.Matches(db, now)).Select(c => c.Id);
        if (!_hasMembers)
        {
            await InsertAsync("INSERT INTO entering (customer_id)", matching, cancellationToken);
            return;
        }

        // The rule is evaluated once, and EXCEPT finds who enters and who leaves: whatever numbers the planner expects, it never tries a join of them.
        await RunAsync(db.Database.IsNpgsql() ? "TRUNCATE matching" : "DELETE FROM matching", cancellationToken);
        await InsertAsync("INSERT INTO matching (customer_id)", matching, cancellationToken);
        var found = db.Database.SqlQuery<long>($"""SELECT customer_id AS "Value" FROM matching""");
        var members = memberships.TagWith(Why).Where(m => m.GroupId == group);
        await InsertAsync("INSERT INTO entering (customer_id)", found.Except(members.Select(m => m.CustomerId)), cancellationToken);
        await InsertAsync("INSERT INTO leaving (customer_id)", members.Where(m => m.Origin == MembershipOrigin.Rule).Select(m => m.CustomerId).Except(found), cancellationToken);
    }

    /// <summary>
    /// Writes who enters and who leaves, except where an admin has decided by hand meanwhile, and has the groups that refer to this one follow. The
    /// count must be locked.
    /// </summary>
    public async Task ApplyAsync(GroupCount count, long changeId, CancellationToken cancellationToken)
    {
        var (found, gone) = (await CountAsync("entering", cancellationToken), await CountAsync("leaving", cancellationToken));
        var at = count.ChangedAt > now ? count.ChangedAt.Value : now;
        var (entered, left) = (0, 0);
        if (found > 0)
        {
            // Under the lock nobody else adds members. If there are none yet, there can be no conflict, and checking for one would take a fifth longer.
            var conflicts = await db.Memberships.TagWith(Why).Where(m => m.GroupId == segment.GroupId).MinAsync(m => (long?)m.CustomerId, cancellationToken) is null ? "" : "ON CONFLICT DO NOTHING";
            entered = await RunAsync(
                $"""
                INSERT INTO memberships (customer_id, group_id, origin, is_member, changed_at, entered_at, entered_seq, entered_cause)
                SELECT customer_id, @group, @rule, @yes, @at, @at, @seq + row_number() OVER (), @cause FROM entering WHERE true
                {conflicts}
                """,
                cancellationToken,
                ("group", segment.GroupId), ("rule", (int)MembershipOrigin.Rule), ("yes", true), ("at", at), ("seq", count.LastSeq), ("cause", (int)cause));
            count.LastSeq += found;
        }

        if (gone > 0)
        {
            left = await RunAsync(
                """
                INSERT INTO membership_spells (customer_id, group_id, entered_seq, entered_at, entered_cause, left_seq, left_at, left_cause)
                SELECT m.customer_id, m.group_id, m.entered_seq, m.entered_at, m.entered_cause, @seq + row_number() OVER (), @at, @cause
                FROM leaving AS l JOIN memberships AS m ON m.customer_id = l.customer_id AND m.group_id = @group WHERE m.origin = @rule
                """,
                cancellationToken,
                ("group", segment.GroupId), ("rule", (int)MembershipOrigin.Rule), ("at", at), ("seq", count.LastSeq), ("cause", (int)cause));
            await RunAsync(
                "DELETE FROM memberships WHERE group_id = @group AND origin = @rule AND customer_id IN (SELECT customer_id FROM leaving)",
                cancellationToken,
                ("group", segment.GroupId), ("rule", (int)MembershipOrigin.Rule));
            count.LastSeq += gone;
        }

        if (entered + left == 0)
        {
            return;
        }

        (count.Members, count.ChangedAt) = (count.Members + entered - left, at);
        await db.SaveChangesAsync(cancellationToken);
        if (entered + left > PassedOn)
        {
            await Segment.RebuildAsync(db.Segments.Where(s => db.GroupReferences.Any(r => r.RefersTo == segment.GroupId && r.GroupId == s.GroupId)), cancellationToken);
        }
        else
        {
            await PassOnAsync(changeId, cancellationToken);
        }
    }

    /// <summary>Queues the customers who have entered or left for the groups that refer to this one.</summary>
    private Task<int> PassOnAsync(long changeId, CancellationToken cancellationToken) => RunAsync(
        """
        INSERT INTO segment_changes (customer_id, id, group_id, facets, cause, queued_at, claimed_until)
        SELECT f.customer_id, @id, r.group_id, @facets, @cause, @now, @epoch
        FROM (SELECT customer_id FROM entering UNION SELECT customer_id FROM leaving) AS f CROSS JOIN group_references AS r WHERE r.refers_to = @group
        """,
        cancellationToken,
        ("id", changeId), ("facets", (long)Facets.Groups), ("cause", (int)Cause.Group), ("now", now), ("epoch", DateTime.UnixEpoch), ("group", segment.GroupId));

    /// <summary>Queues customers added by hand whose membership does not fit their activity: they are evaluated one by one.</summary>
    public async Task QueueIncludedAsync(long changeId, CancellationToken cancellationToken)
    {
        var (group, tests) = (segment.GroupId, segment.Rule!.TestsActivity);
        await using var command = db.Memberships.TagWith(Why).Where(m => m.GroupId == group && m.Origin == MembershipOrigin.Included
            && m.IsMember != db.Customers.Any(c => c.Id == m.CustomerId && (tests || c.IsActive))).Select(m => m.CustomerId).CreateDbCommand();
#pragma warning disable CA2100 // EF Core's own statement inside ours.
        command.CommandText =
            $"""
             INSERT INTO segment_changes (customer_id, id, group_id, facets, cause, queued_at, claimed_until)
             WITH found (customer) AS (
             {command.CommandText}
             ) SELECT customer, @change_id, @change_group, @change_facets, @change_cause, @change_now, @change_epoch FROM found
             """;
#pragma warning restore CA2100
        foreach (var (name, value) in new (string, object)[]
        {
            ("change_id", changeId), ("change_group", group), ("change_facets", (long)Facets.None), ("change_cause", (int)cause), ("change_now", now), ("change_epoch", DateTime.UnixEpoch),
        })
        {
            Add(command, name, value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InsertAsync(string into, IQueryable<long> query, CancellationToken cancellationToken)
    {
        await using var command = query.CreateDbCommand();
#pragma warning disable CA2100 // EF Core's own statement after ours.
        command.CommandText = $"{into}\n{command.CommandText}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> CountAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT count(*) FROM {table}");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private async Task<int> RunAsync(string text, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(text);
        foreach (var (name, value) in parameters)
        {
            Add(command, name, value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Command(string text)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = db.Database.GetCommandTimeout() ?? 0;
#pragma warning disable CA2100 // Built from our own names.
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}

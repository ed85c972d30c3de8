using System.Runtime.CompilerServices;
using Clientele.Server.Events;

namespace Clientele.Server.Groups;

/// <summary>
/// The only way to enter or leave a group. It records each entry and each exit once, with its number, cause and event. It exists only while the transaction
/// holds the lock on the group's count; decisions by hand set the origin of a membership under the same lock. Lock customers before counts, and read
/// memberships after the counts are locked: then two writers cannot deadlock, and none of them decides by data from before another's commit.
/// </summary>
internal sealed class MembershipLog
{
    private readonly ClienteleDb _db;
    private readonly GroupCount _count;
    private readonly DateTime _latest;

    private MembershipLog(ClienteleDb db, GroupCount count, DateTime now)
    {
        (_db, _count, At, _latest) = (db, count, now, now + Clock.MostSkew);
        StartAt(count.ChangedAt);
    }

    public long GroupId => _count.GroupId;

    public long Members => _count.Members;

    public long LastSeq => _count.LastSeq;

    /// <summary>
    /// The instant of the changes: not earlier than the last change, whichever node's clock set that. If that clock was wrong, its instant is ignored:
    /// otherwise rules would be evaluated as of a future instant until then. The numbers of the changes tell their order.
    /// </summary>
    public DateTime At { get; private set; }

    /// <summary>Waits for the locks on the groups' counts. Groups that no longer exist are missing in the result.</summary>
    public static async Task<Dictionary<long, MembershipLog>> LockAsync(
        ClienteleDb db, IReadOnlyCollection<long> groupIds, TimeProvider clock, CancellationToken cancellationToken) =>
        Open(db, await db.LockAllAsync<GroupCount>(groupIds, cancellationToken), clock);

    /// <summary>The same for one group; null if it no longer exists.</summary>
    public static async Task<MembershipLog?> LockAsync(ClienteleDb db, long groupId, TimeProvider clock, CancellationToken cancellationToken) =>
        (await LockAsync(db, [groupId], clock, cancellationToken)).GetValueOrDefault(groupId);

    /// <summary>
    /// Locks without waiting. If another transaction has locked some of the counts, locks none if <paramref name="allOrNothing"/> is true, and otherwise the
    /// rest.
    /// </summary>
    public static async Task<Dictionary<long, MembershipLog>> TryLockAsync(
        ClienteleDb db, IReadOnlyCollection<long> groupIds, bool allOrNothing, TimeProvider clock, CancellationToken cancellationToken) =>
        Open(db, await db.TryLockAllAsync<GroupCount>(groupIds, allOrNothing, cancellationToken), clock);

    /// <summary>Moves the instant of the changes to a later one.</summary>
    public void StartAt(DateTime? instant) => At = instant > At && instant <= _latest ? instant.Value : At;

    /// <summary>Brings a membership into the given state, and returns whether the customer has entered or left.</summary>
    /// <param name="row">The current membership, tracked; null if there is none.</param>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="isMember">The state to reach. A row without a membership and without a manual decision is deleted.</param>
    /// <param name="cause">The cause of the change.</param>
    public bool Set(Membership? row, long customerId, bool isMember, Cause cause)
    {
        var was = row is { IsMember: true };
        if (isMember && !was)
        {
            if (row is null)
            {
                row = new Membership { CustomerId = customerId, GroupId = GroupId, Origin = MembershipOrigin.Rule, IsMember = true, ChangedAt = At };
                _db.Add(row);
            }

            (row.IsMember, row.EnteredAt, row.EnteredSeq, row.EnteredCause) = (true, At, Next(1), cause);
            _db.Add(LoggedEvent.OfMembership(customerId, GroupId, LastSeq, entered: true, At, cause.Name()));
        }
        else if (!isMember && was)
        {
            _db.Add(Finished(row!, cause));
            _db.Add(LoggedEvent.OfMembership(customerId, GroupId, LastSeq, entered: false, At, cause.Name()));
            (row!.IsMember, row.EnteredAt, row.EnteredSeq, row.EnteredCause) = (false, null, null, null);
        }

        if (row is { Origin: MembershipOrigin.Rule, IsMember: false })
        {
            _db.Remove(row);
        }

        return isMember != was;
    }

    /// <summary>
    /// Makes the customers in the temporary table <c>entering</c> members, and ends the membership of those in <c>leaving</c>, except where an admin
    /// has decided by hand. Returns how many have entered or left.
    /// </summary>
    public async Task<int> SetAllAsync(Cause cause, CancellationToken cancellationToken)
    {
        var (entered, left) = (await EnterAllAsync(cause, cancellationToken), await LeaveAllAsync(cause, cancellationToken));
        if (entered + left > 0)
        {
            (_count.Members, _count.ChangedAt) = (_count.Members + entered - left, At);
            await _db.SaveChangesAsync(cancellationToken);
        }

        return entered + left;
    }

    /// <summary>Keeps the members of a group whose rule is switched off.</summary>
    public Task<int> KeepAllAsync(CancellationToken cancellationToken) => ChangeOriginAsync(MembershipOrigin.Rule, MembershipOrigin.Kept, cancellationToken);

    /// <summary>Returns kept members to the rule, which is switched on again.</summary>
    public Task<int> ReturnKeptAsync(CancellationToken cancellationToken) => ChangeOriginAsync(MembershipOrigin.Kept, MembershipOrigin.Rule, cancellationToken);

    /// <summary>Deletes everything about the members of a group that is going to be deleted.</summary>
    public async Task DeleteAllAsync(CancellationToken cancellationToken)
    {
        const string Why = "scatter: the members of a deleted group";
        await _db.Database.ExecuteSqlAsync(
            $"""
             -- scatter: the members of a deleted group
             INSERT INTO events (customer_id, group_id, number, kind, at, data)
             SELECT customer_id, group_id, {LastSeq} + row_number() OVER (), {(int)EventKind.GroupLeft}, {At},
                 {LoggedEvent.MembershipData(GroupId, GroupMoveCause.GroupDeleted)}
             FROM memberships WHERE group_id = {GroupId} AND is_member
             """,
            cancellationToken);
        await _db.Memberships.TagWith(Why).Where(m => m.GroupId == GroupId).ExecuteDeleteAsync(cancellationToken);
        await _db.MembershipPeriods.TagWith(Why).Where(p => p.GroupId == GroupId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Ends all memberships of a customer who is erased. If a worker adds the customer to another group in the meantime, the customer's queued row
    /// removes that membership again.
    /// </summary>
    public static async Task LeaveAllGroupsAsync(ClienteleDb db, long customerId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var groups = await db.Memberships.Where(m => m.CustomerId == customerId).Select(m => m.GroupId).ToListAsync(cancellationToken);
        var logs = groups.Count == 0 ? [] : await LockAsync(db, groups, clock, cancellationToken);
        var rows = logs.Count == 0 ? [] : await db.Memberships.AsTracking().Where(m => m.CustomerId == customerId).ToListAsync(cancellationToken);
        foreach (var row in rows.Where(row => logs.ContainsKey(row.GroupId)))
        {
            row.Origin = MembershipOrigin.Rule;
            logs[row.GroupId].Set(row, customerId, isMember: false, Cause.Erased);
        }
    }

    private Task<int> ChangeOriginAsync(MembershipOrigin from, MembershipOrigin to, CancellationToken cancellationToken) => _db.Database.ExecuteSqlAsync(
        $"""
         -- scatter: the members of a group whose rule is switched on or off
         UPDATE memberships SET origin = {(int)to} WHERE group_id = {GroupId} AND origin = {(int)from}
         """,
        cancellationToken);

    private async Task<int> EnterAllAsync(Cause cause, CancellationToken cancellationToken)
    {
        if (await CountAsync($"""SELECT count(*) AS "Value" FROM entering""", cancellationToken) is not (> 0 and var found))
        {
            return 0;
        }

        // Nobody else adds members meanwhile. If there are none yet, there can be no conflict, and checking for one would take a fifth longer.
        var isEmpty = await _db.Memberships.TagWith("scatter: has the group any members").Where(m => m.GroupId == GroupId)
            .MinAsync(m => (long?)m.CustomerId, cancellationToken) is null;
        FormattableString insert =
            $"""
             -- scatter: customers who enter a group together
             INSERT INTO memberships (customer_id, group_id, origin, is_member, changed_at, entered_at, entered_seq, entered_cause)
             SELECT customer_id, {GroupId}, {(int)MembershipOrigin.Rule}, {true}, {At}, {At}, {LastSeq} + row_number() OVER (), {(int)cause}
             FROM entering WHERE true
             """;
        var text = isEmpty ? insert.Format : insert.Format + " ON CONFLICT DO NOTHING";
        var entered = await _db.Database.ExecuteSqlAsync(FormattableStringFactory.Create(text, insert.GetArguments()), cancellationToken);
        await _db.Database.ExecuteSqlAsync(
            $"""
             -- scatter: customers who enter a group together
             INSERT INTO events (customer_id, group_id, number, kind, at, data)
             SELECT customer_id, group_id, entered_seq, {(int)EventKind.GroupEntered}, {At}, {LoggedEvent.MembershipData(GroupId, cause.Name())}
             FROM memberships WHERE group_id = {GroupId} AND is_member AND entered_seq > {LastSeq}
             """,
            cancellationToken);
        _count.LastSeq += found;
        return entered;
    }

    private async Task<int> LeaveAllAsync(Cause cause, CancellationToken cancellationToken)
    {
        if (await CountAsync($"""SELECT count(*) AS "Value" FROM leaving""", cancellationToken) is not (> 0 and var found))
        {
            return 0;
        }

        var left = await _db.Database.ExecuteSqlAsync(
            $"""
             -- scatter: customers who leave a group together
             INSERT INTO membership_spells (customer_id, group_id, entered_seq, entered_at, entered_cause, left_seq, left_at, left_cause)
             SELECT m.customer_id, m.group_id, m.entered_seq, m.entered_at, m.entered_cause, {LastSeq} + row_number() OVER (), {At}, {(int)cause}
             FROM memberships AS m
             WHERE m.group_id = {GroupId} AND m.origin = {(int)MembershipOrigin.Rule} AND m.customer_id IN (SELECT customer_id FROM leaving)
             """,
            cancellationToken);
        await _db.Database.ExecuteSqlAsync(
            $"""
             -- scatter: customers who leave a group together
             DELETE FROM memberships WHERE group_id = {GroupId} AND origin = {(int)MembershipOrigin.Rule} AND customer_id IN (SELECT customer_id FROM leaving)
             """,
            cancellationToken);
        await _db.Database.ExecuteSqlAsync(
            $"""
             -- scatter: customers who leave a group together
             INSERT INTO events (customer_id, group_id, number, kind, at, data)
             SELECT customer_id, group_id, left_seq, {(int)EventKind.GroupLeft}, {At}, {LoggedEvent.MembershipData(GroupId, cause.Name())}
             FROM membership_spells WHERE group_id = {GroupId} AND left_seq > {LastSeq}
             """,
            cancellationToken);
        _count.LastSeq += found;
        return left;
    }

    private static Dictionary<long, MembershipLog> Open(ClienteleDb db, List<GroupCount> counts, TimeProvider clock)
    {
        // Read after the lock, so that a later writer never uses an earlier instant.
        var now = clock.Now();
        return counts.ToDictionary(count => count.GroupId, count => new MembershipLog(db, count, now));
    }

    private async Task<long> CountAsync(FormattableString query, CancellationToken cancellationToken) =>
        (await _db.Database.SqlQuery<long>(query).ToListAsync(cancellationToken))[0];

    private MembershipPeriod Finished(Membership row, Cause cause) => new()
    {
        CustomerId = row.CustomerId,
        GroupId = GroupId,
        EnteredSeq = row.EnteredSeq!.Value,

        // A clock that was wrong may have set a later instant, and a period must not end before it begins.
        EnteredAt = row.EnteredAt!.Value < At ? row.EnteredAt.Value : At,
        EnteredCause = row.EnteredCause!.Value,
        LeftSeq = Next(-1),
        LeftAt = At,
        LeftCause = cause,
    };

    private long Next(int delta)
    {
        _count.Members += delta;
        _count.ChangedAt = At;
        return ++_count.LastSeq;
    }
}

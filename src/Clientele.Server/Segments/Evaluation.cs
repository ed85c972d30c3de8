using Clientele.Server.Groups;
using Clientele.Server.Rules;

namespace Clientele.Server.Segments;

/// <summary>
/// Evaluates customers whose data has changed, for the groups whose rules read that data. Must run in a transaction. It locks the groups' counts
/// before it reads anything that a decision depends on, so that every decision takes into account all that was committed before the lock.
/// </summary>
internal sealed class Evaluation(ClienteleDb db, SegmentRules rules, SegmentQueue queue, TimeProvider clock)
{
    private const string Why = "scatter: customers whose data has changed";

    /// <summary>
    /// Evaluates the changes that a worker has claimed, and removes them from the queue. Returns false if another worker has locked one of the
    /// groups: roll back and try again.
    /// </summary>
    /// <param name="claimed">The claimed changes.</param>
    /// <param name="failing">Groups to leave out because their rules fail.</param>
    /// <param name="allOrNothing">If false, the changes are queued again for the groups that another worker has locked.</param>
    public async Task<bool> RunAsync(IReadOnlyList<SegmentChange> claimed, IReadOnlySet<long> failing, bool allOrNothing, CancellationToken cancellationToken)
    {
        // Read the rules again after the lock: from then on nobody can change the rules of the locked groups, and all groups that refer to them are known.
        var wanted = Affected(claimed, await rules.ReadAsync(db, cancellationToken), failing);
        var logs = wanted.Count == 0 ? [] : await MembershipLog.TryLockAsync(
            db, [.. wanted.Where(one => one.Segment.CanBeEvaluated).Select(one => one.Segment.GroupId)], allOrNothing, clock, cancellationToken);
        var affected = wanted.Count == 0 ? [] : Affected(claimed, await rules.ReadAsync(db, cancellationToken), failing);
        if (allOrNothing && affected.Exists(one => one.Segment.CanBeEvaluated && !logs.ContainsKey(one.Segment.GroupId)))
        {
            return false;
        }

        if (affected.Find(one => one.Segment is { State: SegmentState.Ready, Rule: null })?.Segment is { } unreadable)
        {
            throw new EvaluationException(unreadable, unreadable.Error!);
        }

        foreach (var (segment, _) in affected)
        {
            var log = logs.GetValueOrDefault(segment.GroupId);
            log?.StartAt(claimed.Max(change => change.QueuedAt));
            log?.StartAt(segment.SweptAt);
        }

        var active = logs.Count == 0 ? [] : await ActiveAsync([.. claimed.Select(change => change.CustomerId).Distinct()], cancellationToken);
        await EvaluateInOrderAsync(affected, logs, active, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await SegmentChange.DequeueAsync(db, claimed, cancellationToken);
        return true;
    }

    /// <summary>Evaluates customers for one group. Returns those who have entered or left.</summary>
    /// <param name="segment">The group, read after the lock.</param>
    /// <param name="causes">The customers, and why they are evaluated.</param>
    /// <param name="active">Whether each customer is active; customers who do not exist are missing.</param>
    /// <param name="find">Returns the customer's membership of the group, read after the lock, tracked.</param>
    public async Task<List<long>> EvaluateAsync(
        LiveSegment segment, MembershipLog log, IReadOnlyDictionary<long, Cause> causes, IReadOnlyDictionary<long, bool> active,
        Func<long, Membership?> find, CancellationToken cancellationToken)
    {
        var customers = CustomersById(db, [.. causes.Keys], Why).Where(segment.Rule!.Matches(db, log.At));
        var matching = (await QueryAsync([segment], _ => customers, cancellationToken))[0].ToHashSet();
        return [.. causes.Where(one => Set(find(one.Key), one.Key, one.Value)).Select(one => one.Key)];

        bool Set(Membership? row, long id, Cause cause) => log.Set(row, id, Belongs(segment, active, row, id, matching.Contains(id)), cause);
    }

    /// <summary>
    /// Corrects memberships that differ from the rule, as <see cref="Differing"/> has found after the lock, and those of customers who no longer exist.
    /// Returns the customers who have entered or left.
    /// </summary>
    public static List<long> Correct(
        LiveSegment segment, MembershipLog log, IEnumerable<long> differing, Func<long, Cause> cause, IReadOnlyDictionary<long, bool> active,
        IReadOnlyDictionary<(long Customer, long Group), Membership> rows)
    {
        return [.. differing.Where(id => Set(rows.GetValueOrDefault((id, segment.GroupId)), id))];

        // The membership differs from the rule, so the rule matches exactly those who are not members. For customers added by hand the rule does not count.
        bool Set(Membership? row, long id) =>
            log.Set(row, id, Belongs(segment, active, row, id, matches: active.ContainsKey(id) && row is not { IsMember: true }), cause(id));
    }

    /// <summary>Whether a customer should be a member.</summary>
    /// <param name="segment">The group's segment; null if no rule decides.</param>
    /// <param name="active">Whether each customer is active; customers who do not exist are missing.</param>
    /// <param name="row">The current membership or manual decision; null if there is none.</param>
    /// <param name="matches">The result without a manual decision.</param>
    public static bool Belongs(LiveSegment? segment, IReadOnlyDictionary<long, bool> active, Membership? row, long id, bool matches) => row?.Origin switch
    {
        MembershipOrigin.Excluded => false,

        // A customer added by hand is not a member while inactive, unless the rule itself tests is_active.
        MembershipOrigin.Included => active.TryGetValue(id, out var isActive) && (isActive || segment?.Rule is null or { TestsActivity: true }),
        _ => matches,
    };

    /// <summary>Which of the customers exist, and whether they are active.</summary>
    public Task<Dictionary<long, bool>> ActiveAsync(long[] customers, CancellationToken cancellationToken) =>
        db.Customers.Where(c => customers.Contains(c.Id)).Select(c => new { c.Id, c.IsActive })
            .ToDictionaryAsync(c => c.Id, c => c.IsActive, cancellationToken);

    public static IQueryable<Customer> CustomersById(ClienteleDb db, long[] ids, string why) => db.Customers.TagWith(why).Where(c => ids.Contains(c.Id));

    /// <summary>Customers whose stored membership differs from the rule, and customers added by hand: the rule alone does not decide about them.</summary>
    public static IQueryable<Customer> Differing(ClienteleDb db, IQueryable<Customer> customers, long group, Expression<Func<Customer, bool>> matches)
    {
        Expression<Func<Customer, bool>> isMember = c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == group && m.IsMember);
        Expression<Func<Customer, bool>> isIncluded = c =>
            db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == group && m.Origin == MembershipOrigin.Included);
        var customer = matches.Parameters[0];
        return customers.Where(Expression.Lambda<Func<Customer, bool>>(
            Expression.OrElse(Expression.NotEqual(matches.Body, Logic.Of(isMember, customer)), Logic.Of(isIncluded, customer)), customer));
    }

    /// <summary>Evaluates in waves: each wave has the groups that refer to no group that is still to be evaluated.</summary>
    private async Task EvaluateInOrderAsync(
        List<AffectedGroup> affected, Dictionary<long, MembershipLog> logs, Dictionary<long, bool> active, CancellationToken cancellationToken)
    {
        while (affected.Count > 0)
        {
            var remaining = affected.ConvertAll(one => one.Segment.GroupId);
            var wave = affected.FindAll(IsNext);
            affected.RemoveAll(IsNext);
            var evaluated = wave.FindAll(one => one.Customers.Count > 0 && logs.ContainsKey(one.Segment.GroupId));
            var differing = await PossiblyWrongAsync(evaluated, logs, active, cancellationToken);
            var rows = await Membership.ReadAsync(db, [.. evaluated.Zip(differing, (one, ids) => (one.Segment.GroupId, ids))], cancellationToken);
            var hasDependents = false;
            foreach (var ((segment, customers), ids) in evaluated.Zip(differing))
            {
                var moved = Correct(segment, logs[segment.GroupId], ids, id => customers[id], active, rows);

                // The groups of this run that refer to this one are evaluated later, for the customers who moved as well.
                var dependents = moved.Count == 0 ? [] : affected.FindAll(one => one.Segment.Rule?.RefersTo.Contains(segment.GroupId) == true);
                dependents.ForEach(one => moved.ForEach(id => one.Customers.TryAdd(id, Cause.Group)));
                hasDependents |= dependents.Count > 0;
            }

            await QueueAgainAsync(wave.Where(one => one.Customers.Count > 0 && !logs.ContainsKey(one.Segment.GroupId)), cancellationToken);
            if (hasDependents)
            {
                await db.SaveChangesAsync(cancellationToken);
            }

            bool IsNext(AffectedGroup one) => one.Segment.Rule?.RefersTo.Overlaps(remaining) != true;
        }
    }

    /// <summary>
    /// Queues customers again for groups that were not locked. A build that has begun may have missed these changes. A build that has not begun will
    /// see them.
    /// </summary>
    private async Task QueueAgainAsync(IEnumerable<AffectedGroup> unlocked, CancellationToken cancellationToken)
    {
        foreach (var (segment, customers) in unlocked.Where(one => one.Segment.State == SegmentState.Ready || one.Segment.IsBegun))
        {
            await queue.AddAsync(db, customers.Keys, [segment.GroupId], customers.Values.First(), cancellationToken);
        }
    }

    /// <summary>For each group, the customers whose membership may be wrong: usually few, and only their rows are loaded.</summary>
    private async Task<List<long>[]> PossiblyWrongAsync(
        List<AffectedGroup> evaluated, Dictionary<long, MembershipLog> logs, Dictionary<long, bool> active, CancellationToken cancellationToken)
    {
        if (evaluated.Count == 0)
        {
            return [];
        }

        var causes = evaluated.ToDictionary(one => one.Segment.GroupId, one => one.Customers);
        var matching = await QueryAsync(
            evaluated.ConvertAll(one => one.Segment),
            segment => CustomersById(db, [.. causes[segment.GroupId].Keys], Why).Where(segment.Rule!.Matches(db, logs[segment.GroupId].At)),
            cancellationToken);
        var (customers, groups) = (causes.Values.SelectMany(one => one.Keys).Distinct().ToArray(), causes.Keys.ToArray());
        var known = (await db.Memberships.TagWith(Why).Where(m => customers.Contains(m.CustomerId) && groups.Contains(m.GroupId))
            .Select(m => new { m.CustomerId, m.GroupId, m.IsMember, m.Origin }).ToListAsync(cancellationToken))
            .ToDictionary(m => (m.CustomerId, m.GroupId), m => (m.IsMember, m.Origin));
        return [.. evaluated.Zip(matching, (one, ids) => Wrong(one.Segment.GroupId, one.Customers.Keys, [.. ids]))];

        List<long> Wrong(long group, IEnumerable<long> ids, HashSet<long> matches) => [.. ids.Where(id => !active.ContainsKey(id)
            || (known.GetValueOrDefault((id, group)) is var (isMember, origin) && (isMember != matches.Contains(id) || origin == MembershipOrigin.Included)))];
    }

    /// <summary>Runs one query for the rule of each segment.</summary>
    private Task<List<long>[]> QueryAsync(
        IReadOnlyList<LiveSegment> segments, Func<LiveSegment, IQueryable<Customer>> customers, CancellationToken cancellationToken)
    {
        return db.ReadIdsAsync([.. segments.Select(Query)], (i, failure) => new EvaluationException(segments[i], failure), cancellationToken);

        IQueryable<long> Query(LiveSegment segment)
        {
            try
            {
                return customers(segment).Select(c => c.Id);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new EvaluationException(segment, failure);
            }
        }
    }

    /// <summary>
    /// The affected groups, each after those that it refers to, with the customers to evaluate. A group has no customers if only a change of another
    /// group's members could affect it.
    /// </summary>
    private static List<AffectedGroup> Affected(IReadOnlyList<SegmentChange> claimed, Dictionary<long, LiveSegment> segments, IReadOnlySet<long> failing)
    {
        var affected = new List<AffectedGroup>();
        var ids = new HashSet<long>();
        foreach (var segment in GroupGraph.InOrder(segments).Where(segment => segment.State != SegmentState.Error && !failing.Contains(segment.GroupId)))
        {
            var causes = claimed.Where(change => change.Concerns(segment)).GroupBy(change => change.CustomerId)
                .ToDictionary(same => same.Key, same => same.Last().Cause);
            if (causes.Count > 0 || segment.Rule?.RefersTo.Overlaps(ids) == true)
            {
                ids.Add(segment.GroupId);
                affected.Add(new(segment, causes));
            }
        }

        return affected;
    }

    /// <summary>A group, and the customers to evaluate for it, each with the cause.</summary>
    private sealed record AffectedGroup(LiveSegment Segment, Dictionary<long, Cause> Customers);
}

using System.Linq.Expressions;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Evaluates customers whose data has changed, for the groups whose rules read that data. Must run in a transaction. It locks the groups' counts
/// before it reads anything that a decision depends on, so that every decision takes into account all that was committed before the lock.
/// </summary>
internal sealed class Evaluation(ClienteleDb db, SegmentRules rules, SegmentQueue queue, TimeProvider clock)
{
    private const string Why = "scatter: customers of whom something has changed";

    /// <summary>
    /// Evaluates the changes that a worker has claimed, and removes them from the queue. Returns false if another worker has locked one of the
    /// groups: roll back and try again.
    /// </summary>
    /// <param name="claimed">The claimed changes.</param>
    /// <param name="failing">Groups to leave out because their rules fail.</param>
    /// <param name="waits">Whether to return false if another worker has locked one of the groups. If not, the changes are queued again for that
    /// group.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<bool> RunAsync(IReadOnlyList<SegmentChange> claimed, IReadOnlySet<long> failing, bool waits, CancellationToken cancellationToken)
    {
        var wanted = Concerned(claimed, await rules.ReadAsync(db, cancellationToken), failing);
        var locked = wanted.Count == 0 ? [] : (await db.TryLockCountsAsync([.. wanted.Where(concerned => concerned.Segment.CanBeEvaluated).Select(concerned => concerned.Segment.GroupId)], all: waits, cancellationToken))
            .ToDictionary(count => count.GroupId);

        // Read the rules again: from now on nobody can change the rules of the locked groups, and all groups that refer to them are known.
        var concerned = wanted.Count == 0 ? wanted : Concerned(claimed, await rules.ReadAsync(db, cancellationToken), failing);
        if (waits && concerned.Exists(one => one.Segment.CanBeEvaluated && !locked.ContainsKey(one.Segment.GroupId)))
        {
            return false;
        }

        if (concerned.Find(one => one.Segment is { State: SegmentState.Ready, Rule: null }).Segment is { } unreadable)
        {
            throw new EvaluationException(unreadable, unreadable.Complaint!);
        }

        var customers = claimed.Select(change => change.CustomerId).Distinct().ToArray();
        var active = locked.Count == 0 ? [] : await ActiveAsync(customers, cancellationToken);
        var now = claimed.Max(change => change.QueuedAt) is var latest && latest > clock.Now() ? latest : clock.Now();
        var rolls = concerned.Where(one => one.Segment.CanBeEvaluated && locked.ContainsKey(one.Segment.GroupId))
            .ToDictionary(one => one.Segment.GroupId, one => new Roll(db, locked[one.Segment.GroupId], Later(now, one.Segment.SweptAt)));

        // Evaluate in waves: each wave has the groups that refer to no group that is still to be evaluated.
        while (concerned.Count > 0)
        {
            var coming = concerned.ConvertAll(one => one.Segment.GroupId);
            var wave = concerned.FindAll(IsNext);
            concerned.RemoveAll(IsNext);
            var evaluated = wave.FindAll(one => one.Customers.Count > 0 && rolls.ContainsKey(one.Segment.GroupId));
            var doubtful = await DoubtfulAsync(evaluated, rolls, active, cancellationToken);
            var rows = await ReadAsync(evaluated.Zip(doubtful, (one, ids) => (one.Segment.GroupId, ids)), cancellationToken);
            var told = false;
            foreach (var ((segment, causes), ids) in evaluated.Zip(doubtful))
            {
                told |= PassOn(segment.GroupId, Settle(segment, rolls[segment.GroupId], ids, id => causes[id], active, rows), concerned);
            }

            foreach (var (segment, causes) in wave.Where(one => one.Customers.Count > 0 && !rolls.ContainsKey(one.Segment.GroupId)
                && (one.Segment.State == SegmentState.Ready || one.Segment.IsBegun)))
            {
                // A build that has begun may have missed these changes, so they are queued again for the group. A build that has not begun will see them.
                await queue.AddAsync(db, causes.Keys, [segment.GroupId], causes.Values.First(), cancellationToken);
            }

            if (told)
            {
                await db.SaveChangesAsync(cancellationToken);
            }

            bool IsNext((LiveSegment Segment, Dictionary<long, Cause> Customers) one) => one.Segment.Rule?.RefersTo.Overlaps(coming) != true;
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.DequeueAsync(claimed, cancellationToken);
        return true;
    }

    /// <summary>Evaluates customers for one group whose count is locked. Returns those who have entered or left.</summary>
    /// <param name="segment">The group, read after the lock.</param>
    /// <param name="roll">Records who enters and who leaves.</param>
    /// <param name="causes">The customers, and why they are evaluated.</param>
    /// <param name="active">Whether each customer is active; customers who do not exist are missing.</param>
    /// <param name="find">Returns the customer's membership of the group, read after the lock, tracked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<List<long>> EvaluateAsync(
        LiveSegment segment, Roll roll, IReadOnlyDictionary<long, Cause> causes, IReadOnlyDictionary<long, bool> active, Func<long, Membership?> find, CancellationToken cancellationToken)
    {
        var ids = causes.Keys.ToArray();
        var matching = (await AskAsync([segment], _ => Those(ids).Where(segment.Rule!.Matches(db, roll.At)), cancellationToken))[0].ToHashSet();
        return [.. causes.Where(one => find(one.Key) is var row && roll.Settle(row, one.Key, Belongs(segment, active, row, one.Key, matching.Contains(one.Key)), one.Value)).Select(one => one.Key)];
    }

    /// <summary>
    /// Settles customers whose membership differs from the rule, as <see cref="Differing"/> has found after the lock, and customers who no longer
    /// exist. Returns those who have entered or left.
    /// </summary>
    public static List<long> Settle(
        LiveSegment segment, Roll roll, IEnumerable<long> differing, Func<long, Cause> cause, IReadOnlyDictionary<long, bool> active, IReadOnlyDictionary<(long Customer, long Group), Membership> rows) =>
        [.. differing.Where(id => rows.GetValueOrDefault((id, segment.GroupId)) is var row
            && roll.Settle(row, id, Belongs(segment, active, row, id, matches: active.ContainsKey(id) && row is not { IsMember: true }), cause(id)))];

    /// <summary>The memberships of customers in groups, tracked.</summary>
    public async Task<Dictionary<(long Customer, long Group), Membership>> ReadAsync(IEnumerable<(long Group, List<long> Customers)> wanted, CancellationToken cancellationToken) =>
        (await db.ReadMembershipsAsync([.. wanted.SelectMany(one => one.Customers.Select(id => (id, one.Group)))], cancellationToken)).ToDictionary(row => (row.CustomerId, row.GroupId));

    private static bool Belongs(LiveSegment segment, IReadOnlyDictionary<long, bool> active, Membership? row, long id, bool matches) => row?.Origin switch
    {
        MembershipOrigin.Excluded => false,
        MembershipOrigin.Included => IncludedBelongs(segment, active, id),
        _ => matches,
    };

    /// <summary>Whether a customer added by hand is a member: not while inactive, unless the rule itself tests <c>is_active</c>.</summary>
    public static bool IncludedBelongs(LiveSegment? segment, IReadOnlyDictionary<long, bool> active, long id) =>
        active.TryGetValue(id, out var isActive) && (isActive || segment?.Rule is null or { TestsActivity: true });

    /// <summary>Which of the customers exist, and whether they are active.</summary>
    public Task<Dictionary<long, bool>> ActiveAsync(long[] customers, CancellationToken cancellationToken) =>
        db.Customers.Where(c => customers.Contains(c.Id)).Select(c => new { c.Id, c.IsActive }).ToDictionaryAsync(c => c.Id, c => c.IsActive, cancellationToken);

    /// <summary>For each group, the customers whose membership may be wrong: usually few, and only their rows are loaded.</summary>
    private async Task<List<long>[]> DoubtfulAsync(
        List<(LiveSegment Segment, Dictionary<long, Cause> Customers)> evaluated, Dictionary<long, Roll> rolls, Dictionary<long, bool> active, CancellationToken cancellationToken)
    {
        if (evaluated.Count == 0)
        {
            return [];
        }

        var concerned = evaluated.ToDictionary(one => one.Segment.GroupId, one => one.Customers);
        var matching = await AskAsync(
            evaluated.ConvertAll(one => one.Segment), segment => Those([.. concerned[segment.GroupId].Keys]).Where(segment.Rule!.Matches(db, rolls[segment.GroupId].At)), cancellationToken);
        var (customers, groups) = (evaluated.SelectMany(one => one.Customers.Keys).Distinct().ToArray(), concerned.Keys.ToArray());
        var known = (await db.Memberships.TagWith(Why).Where(m => customers.Contains(m.CustomerId) && groups.Contains(m.GroupId))
            .Select(m => new { m.CustomerId, m.GroupId, m.IsMember, m.Origin }).ToListAsync(cancellationToken)).ToDictionary(m => (m.CustomerId, m.GroupId), m => (m.IsMember, m.Origin));
        return [.. evaluated.Zip(matching, (one, ids) => Differing(one.Segment.GroupId, one.Customers.Keys, [.. ids]))];

        List<long> Differing(long group, IEnumerable<long> ids, HashSet<long> matches) => [.. ids.Where(id => !active.ContainsKey(id)
            || (known.GetValueOrDefault((id, group)) is var (isMember, origin) && (isMember != matches.Contains(id) || origin == MembershipOrigin.Included)))];
    }

    /// <summary>Customers whose stored membership differs from the rule, and those added by hand, for whom the rule alone does not decide.</summary>
    public static IQueryable<Customer> Differing(ClienteleDb db, IQueryable<Customer> customers, long group, Expression<Func<Customer, bool>> matches)
    {
        Expression<Func<Customer, bool>> isMember = c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == group && m.IsMember);
        Expression<Func<Customer, bool>> isIncluded = c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == group && m.Origin == MembershipOrigin.Included);
        var customer = matches.Parameters[0];
        return customers.Where(Expression.Lambda<Func<Customer, bool>>(
            Expression.OrElse(Expression.NotEqual(matches.Body, Of(isMember)), Of(isIncluded)), customer));

        Expression Of(Expression<Func<Customer, bool>> condition) => Swap.In(condition.Body, condition.Parameters[0], customer);
    }

    private IQueryable<Customer> Those(long[] ids) => db.Customers.TagWith(Why).Where(c => ids.Contains(c.Id));

    /// <summary>Runs one query for the rule of each segment.</summary>
    private Task<List<long>[]> AskAsync(IReadOnlyList<LiveSegment> segments, Func<LiveSegment, IQueryable<Customer>> whom, CancellationToken cancellationToken)
    {
        return db.ReadIdsAsync([.. segments.Select(Query)], (i, failure) => new EvaluationException(segments[i], failure), cancellationToken);

        IQueryable<long> Query(LiveSegment segment)
        {
            try
            {
                return whom(segment).Select(c => c.Id);
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
    private static List<(LiveSegment Segment, Dictionary<long, Cause> Customers)> Concerned(
        IReadOnlyList<SegmentChange> claimed, Dictionary<long, LiveSegment> segments, IReadOnlySet<long> failing)
    {
        var concerned = new List<(LiveSegment Segment, Dictionary<long, Cause> Customers)>();
        var reached = new HashSet<long>();
        foreach (var segment in GroupGraph.InOrder(segments).Where(segment => segment.State != SegmentState.Error && !failing.Contains(segment.GroupId)))
        {
            var customers = new Dictionary<long, Cause>();
            foreach (var change in claimed)
            {
                if (change.GroupId == segment.GroupId || (change.GroupId == SegmentChange.AllGroups && segment.Rule is { } rule && (rule.Reads & change.Facets) != 0) || IsGone(change))
                {
                    customers[change.CustomerId] = change.Cause;
                }
            }

            if (customers.Count > 0 || segment.Rule?.RefersTo.Overlaps(reached) == true)
            {
                reached.Add(segment.GroupId);
                concerned.Add((segment, customers));
            }
        }

        return concerned;
    }

    /// <summary>A customer who is new or deleted, or became active or inactive, affects all groups, whatever their rules read.</summary>
    private static bool IsGone(SegmentChange change) => change.GroupId == SegmentChange.AllGroups && (change.Facets & Facets.IsActive) != 0;

    /// <summary>
    /// Adds the customers who entered or left a group to those groups of this run that refer to it; they are evaluated later. Returns whether there
    /// are such groups.
    /// </summary>
    private static bool PassOn(long groupId, List<long> changed, List<(LiveSegment Segment, Dictionary<long, Cause> Customers)> concerned)
    {
        var told = false;
        foreach (var (_, customers) in concerned.Where(one => changed.Count > 0 && one.Segment.Rule?.RefersTo.Contains(groupId) == true))
        {
            told = true;
            changed.ForEach(id => customers.TryAdd(id, Cause.Group));
        }

        return told;
    }

    private static DateTime Later(DateTime instant, DateTime? other) => other > instant ? other.Value : instant;
}

/// <summary>A rule that cannot be evaluated.</summary>
internal sealed class EvaluationException(LiveSegment segment, string message, Exception? reason = null) : Exception(message, reason)
{
    public EvaluationException(LiveSegment segment, Exception reason)
        : this(segment, $"The database cannot evaluate the rule: {reason.GetBaseException().Message}", reason)
    {
    }

    public long GroupId => segment.GroupId;

    public (int Segment, int Group) Version => segment.Version;
}

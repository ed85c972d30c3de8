using System.Collections.Concurrent;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Updates memberships that change only because time has passed. Every tick queries the time since the last tick. <c>SweptAt</c> stays a while
/// behind. Before it moves on, that time is queried again: this finds results of evaluations that were running meanwhile, perhaps on a node whose
/// clock is behind.
/// </summary>
internal sealed class ClockSweep(IServiceScopeFactory scopes, Database database, SegmentRules rules, SegmentQueue queue, SegmentBuild build, IdBlocks ids, TimeProvider clock) : IDisposable
{
    private const string Name = "clock";
    private const string Why = "scatter: whom the clock has reached";

    /// <summary>
    /// Fewer customers than this are settled in one transaction, in all groups together. More, as at midnight, are settled by set operations, group
    /// by group.
    /// </summary>
    private const int AtOnce = 200;

    /// <summary>If fewer customers than this are affected, a query compares them by id. Otherwise their group is settled by set operations.</summary>
    private const int Many = 1_000;

    /// <summary>How many segments get their last query together. With all of them at once, customers who leave at this moment would wait for it.</summary>
    private const int LastAtOnce = 20;

    /// <summary>How many groups with many changes are settled side by side on PostgreSQL. SQLite has one writer.</summary>
    private const int CrowdsAtOnce = 2;

    /// <summary>How long groups with many changes are settled before the other groups get their turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    /// <summary>How far the clocks of the nodes may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Mark> _marks = [];
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly string _node = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    private DateTime _leased;

    /// <summary>Runs one tick. Returns whether there is more to do. With <paramref name="share"/>, does nothing if another node holds the lease.</summary>
    public async Task<bool> RunAsync(bool share, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
            using var connection = database.ForSegments(db);
            var now = clock.Now();
            var segments = (await rules.ReadAsync(db, cancellationToken)).Values.Where(segment => segment is { CanBeEvaluated: true, SweptAt: not null, Rule.MovesWithClock: true }).ToList();
            if (segments.Count == 0 || (share && !await IsMineAsync(now, cancellationToken)))
            {
                return false;
            }

            // The last query for a period. Evaluations that are running for these groups began earlier, perhaps with an older time: WaitAsync waits
            // for them. Those that begin later use a later time.
            var asked = segments.FindAll(segment => Mark(segment).Crowd is null);
            var behind = asked.FindAll(segment => now - Behind - segment.SweptAt!.Value >= Behind);
            var last = behind.Take(LastAtOnce).ToList();
            var changes = last.Count == 0 ? [] : await WaitAsync(last, cancellationToken);
            var stretches = asked.ConvertAll(segment => last.Contains(segment)
                ? new Stretch(segment, segment.SweptAt!.Value, now, IsLast: true) : new Stretch(segment, Mark(segment).Until, now, IsLast: false));
            var due = await DifferingAsync(db, stretches, _ => now, 1, cancellationToken);
            if (due.Count > 0)
            {
                await SettleAsync(due.ConvertAll(one => one.Stretch), now, cancellationToken);
            }

            asked.ForEach(segment => Mark(segment).Until = now);
            last.RemoveAll(segment => Mark(segment).Crowd is not null);
            if (last.Count > 0)
            {
                await AdvanceAsync(last, now, cancellationToken);
            }

            last.ForEach(segment => Mark(segment).Passes.Enqueue((clock.Now(), changes.GetValueOrDefault(segment.GroupId))));
            return await SettleCrowdsAsync(segments, cancellationToken) || behind.Count > LastAtOnce;
        }
        catch (EvaluationException failure)
        {
            await build.FailAsync(failure, cancellationToken);
            return true;
        }
        finally
        {
            _alone.Release();
        }
    }

    public void Dispose() => _alone.Dispose();

    /// <summary>How far this node has queried the segment. Starts again if the rule has changed.</summary>
    private Mark Mark(LiveSegment segment)
    {
        if (_marks.GetValueOrDefault(segment.GroupId) is { } mark && mark.Version == segment.Version && mark.Until >= segment.SweptAt)
        {
            return mark;
        }

        return _marks[segment.GroupId] = new Mark(segment.Version, segment.SweptAt!.Value);
    }

    /// <summary>
    /// Of the customers who may be affected because time has passed, those whose membership differs from the rule: usually none. A range that many
    /// rules need is queried once. If there are too many customers to compare them by id, the period is noted in <c>Mark.Crowd</c>.
    /// </summary>
    private async Task<List<(Stretch Stretch, List<long> Ids)>> DifferingAsync(
        ClienteleDb db, IReadOnlyList<Stretch> stretches, Func<LiveSegment, DateTime> at, int most, CancellationToken cancellationToken)
    {
        var asked = stretches.Select(stretch => (Stretch: stretch, Whom: Whom(stretch).ToList())).ToList();
        var whom = asked.SelectMany(one => one.Whom).Distinct().ToList();
        var found = whom.Zip(await db.ReadIdsAsync(
            whom.ConvertAll(one => one.Customers(db).TagWith(Why).Take(Many)),
            (i, failure) => new EvaluationException(asked.Find(one => one.Whom.Contains(whom[i])).Stretch.Segment, failure),
            cancellationToken)).ToDictionary(one => one.First, one => one.Second);
        asked.FindAll(one => one.Whom.Exists(reached => found[reached].Count == Many)).ForEach(one => Mark(one.Stretch.Segment).Crowd = one.Stretch);
        var few = asked.FindAll(one => one.Whom.Exists(reached => found[reached].Count > 0) && one.Whom.TrueForAll(reached => found[reached].Count < Many));
        var ids = await db.ReadIdsAsync(
            few.ConvertAll(one => Evaluation.Differing(
                db,
                Those(db, [.. one.Whom.SelectMany(reached => found[reached]).Distinct()]),
                one.Stretch.Segment.GroupId,
                one.Stretch.Segment.Rule!.Matches(db, at(one.Stretch.Segment))).Select(c => c.Id).Take(most)),
            (i, failure) => new EvaluationException(few[i].Stretch.Segment, failure),
            cancellationToken);
        return [.. few.Zip(ids, (one, differing) => (one.Stretch, differing)).Where(one => one.differing.Count > 0)];
    }

    /// <summary>
    /// The customers who may be affected because time has passed. In the last query also those who have entered or left since shortly before, because
    /// an evaluation that began earlier may have written an outdated result. If this node does not know who they are, all customers in the range,
    /// whenever their data was written.
    /// </summary>
    private IEnumerable<Reach> Whom(Stretch stretch)
    {
        var since = stretch.IsLast ? Mark(stretch.Segment).Since(stretch.From - Skew) : null;
        var crossed = stretch.Segment.Rule!.Crossed(stretch.From, stretch.To, everything: stretch.IsLast && since is null);
        return since is null ? crossed : crossed.Append(new Moved(stretch.Segment.GroupId, since.Value));
    }

    private static IQueryable<Customer> Those(ClienteleDb db, long[] ids) => db.Customers.TagWith(Why).Where(c => ids.Contains(c.Id));

    /// <summary>
    /// Settles the customers who are affected because time has passed. If they are many, only notes that. There is one transaction for all segments,
    /// so that it waits for the locks once.
    /// </summary>
    private async Task SettleAsync(List<Stretch> stretches, DateTime now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, evaluation, graph) = (
            scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Evaluation>(), scope.ServiceProvider.GetRequiredService<GroupGraph>());
        using var connection = database.ForSegments(db);
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            async () =>
            {
                var counts = (await db.LockCountsAsync([.. stretches.Select(stretch => stretch.Segment.GroupId)], cancellationToken)).ToDictionary(count => count.GroupId);
                var known = await rules.ReadAsync(db, cancellationToken);
                var certain = stretches.Where(stretch => counts.ContainsKey(stretch.Segment.GroupId)
                    && known.GetValueOrDefault(stretch.Segment.GroupId) is { CanBeEvaluated: true } found && found.Version == stretch.Segment.Version).ToList();
                var rolls = certain.ToDictionary(stretch => stretch.Segment.GroupId, stretch => new Roll(db, counts[stretch.Segment.GroupId], now));
                var reached = await DifferingAsync(db, certain, segment => rolls[segment.GroupId].At, AtOnce, cancellationToken);
                var active = reached.Count == 0 ? [] : await evaluation.ActiveAsync([.. reached.SelectMany(one => one.Ids).Distinct()], cancellationToken);
                var left = AtOnce;
                var few = reached.TakeWhile(one => (left -= one.Ids.Count) > 0).ToList();
                var rows = few.Count == 0 ? [] : await evaluation.ReadAsync(few.Select(one => (one.Stretch.Segment.GroupId, one.Ids)), cancellationToken);
                foreach (var ((segment, _, _, _), ids) in few)
                {
                    var moved = Evaluation.Settle(segment, rolls[segment.GroupId], ids, _ => Cause.Clock, active, rows);
                    await queue.AddAsync(db, moved, moved.Count == 0 ? [] : await graph.DependentsAsync(segment.GroupId, cancellationToken), Cause.Group, cancellationToken);
                }

                // Too many customers, or a segment with another version by now: these periods are left to SettleCrowdAsync.
                foreach (var stretch in reached.Skip(few.Count).Select(one => one.Stretch).Concat(stretches.Except(certain)))
                {
                    Mark(stretch.Segment).Crowd = stretch;
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Settles the groups with many changes, for a while. Returns whether some are left.</summary>
    private async Task<bool> SettleCrowdsAsync(List<LiveSegment> segments, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        foreach (var together in segments.Select(Mark).Where(mark => mark.Crowd is not null).Chunk(database.IsPostgres ? CrowdsAtOnce : 1))
        {
            if (clock.GetElapsedTime(begun) > Turn)
            {
                return true;
            }

            await Task.WhenAll(together.Select(mark => SettleCrowdAsync(mark, cancellationToken)));
        }

        return false;
    }

    private async Task SettleCrowdAsync(Mark mark, CancellationToken cancellationToken)
    {
        var stretch = mark.Crowd!;
        try
        {
            (DateTime At, long Seq)? pass = null;
            await WithAsync(
                async db =>
                {
                    await db.AllowAsync(Patience, cancellationToken);
                    if (await db.LockCountsAsync([stretch.Segment.GroupId], cancellationToken) is not [var count]
                        || await rules.FindAsync(db, stretch.Segment.GroupId, cancellationToken) is not { CanBeEvaluated: true } found || found.Version != stretch.Segment.Version)
                    {
                        return;
                    }

                    var now = clock.Now();
                    pass = (now, count.LastSeq);
                    var differences = new Differences(db, found, new Roll(db, count, now).At, Cause.Clock);
                    await differences.CreateAsync(cancellationToken);
                    await differences.GatherAsync(Whom(stretch).Select(one => one.Customers(db)).Aggregate(Queryable.Union), cancellationToken);
                    await differences.ApplyAsync(count, await ids.NextAsync(IdBlocks.Changes, cancellationToken), cancellationToken);
                    await differences.DropAsync(cancellationToken);
                },
                cancellationToken);
            if (stretch.IsLast && pass is not null)
            {
                await AdvanceAsync([stretch.Segment], stretch.To, cancellationToken);
                mark.Passes.Enqueue(pass.Value);
            }

            mark.Crowd = null;
            queue.Signal();
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or EvaluationException) && !Database.IsTransient(failure))
        {
            throw new EvaluationException(stretch.Segment, failure);
        }
    }

    /// <summary>Waits for the transactions that write members of these groups. Returns the number of each group's last change.</summary>
    private async Task<Dictionary<long, long>> WaitAsync(List<LiveSegment> segments, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<long, long>();
        await WithAsync(
            async db => changes = (await db.LockCountsAsync([.. segments.Select(segment => segment.GroupId)], cancellationToken)).ToDictionary(count => count.GroupId, count => count.LastSeq),
            cancellationToken);
        return changes;
    }

    /// <summary>Moves <c>SweptAt</c> of segments that were queried for the last time.</summary>
    private Task AdvanceAsync(List<LiveSegment> segments, DateTime now, CancellationToken cancellationToken) => WithAsync(
        async db =>
        {
            foreach (var together in segments.GroupBy(segment => segment.SweptAt, segment => segment.GroupId))
            {
                var (groups, to) = (together.ToArray(), now - Behind);
                await db.Segments.Where(s => groups.Contains(s.GroupId) && s.State == SegmentState.Ready && s.SweptAt == together.Key)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.SweptAt, to), cancellationToken);
            }
        },
        cancellationToken);

    private async Task WithAsync(Func<ClienteleDb, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        using var connection = database.ForSegments(db);
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            async () =>
            {
                await work(db);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Whether this node holds the lease. One node does the sweep, as long as it renews the lease.</summary>
    private async Task<bool> IsMineAsync(DateTime now, CancellationToken cancellationToken)
    {
        if (now + (Lease / 2) < _leased)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var taken = await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            async () => await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO sweeps (name, fingerprint, position, is_done, claimed_until) VALUES ({Name}, {_node}, 0, {false}, {now + Lease})
                 ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, claimed_until = excluded.claimed_until
                 WHERE sweeps.fingerprint = excluded.fingerprint OR sweeps.claimed_until <= {now}
                 """,
                cancellationToken) == 1,
            cancellationToken);
        _leased = taken ? now + Lease : default;
        return taken;
    }

    /// <summary>Customers who have entered or left a group since one of its changes, given by number.</summary>
    private sealed record Moved(long GroupId, long Since) : Reach
    {
        public override IQueryable<long> Customers(ClienteleDb db) => db.Memberships.Where(m => m.GroupId == GroupId && m.IsMember && m.EnteredSeq > Since).Select(m => m.CustomerId)
            .Union(db.MembershipSpells.Where(s => s.GroupId == GroupId && s.LeftSeq > Since).Select(s => s.CustomerId));
    }
}

/// <summary>A period of one segment, both ends included. If <c>IsLast</c>, this is the last query for the period, except for its end.</summary>
internal sealed record Stretch(LiveSegment Segment, DateTime From, DateTime To, bool IsLast);

/// <summary>How far a node has queried a segment for changes that time causes.</summary>
internal sealed class Mark((int Segment, int Group) version, DateTime until)
{
    public (int Segment, int Group) Version => version;

    public DateTime Until { get; set; } = until;

    /// <summary>
    /// The period in which too many customers are affected to settle them by id; null if there is none. Nothing more is queried until they are
    /// settled.
    /// </summary>
    public Stretch? Crowd { get; set; }

    /// <summary>When each last query was made, and the number of the group's last change at that time.</summary>
    public Queue<(DateTime At, long Seq)> Passes { get; } = [];

    /// <summary>The number of the last change before an instant; null if unknown.</summary>
    public long? Since(DateTime before)
    {
        while (Passes.Count > 1 && Passes.ElementAt(1).At <= before)
        {
            Passes.Dequeue();
        }

        return Passes.TryPeek(out var pass) && pass.At <= before ? pass.Seq : null;
    }
}

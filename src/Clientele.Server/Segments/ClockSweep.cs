using System.Collections.Concurrent;
using Clientele.Server.Groups;
using Clientele.Server.Rules;

namespace Clientele.Server.Segments;

/// <summary>
/// Updates memberships that change only because time has passed. Every tick queries the time since the last tick. <c>SweptAt</c> stays a while
/// behind. Before it moves on, that time is queried again: this finds results of evaluations that were running meanwhile, perhaps on a node whose
/// clock is behind.
/// </summary>
internal sealed class ClockSweep(
    IServiceScopeFactory scopes, Database database, SegmentRules rules, SegmentQueue queue, SegmentBuild build, IdBlocks ids, DatabaseClock databaseClock,
    TimeProvider clock) : IDisposable
{
    private const string Why = "scatter: customers who are due because time has passed";

    /// <summary>
    /// Fewer customers than this are updated in one transaction, in all groups together. More, as at midnight, are updated in bulk, group by group.
    /// </summary>
    private const int MaxOneByOne = 200;

    /// <summary>If fewer customers than this are due, a query compares them by id. Otherwise their group is updated in bulk.</summary>
    private const int MaxComparedById = 1_000;

    /// <summary>How many segments get their final query together. With all of them at once, customers who leave at this moment would wait for it.</summary>
    private const int MaxFinalQueries = 20;

    /// <summary>How many groups are updated in bulk at the same time on PostgreSQL. SQLite has one writer.</summary>
    private const int MaxBulksAtOnce = 2;

    /// <summary>How long groups are updated in bulk before the other groups get their turn.</summary>
    private static readonly TimeSpan BulkTurn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BulkTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    /// <summary>How far the final query looks back: evaluations take a while, and the clocks of nodes differ.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Watermark> _watermarks = [];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly string _node = Lease.NewHolder();
    private DateTime _heldUntil;

    /// <summary>Runs one tick. Returns whether there is more to do. With <paramref name="share"/>, does nothing if another node holds the lease.</summary>
    public async Task<bool> RunAsync(bool share, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
            using var connection = database.ForSegments(db);
            var segments = (await rules.ReadAsync(db, cancellationToken)).Values
                .Where(segment => segment is { CanBeEvaluated: true, SweptAt: not null, Rule.DependsOnTime: true }).ToList();
            return segments.Count > 0 && (!share || await HoldsLeaseAsync(databaseClock.Now, cancellationToken))
                && await SweepAsync(db, segments, cancellationToken);
        }
        catch (EvaluationException failure)
        {
            await build.FailAsync(failure, cancellationToken);
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<bool> SweepAsync(ClienteleDb db, List<LiveSegment> segments, CancellationToken cancellationToken)
    {
        // The final query for a period. Evaluations that are running for these groups began earlier, perhaps with an older time: wait for them. Those
        // that begin later use a later time.
        var now = clock.Now();
        var queried = segments.FindAll(segment => WatermarkOf(segment).Bulk is null);
        var behind = queried.FindAll(segment => now - Behind - segment.SweptAt!.Value >= Behind);
        var final = behind.Take(MaxFinalQueries).ToList();
        var lastSeqs = final.Count == 0 ? [] : await WaitForWritersAsync(final, cancellationToken);
        var windows = queried.ConvertAll(segment => final.Contains(segment)
            ? new ClockWindow(segment, segment.SweptAt!.Value, now, IsFinal: true)
            : new ClockWindow(segment, WatermarkOf(segment).Until, now, IsFinal: false));
        var differing = await DifferingAsync(db, windows, _ => now, 1, cancellationToken);
        if (differing.Count > 0)
        {
            await UpdateAsync(differing.ConvertAll(one => one.Window), cancellationToken);
        }

        queried.ForEach(segment => WatermarkOf(segment).Until = now);
        final.RemoveAll(segment => WatermarkOf(segment).Bulk is not null);
        if (final.Count > 0)
        {
            await AdvanceAsync(final, now, cancellationToken);
        }

        final.ForEach(segment => WatermarkOf(segment).FinalQueries.Enqueue((clock.Now(), lastSeqs.GetValueOrDefault(segment.GroupId))));
        return await UpdateInBulkAsync(segments, cancellationToken) || behind.Count > MaxFinalQueries;
    }

    /// <summary>How far this node has queried the segment. Starts again if the rule has changed.</summary>
    private Watermark WatermarkOf(LiveSegment segment)
    {
        if (_watermarks.GetValueOrDefault(segment.GroupId) is { } watermark && watermark.Version == segment.Version && watermark.Until >= segment.SweptAt)
        {
            return watermark;
        }

        return _watermarks[segment.GroupId] = new Watermark(segment.Version, segment.SweptAt!.Value);
    }

    /// <summary>
    /// Of the customers who are due, those whose membership differs from the rule: usually none. A query that many rules need is made once. If there
    /// are too many customers to compare them by id, the window is noted in <c>Watermark.Bulk</c>.
    /// </summary>
    private async Task<List<(ClockWindow Window, List<long> Ids)>> DifferingAsync(
        ClienteleDb db, IReadOnlyList<ClockWindow> windows, Func<LiveSegment, DateTime> at, int most, CancellationToken cancellationToken)
    {
        var asked = windows.Select(window => (Window: window, Due: DueIn(window).ToList())).ToList();
        var queries = asked.SelectMany(one => one.Due).Distinct().ToList();
        var found = queries.Zip(await db.ReadIdsAsync(
            queries.ConvertAll(due => due.Ids(db).TagWith(Why).Take(MaxComparedById)),
            (i, failure) => new EvaluationException(asked.Find(one => one.Due.Contains(queries[i])).Window.Segment, failure),
            cancellationToken)).ToDictionary(one => one.First, one => one.Second);
        asked.FindAll(one => one.Due.Exists(due => found[due].Count == MaxComparedById)).ForEach(one => WatermarkOf(one.Window.Segment).Bulk = one.Window);
        var few = asked.FindAll(one => one.Due.Exists(due => found[due].Count > 0) && one.Due.TrueForAll(due => found[due].Count < MaxComparedById));
        var differing = await db.ReadIdsAsync(
            few.ConvertAll(one => Evaluation.Differing(
                db,
                Evaluation.CustomersById(db, [.. one.Due.SelectMany(due => found[due]).Distinct()], Why),
                one.Window.Segment.GroupId,
                one.Window.Segment.Rule!.Matches(db, at(one.Window.Segment))).Select(c => c.Id).Take(most)),
            (i, failure) => new EvaluationException(few[i].Window.Segment, failure),
            cancellationToken);
        return [.. few.Zip(differing, (one, ids) => (one.Window, ids)).Where(one => one.ids.Count > 0)];
    }

    /// <summary>
    /// The customers who are due because time has passed. In the final query also those who have entered or left since shortly before, because an
    /// evaluation that began earlier may have written an outdated result.
    /// </summary>
    private IEnumerable<DueCustomers> DueIn(ClockWindow window)
    {
        var since = window.IsFinal ? WatermarkOf(window.Segment).LastChangeBefore(window.From - LookBack) : null;
        var due = window.Segment.Rule!.Due(window.From, window.To);
        return since is null ? due : due.Append(new RecentlyChanged(window.Segment.GroupId, since.Value));
    }

    /// <summary>
    /// Updates the customers who are due. If they are many, only notes that. There is one transaction for all segments, so that it waits for the locks
    /// once.
    /// </summary>
    private Task UpdateAsync(List<ClockWindow> windows, CancellationToken cancellationToken) => WithAsync(
        async (services, db) =>
        {
            var (evaluation, graph) = (services.GetRequiredService<Evaluation>(), services.GetRequiredService<GroupGraph>());
            var logs = await MembershipLog.LockAsync(db, windows.ConvertAll(window => window.Segment.GroupId), clock, cancellationToken);
            var known = await rules.ReadAsync(db, cancellationToken);
            var unchanged = windows.FindAll(window => logs.ContainsKey(window.Segment.GroupId)
                && known.GetValueOrDefault(window.Segment.GroupId) is { CanBeEvaluated: true } found && found.Version == window.Segment.Version);
            var differing = await DifferingAsync(db, unchanged, segment => logs[segment.GroupId].At, MaxOneByOne, cancellationToken);
            var active = differing.Count == 0
                ? [] : await evaluation.ActiveAsync([.. differing.SelectMany(one => one.Ids).Distinct()], cancellationToken);
            var left = MaxOneByOne;
            var few = differing.TakeWhile(one => (left -= one.Ids.Count) > 0).ToList();
            var rows = few.Count == 0
                ? [] : await Membership.ReadAsync(db, few.ConvertAll(one => (one.Window.Segment.GroupId, one.Ids)), cancellationToken);
            foreach (var ((segment, _, _, _), due) in few)
            {
                var moved = Evaluation.Correct(segment, logs[segment.GroupId], due, _ => Cause.Clock, active, rows);
                var dependents = moved.Count == 0 ? [] : await graph.DependentsAsync(segment.GroupId, cancellationToken);
                await queue.AddAsync(db, moved, dependents, Cause.Group, cancellationToken);
            }

            // Too many customers, or a segment with another version by now.
            foreach (var window in differing.Skip(few.Count).Select(one => one.Window).Concat(windows.Except(unchanged)))
            {
                WatermarkOf(window.Segment).Bulk = window;
            }
        },
        cancellationToken);

    /// <summary>Updates the groups with many due customers, for a while. Returns whether some are left.</summary>
    private async Task<bool> UpdateInBulkAsync(List<LiveSegment> segments, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        foreach (var together in segments.Select(WatermarkOf).Where(watermark => watermark.Bulk is not null).Chunk(database.IsPostgres ? MaxBulksAtOnce : 1))
        {
            if (clock.GetElapsedTime(begun) > BulkTurn)
            {
                return true;
            }

            await Task.WhenAll(together.Select(watermark => UpdateInBulkAsync(watermark, cancellationToken)));
        }

        return false;
    }

    private async Task UpdateInBulkAsync(Watermark watermark, CancellationToken cancellationToken)
    {
        var window = watermark.Bulk!;
        try
        {
            (DateTime At, long Seq)? finalQuery = null;
            await WithAsync(
                async (_, db) =>
                {
                    await db.AllowAsync(BulkTimeout, cancellationToken);
                    if (await MembershipLog.LockAsync(db, window.Segment.GroupId, clock, cancellationToken) is { } log
                        && await rules.FindAsync(db, window.Segment.GroupId, cancellationToken) is { CanBeEvaluated: true } found
                        && found.Version == window.Segment.Version)
                    {
                        finalQuery = (clock.Now(), log.LastSeq);
                        await UpdateInBulkAsync(db, new(db, found, log.At, Cause.Clock), log, window, cancellationToken);
                    }
                },
                cancellationToken);
            if (window.IsFinal && finalQuery is not null)
            {
                await AdvanceAsync([window.Segment], window.To, cancellationToken);
                watermark.FinalQueries.Enqueue(finalQuery.Value);
            }

            watermark.Bulk = null;
            queue.Signal();
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or EvaluationException) && !Database.IsTransient(failure))
        {
            throw new EvaluationException(window.Segment, failure);
        }
    }

    private async Task UpdateInBulkAsync(ClienteleDb db, BulkComparison comparison, MembershipLog log, ClockWindow window, CancellationToken cancellationToken)
    {
        await comparison.CreateTablesAsync(cancellationToken);
        await comparison.CompareAsync(DueIn(window).Select(due => due.Ids(db)).Aggregate(Queryable.Union), cancellationToken);
        await comparison.ApplyAsync(log, await ids.NextAsync(IdBlocks.Changes, cancellationToken), cancellationToken);
        await comparison.DropTablesAsync(cancellationToken);
    }

    /// <summary>Waits for the transactions that write members of these groups. Returns the number of each group's last change.</summary>
    private async Task<Dictionary<long, long>> WaitForWritersAsync(List<LiveSegment> segments, CancellationToken cancellationToken)
    {
        var lastSeqs = new Dictionary<long, long>();
        await WithAsync(
            async (_, db) => lastSeqs = (await MembershipLog.LockAsync(db, segments.ConvertAll(segment => segment.GroupId), clock, cancellationToken))
                .ToDictionary(one => one.Key, one => one.Value.LastSeq),
            cancellationToken);
        return lastSeqs;
    }

    /// <summary>Moves <c>SweptAt</c> of segments that have had their final query.</summary>
    private Task AdvanceAsync(List<LiveSegment> segments, DateTime now, CancellationToken cancellationToken) => WithAsync(
        async (_, db) =>
        {
            foreach (var together in segments.GroupBy(segment => segment.SweptAt, segment => segment.GroupId))
            {
                var (groups, to) = (together.ToArray(), now - Behind);
                await db.Segments.Where(s => groups.Contains(s.GroupId) && s.State == SegmentState.Ready && s.SweptAt == together.Key)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.SweptAt, to), cancellationToken);
            }
        },
        cancellationToken);

    private async Task WithAsync(Func<IServiceProvider, ClienteleDb, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        using var connection = database.ForSegments(db);
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(scope.ServiceProvider, db), cancellationToken);
    }

    /// <summary>Whether this node holds the lease. One node does the sweep, as long as it renews the lease.</summary>
    private async Task<bool> HoldsLeaseAsync(DateTime now, CancellationToken cancellationToken)
    {
        // If the clock has gone back, others may have taken over what it still believes to hold.
        if (now + (LeaseTime / 2) < _heldUntil && _heldUntil <= now + LeaseTime)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var taken = await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            () => Lease.TryTakeAsync(db, "clock", _node, now, now + LeaseTime, cancellationToken), cancellationToken);
        _heldUntil = taken ? now + LeaseTime : default;
        return taken;
    }

    /// <summary>Customers who have entered or left a group since one of its changes, given by number.</summary>
    private sealed record RecentlyChanged(long GroupId, long Since) : DueCustomers
    {
        public override IQueryable<long> Ids(ClienteleDb db)
        {
            var entered = db.Memberships.Where(m => m.GroupId == GroupId && m.IsMember && m.EnteredSeq > Since).Select(m => m.CustomerId);
            return entered.Union(db.MembershipPeriods.Where(p => p.GroupId == GroupId && p.LeftSeq > Since).Select(p => p.CustomerId));
        }
    }
}

using Clientele.Server.Data;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Queues those whose membership the clock alone may have changed. Every tick asks for the time since the last one. What is noted as
/// swept stays a while behind, and is asked once more before: a change that was being evaluated meanwhile, perhaps by a node whose clock is
/// behind, is found then.
/// </summary>
internal sealed class ClockSweep(IServiceScopeFactory scopes, SegmentRules rules, SegmentQueue queue, SegmentBuild build, IdBlocks changes, TimeProvider clock) : IDisposable
{
    private const string Name = "clock";
    private const string Why = "scatter: whom the clock has reached";

    /// <summary>More are queued: the group's lock is not to be held for long.</summary>
    private const int AtOnce = 200;
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    /// <summary>Until when each segment was asked by this node, as long as it is the same rule.</summary>
    private readonly Dictionary<long, ((int, int) Version, DateTime Until)> _marks = [];
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly string _node = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    private DateTime _leased;

    /// <summary>One tick. Queues nothing where another node is at it.</summary>
    public async Task RunAsync(bool share, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
            var now = clock.Now();
            var segments = (await rules.ReadAsync(db, cancellationToken)).Values.Where(segment => segment is { CanBeEvaluated: true, SweptAt: not null, Rule.MovesWithClock: true }).ToList();
            if (segments.Count == 0 || (share && !await IsMineAsync(now, cancellationToken)))
            {
                return;
            }

            // Once more, and for good.
            await SettleAsync(
                [.. segments.Where(segment => now - Behind - segment.SweptAt!.Value >= Behind).Select(segment => new Stretch(segment, segment.SweptAt!.Value, now - Behind))],
                now,
                advance: true,
                cancellationToken);

            // First ranges of indexes, which mostly are empty.
            var due = segments.SelectMany(segment => segment.Rule!.Crossed(db, Until(segment), now).Select(query => (Segment: segment, Query: query))).ToList();
            due = await AnyAsync(db, due, one => one.Query.TagWith(Why), cancellationToken);
            due = await AnyAsync(db, due, one => Otherwise(db, one.Segment, one.Query, now), cancellationToken);
            await SettleAsync([.. due.Select(one => one.Segment).Distinct().Select(segment => new Stretch(segment, Until(segment), now))], now, advance: false, cancellationToken);
            segments.ForEach(segment => _marks[segment.GroupId] = (segment.Version, now));
        }
        catch (EvaluationException failure)
        {
            await build.FailAsync(failure, cancellationToken);
        }
        finally
        {
            _alone.Release();
        }
    }

    public void Dispose() => _alone.Dispose();

    private DateTime Until(LiveSegment segment) =>
        _marks.TryGetValue(segment.GroupId, out var mark) && mark.Version == segment.Version && mark.Until > segment.SweptAt ? mark.Until : segment.SweptAt!.Value;

    /// <summary>Those of which a query finds anybody.</summary>
    private static async Task<List<(LiveSegment Segment, IQueryable<long> Query)>> AnyAsync(
        ClienteleDb db, List<(LiveSegment Segment, IQueryable<long> Query)> due, Func<(LiveSegment Segment, IQueryable<long> Query), IQueryable<long>> query, CancellationToken cancellationToken)
    {
        var found = await db.ReadIdsAsync(due.ConvertAll(one => query(one).Take(1)), (i, failure) => new EvaluationException(due[i].Segment, failure), cancellationToken);
        return [.. due.Where((_, i) => found[i].Count > 0)];
    }

    /// <summary>
    /// Evaluates whom the clock has reached, and has them leave or enter at once; where they are many, workers do it. All segments in one
    /// transaction: the locks are waited for once.
    /// </summary>
    private async Task SettleAsync(IReadOnlyList<Stretch> stretches, DateTime now, bool advance, CancellationToken cancellationToken)
    {
        if (stretches.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var (db, evaluation, graph) = (
            scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Evaluation>(), scope.ServiceProvider.GetRequiredService<GroupGraph>());
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(
            async () =>
            {
                // Whoever is evaluating for a group has begun before: what they find is there then, and whoever comes later has a later clock.
                var counts = (await db.LockCountsAsync([.. stretches.Select(stretch => stretch.Segment.GroupId)], wait: true, cancellationToken)).ToDictionary(count => count.GroupId);
                var known = await rules.ReadAsync(db, cancellationToken);
                var certain = stretches.Where(stretch => counts.ContainsKey(stretch.Segment.GroupId)
                    && known.GetValueOrDefault(stretch.Segment.GroupId) is { CanBeEvaluated: true } found && found.Version == stretch.Segment.Version).ToList();
                var rolls = certain.ToDictionary(stretch => stretch.Segment.GroupId, stretch => new Roll(db, counts[stretch.Segment.GroupId], now));
                var queries = certain.SelectMany(stretch => stretch.Segment.Rule!.Crossed(db, stretch.From, stretch.To)
                    .Select(query => (stretch.Segment, Query: Otherwise(db, stretch.Segment, query, rolls[stretch.Segment.GroupId].At)))).ToList();
                var found = await db.ReadIdsAsync(queries.ConvertAll(one => one.Query.Take(AtOnce)), (i, failure) => new EvaluationException(queries[i].Segment, failure), cancellationToken);
                var reached = queries.Zip(found, (one, ids) => (one.Segment, Ids: ids)).GroupBy(one => one.Segment, one => one.Ids).Select(one => (Segment: one.Key, Ids: one.SelectMany(ids => ids).Distinct().ToList()))
                    .Where(one => one.Ids.Count > 0).ToList();
                var active = reached.Count == 0 ? [] : await evaluation.ActiveAsync([.. reached.SelectMany(one => one.Ids).Distinct()], cancellationToken);
                var left = AtOnce;
                var few = reached.TakeWhile(one => (left -= one.Ids.Count) > 0).ToList();
                var rows = few.Count == 0 ? [] : await evaluation.ReadAsync(few.Select(one => (one.Segment.GroupId, one.Ids)), cancellationToken);
                foreach (var (segment, ids) in few)
                {
                    var moved = Evaluation.Settle(segment, rolls[segment.GroupId], ids, _ => Cause.Clock, active, rows);
                    await queue.AddAsync(db, moved, moved.Count == 0 ? [] : await graph.DependentsAsync(segment.GroupId, cancellationToken), Cause.Group, cancellationToken);
                }

                foreach (var (segment, _) in reached.Skip(few.Count))
                {
                    var change = await changes.NextAsync(IdBlocks.Changes, cancellationToken);
                    foreach (var one in queries.Where(one => one.Segment == segment))
                    {
                        await Differences.QueueAsync(one.Query, segment.GroupId, change, Cause.Clock, now, cancellationToken);
                    }
                }

                foreach (var (segment, from, to) in advance ? certain : [])
                {
                    await db.Segments.Where(s => s.GroupId == segment.GroupId && s.Version == segment.Version.Segment && s.State == SegmentState.Ready && s.SweptAt == from)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.SweptAt, to), cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Whose membership is otherwise than the rule has it: most whom the clock reaches are those of whom something has just changed, and they have been evaluated.</summary>
    private static IQueryable<long> Otherwise(ClienteleDb db, LiveSegment segment, IQueryable<long> reached, DateTime now) =>
        Evaluation.Differing(db, db.Customers.TagWith(Why).Where(c => reached.Contains(c.Id)), segment.GroupId, segment.Rule!.Matches(db, now)).Select(c => c.Id);

    /// <summary>One node does it, as long as it lives.</summary>
    private async Task<bool> IsMineAsync(DateTime now, CancellationToken cancellationToken)
    {
        if (now + (Lease / 2) < _leased)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var taken = await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(
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

    /// <summary>The time from an instant on, to another and with it, of one segment.</summary>
    private sealed record Stretch(LiveSegment Segment, DateTime From, DateTime To);
}

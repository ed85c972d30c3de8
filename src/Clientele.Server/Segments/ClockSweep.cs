using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Queues those whose membership the clock alone may have changed. Every tick asks for the time since the last one. What is noted as
/// swept stays a while behind, and is asked once more before: a change that was being evaluated meanwhile, perhaps by a node whose clock is
/// behind, is found then.
/// </summary>
internal sealed class ClockSweep(IServiceScopeFactory scopes, SegmentRules rules, IdBlocks ids, TimeProvider clock) : IDisposable
{
    private const string Name = "clock";
    private const string Why = "scatter: whom the clock has reached";
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

            foreach (var segment in segments)
            {
                await SweepAsync(db, segment, now, cancellationToken);
            }
        }
        finally
        {
            _alone.Release();
        }
    }

    public void Dispose() => _alone.Dispose();

    private async Task SweepAsync(ClienteleDb db, LiveSegment segment, DateTime now, CancellationToken cancellationToken)
    {
        var swept = segment.SweptAt!.Value;
        var until = _marks.TryGetValue(segment.GroupId, out var mark) && mark.Version == segment.Version && mark.Until > swept ? mark.Until : swept;
        var settled = now - Behind;
        if (settled - swept >= Behind)
        {
            // Once more, and for good.
            await QueueAsync(segment, swept, settled, now, advance: true, cancellationToken);
        }

        if (until < now)
        {
            var found = false;
            foreach (var query in segment.Rule!.Crossed(db, until, now))
            {
                // First the range of an index, which mostly is empty.
                found = found || (await query.TagWith(Why).AnyAsync(cancellationToken) && await Otherwise(db, segment, query, now).AnyAsync(cancellationToken));
            }

            if (found)
            {
                await QueueAsync(segment, until, now, now, advance: false, cancellationToken);
            }

            _marks[segment.GroupId] = (segment.Version, now);
        }
    }

    private async Task QueueAsync(LiveSegment segment, DateTime from, DateTime to, DateTime now, bool advance, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(
            async () =>
            {
                // Whoever is evaluating for the group has begun before: what they find is there then, and whoever comes later has a later clock.
                await db.LockCountsAsync([segment.GroupId], wait: true, cancellationToken);
                var id = await ids.NextAsync(IdBlocks.Changes, cancellationToken);
                foreach (var query in segment.Rule!.Crossed(db, from, to))
                {
                    await Differences.QueueAsync(Otherwise(db, segment, query, now), segment.GroupId, id, Cause.Clock, now, cancellationToken);
                }

                return !advance || await db.Segments
                    .Where(s => s.GroupId == segment.GroupId && s.Version == segment.Version.Segment && s.State == SegmentState.Ready && s.SweptAt == from)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.SweptAt, to), cancellationToken) == 1;
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
}

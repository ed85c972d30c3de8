using Clientele.Server.Data;
using Clientele.Server.Http;
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
            await QueueAsync(segment, swept, settled, advance: true, cancellationToken);
        }

        if (until < now)
        {
            var found = false;
            foreach (var query in segment.Rule!.Crossed(db, until, now))
            {
                found = found || await query.TagWith("scatter: whom the clock has reached").AnyAsync(cancellationToken);
            }

            if (found)
            {
                await QueueAsync(segment, until, now, advance: false, cancellationToken);
            }

            _marks[segment.GroupId] = (segment.Version, now);
        }
    }

    private async Task QueueAsync(LiveSegment segment, DateTime from, DateTime to, bool advance, CancellationToken cancellationToken)
    {
        var id = await ids.NextAsync(IdBlocks.Changes, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync<IResult>(
            async () =>
            {
                foreach (var query in segment.Rule!.Crossed(db, from, to))
                {
                    await Differences.QueueAsync(query.TagWith("scatter: whom the clock has reached"), segment.GroupId, id, Cause.Clock, to, cancellationToken);
                }

                return !advance || await db.Segments
                    .Where(s => s.GroupId == segment.GroupId && s.Version == segment.Version.Segment && s.State == SegmentState.Ready && s.SweptAt == from)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.SweptAt, to), cancellationToken) == 1 ? TypedResults.NoContent() : Problems.NotFound();
            },
            cancellationToken);
    }

    /// <summary>One node does it, as long as it lives.</summary>
    private async Task<bool> IsMineAsync(DateTime now, CancellationToken cancellationToken)
    {
        if (now + (Lease / 2) < _leased)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var taken = false;
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync<IResult>(
            async () =>
            {
                taken = await db.Database.ExecuteSqlAsync(
                    $"""
                     INSERT INTO sweeps (name, fingerprint, position, is_done, claimed_until) VALUES ({Name}, {_node}, 0, {false}, {now + Lease})
                     ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, claimed_until = excluded.claimed_until
                     WHERE sweeps.fingerprint = excluded.fingerprint OR sweeps.claimed_until <= {now}
                     """,
                    cancellationToken) == 1;
                return TypedResults.NoContent();
            },
            cancellationToken);
        _leased = taken ? now + Lease : default;
        return taken;
    }
}

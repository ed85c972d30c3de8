using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Evaluates the whole base for a segment. What differs is gathered piece by piece in tables of the connection, without a lock; then it is
/// applied at once. Meanwhile workers put off what changes, so that it is evaluated again afterwards. That the segment is ready is told by a
/// transaction of its own, after that of the members: where both are on different machines, one commit is not one instant. A node that is killed
/// leaves a segment that is building, and another builds it when the lease is over: what has been applied by then it finds as it should be.
/// </summary>
/// <remarks>Of a distributed table, the ids of each piece that match or are members travel from the workers, and those that enter or leave back to them.</remarks>
internal sealed class SegmentBuild(IServiceScopeFactory scopes, Database database, SegmentRules rules, SegmentQueue queue, IdBlocks ids, TimeProvider clock)
{
    private const int Piece = 50_000;

    /// <summary>How often progress is written, and the lease made longer.</summary>
    private static readonly TimeSpan ToldAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Builds one segment, and says whether there was one to build.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not (var segment, var until))
        {
            return false;
        }

        var lease = new Held(until);

        try
        {
            if (segment.Rule is null)
            {
                throw new EvaluationException(segment, segment.Complaint!);
            }

            await BuildAsync(segment, lease, cancellationToken);
        }
        catch (EvaluationException failure)
        {
            await FailAsync(failure, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !Database.IsTransient(failure))
        {
            await FailAsync(new EvaluationException(segment, failure), cancellationToken);
        }
        catch
        {
            // Begun all the same: whoever else is at it, too, still has workers put off what changes.
            await RenewAsync(segment, lease, clock.Now(), progress: null, CancellationToken.None);
            throw;
        }

        return true;
    }

    /// <summary>Marks a group whose rule fails, unless it has another rule by now.</summary>
    public Task FailAsync(EvaluationException failure, CancellationToken cancellationToken)
    {
        var message = failure.Message.Length > 1000 ? failure.Message[..1000] : failure.Message;
        return WithAsync(
            db => db.Segments.Where(s => s.GroupId == failure.GroupId && s.Version == failure.Version.Segment && s.State != SegmentState.Error && db.Groups.Any(g => g.Id == s.GroupId && g.Version == failure.Version.Group))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, SegmentState.Error).SetProperty(s => s.Error, message), cancellationToken),
            cancellationToken);
    }

    private static IQueryable<Segment> Unbuilt(ClienteleDb db, LiveSegment segment) =>
        db.Segments.Where(s => s.GroupId == segment.GroupId && s.Version == segment.Version.Segment && s.State == SegmentState.Building);

    /// <summary>The segment as long as this node has it: who was too slow, and was taken over from, has nothing to say any more.</summary>
    private static IQueryable<Segment> Mine(ClienteleDb db, LiveSegment segment, Held lease)
    {
        var until = lease.Until;
        return Unbuilt(db, segment).Where(s => s.ClaimedUntil == until);
    }

    /// <summary>Takes a segment over, those first that others refer to. What a node of other settings has begun is left to such nodes for a while.</summary>
    private async Task<(LiveSegment Segment, DateTime Until)?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var (now, fingerprint) = (clock.Now(), rules.Fingerprint);
        var longSince = now - Lease;
        var due = await db.Segments.Where(s => s.State == SegmentState.Building && s.ClaimedUntil <= (s.Fingerprint == fingerprint ? now : longSince)).Select(s => s.GroupId).ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return null;
        }

        var segments = await rules.ReadAsync(db, cancellationToken);
        foreach (var segment in GroupGraph.InOrder(segments).Where(segment => due.Contains(segment.GroupId)))
        {
            LiveSegment? claimed = null;
            await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(
                async () =>
                {
                    // Whoever is still writing members of these has begun before: it is waited for, and seen by the build.
                    await db.LockCountsAsync([segment.GroupId, .. segment.Rule?.RefersTo ?? new HashSet<long>()], cancellationToken);
                    var found = await rules.FindAsync(db, segment.GroupId, cancellationToken);
                    var taken = found is null ? 0 : await Unbuilt(db, found).Where(s => s.ClaimedUntil <= now)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.ClaimedUntil, now + Lease), cancellationToken);
                    claimed = taken == 1 && found!.Version == segment.Version ? found : null;
                    return taken == 0 || claimed is not null;
                },
                cancellationToken);
            if (claimed is not null)
            {
                return (claimed, now + Lease);
            }
        }

        return null;
    }

    private async Task BuildAsync(LiveSegment segment, Held lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var unit = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var now = clock.Now();
        db.Database.SetCommandTimeout(Patience);
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            // One transaction, so that it is one connection, also behind a pool of them. On SQLite it would keep everybody else from writing.
            if (database.IsPostgres)
            {
                await unit.BeginAsync(cancellationToken);
                await db.AllowAsync(Patience, cancellationToken);
            }

            var differences = new Differences(db, segment, now, Cause.Rule);
            await differences.CreateAsync(cancellationToken);
            var (first, last) = await differences.RangeAsync(cancellationToken);
            var told = clock.GetTimestamp();
            for (var from = first; from <= last; from += Piece)
            {
                await differences.GatherAsync(from, from + Piece, cancellationToken);
                if (clock.GetElapsedTime(told) > ToldAfter)
                {
                    told = clock.GetTimestamp();
                    if (!await RenewAsync(segment, lease, clock.Now() + Lease, (int)(99 * (from - first) / (last - first + 1)), cancellationToken))
                    {
                        return;
                    }
                }
            }

            if (!database.IsPostgres)
            {
                await unit.BeginAsync(cancellationToken);
            }

            // A lease for the rest: whoever has waited for the lock because the lease was over finds the segment in somebody's hands.
            var until = clock.Now() + Lease;
            if (!await ApplyAsync(db, segment, differences, cancellationToken) || !await RenewAsync(db, segment, lease, until, progress: 99, cancellationToken))
            {
                return;
            }

            await differences.DropAsync(cancellationToken);
            await unit.CommitAsync();
            lease.Until = until;
        }
        finally
        {
            await unit.DisposeAsync();
            await db.Database.CloseConnectionAsync();
        }

        await FinishAsync(segment, lease, now, cancellationToken);
        queue.Signal();
    }

    /// <summary>False where meanwhile another has built it, or the rule has changed.</summary>
    private async Task<bool> ApplyAsync(ClienteleDb db, LiveSegment segment, Differences differences, CancellationToken cancellationToken)
    {
        if ((await db.LockCountsAsync([segment.GroupId], cancellationToken)) is not [var count]
            || await rules.FindAsync(db, segment.GroupId, cancellationToken) is not { State: SegmentState.Building } found || found.Version != segment.Version)
        {
            return false;
        }

        var id = await ids.NextAsync(IdBlocks.Changes, cancellationToken);
        await differences.QueueIncludedAsync(id, cancellationToken);
        await differences.ApplyAsync(count, id, cancellationToken);
        return true;
    }

    private Task FinishAsync(LiveSegment segment, Held lease, DateTime now, CancellationToken cancellationToken)
    {
        var fingerprint = rules.Fingerprint;
        return WithAsync(
            db => Mine(db, segment, lease).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.State, SegmentState.Ready).SetProperty(s => s.Progress, 100).SetProperty(s => s.EvaluatedAt, now).SetProperty(s => s.SweptAt, now)
                    .SetProperty(s => s.Fingerprint, fingerprint).SetProperty(s => s.Error, (string?)null),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Tells how far the build is and has the segment longer; false where it is not this node's any more.</summary>
    private async Task<bool> RenewAsync(LiveSegment segment, Held lease, DateTime until, int? progress, CancellationToken cancellationToken)
    {
        var held = await WithAsync(async db => await RenewAsync(db, segment, lease, until, progress, cancellationToken) ? 1 : 0, cancellationToken);
        lease.Until = held ? until : lease.Until;
        return held;
    }

    private static async Task<bool> RenewAsync(ClienteleDb db, LiveSegment segment, Held lease, DateTime until, int? progress, CancellationToken cancellationToken) =>
        await Mine(db, segment, lease).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.Progress, s => progress ?? s.Progress).SetProperty(s => s.ClaimedUntil, until), cancellationToken) == 1;

    private async Task<bool> WithAsync(Func<ClienteleDb, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(async () => await work(db) > 0, cancellationToken);
    }

    /// <summary>Until when this node has a segment.</summary>
    private sealed class Held(DateTime until)
    {
        public DateTime Until { get; set; } = until;
    }
}

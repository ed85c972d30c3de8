using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

/// <summary>
/// Evaluates the whole base for a segment. What differs is gathered piece by piece in tables of the connection, without a lock; then it is
/// applied at once. Meanwhile workers put off what changes, so that it is evaluated again afterwards. A node that is killed leaves nothing
/// behind, and another begins anew when its lease is over.
/// </summary>
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
        if (await ClaimAsync(cancellationToken) is not { } segment)
        {
            return false;
        }

        try
        {
            if (segment.Rule is null)
            {
                throw new EvaluationException(segment, segment.Complaint!);
            }

            await BuildAsync(segment, cancellationToken);
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
            var now = clock.Now();
            await WithAsync(db => Mine(db, segment.GroupId, segment.Version).ExecuteUpdateAsync(set => set.SetProperty(s => s.ClaimedUntil, now), CancellationToken.None), CancellationToken.None);
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

    private static IQueryable<Segment> Mine(ClienteleDb db, long groupId, (int Segment, int Group) version) =>
        db.Segments.Where(s => s.GroupId == groupId && s.Version == version.Segment && s.State == SegmentState.Building);

    /// <summary>Takes a segment over, those first that others refer to. What a node of other settings has begun is left to such nodes for a while.</summary>
    private async Task<LiveSegment?> ClaimAsync(CancellationToken cancellationToken)
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
                    var taken = found is null ? 0 : await Mine(db, found.GroupId, found.Version).Where(s => s.ClaimedUntil <= now)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.ClaimedUntil, now + Lease), cancellationToken);
                    claimed = taken == 1 && found!.Version == segment.Version ? found : null;
                    return taken == 0 || claimed is not null;
                },
                cancellationToken);
            if (claimed is not null)
            {
                return claimed;
            }
        }

        return null;
    }

    private async Task BuildAsync(LiveSegment segment, CancellationToken cancellationToken)
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
                    await ProgressAsync(segment, (int)(99 * (from - first) / (last - first + 1)), cancellationToken);
                }
            }

            if (!database.IsPostgres)
            {
                await unit.BeginAsync(cancellationToken);
            }

            if (await ApplyAsync(db, segment, differences, now, cancellationToken))
            {
                await differences.DropAsync(cancellationToken);
                await unit.CommitAsync();
                queue.Signal();
            }
        }
        finally
        {
            await unit.DisposeAsync();
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>False where meanwhile another has built it, or the rule has changed.</summary>
    private async Task<bool> ApplyAsync(ClienteleDb db, LiveSegment segment, Differences differences, DateTime now, CancellationToken cancellationToken)
    {
        if ((await db.LockCountsAsync([segment.GroupId], cancellationToken)) is not [var count]
            || await rules.FindAsync(db, segment.GroupId, cancellationToken) is not { State: SegmentState.Building } found || found.Version != segment.Version)
        {
            return false;
        }

        var id = await ids.NextAsync(IdBlocks.Changes, cancellationToken);
        await differences.QueueIncludedAsync(id, cancellationToken);
        await differences.ApplyAsync(count, id, cancellationToken);
        var fingerprint = rules.Fingerprint;
        return await Mine(db, segment.GroupId, segment.Version).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.State, SegmentState.Ready).SetProperty(s => s.Progress, 100).SetProperty(s => s.EvaluatedAt, now).SetProperty(s => s.SweptAt, now)
                .SetProperty(s => s.Fingerprint, fingerprint).SetProperty(s => s.Error, (string?)null),
            cancellationToken) == 1;
    }

    private Task ProgressAsync(LiveSegment segment, int progress, CancellationToken cancellationToken)
    {
        var until = clock.Now() + Lease;
        return WithAsync(
            db => Mine(db, segment.GroupId, segment.Version)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Progress, progress).SetProperty(s => s.ClaimedUntil, until), cancellationToken),
            cancellationToken);
    }

    private async Task WithAsync(Func<ClienteleDb, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().RunAsync(async () => await work(db) > 0, cancellationToken);
    }
}

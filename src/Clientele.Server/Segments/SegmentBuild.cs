using Clientele.Server.Groups;

namespace Clientele.Server.Segments;

/// <summary>
/// Evaluates all customers for a segment. It collects the differences chunk by chunk in temporary tables, without a lock, and then applies them at
/// once. Meanwhile workers queue changed customers again, so that they are evaluated after the build. A second transaction marks the segment as
/// ready: segments and members may be on different machines, where one commit is not one instant. If a node is killed, the segment is still building,
/// and another node builds it when the lease has expired; changes that were already applied are then no differences any more.
/// </summary>
/// <remarks>
/// With distributed tables, the ids of each chunk that match or are members travel from the workers to this node. Those that enter or leave travel
/// back.
/// </remarks>
internal sealed class SegmentBuild(
    IServiceScopeFactory scopes, Database database, SegmentRules rules, SegmentQueue queue, IdBlocks ids, DatabaseClock databaseClock, TimeProvider clock)
{
    private const int ChunkSize = 50_000;

    /// <summary>How often the progress is written and the lease extended.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromMinutes(30);

    /// <summary>Builds one segment. Returns whether there was one to build.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not (var segment, var until))
        {
            return false;
        }

        var lease = new HeldLease(until);
        try
        {
            if (segment.Rule is null)
            {
                throw new EvaluationException(segment, segment.Error!);
            }

            await BuildAsync(segment, lease, cancellationToken);
        }
        catch (Exception failure) when (failure is EvaluationException || (failure is not OperationCanceledException && !Database.IsTransient(failure)))
        {
            await FailAsync(failure as EvaluationException ?? new(segment, failure), cancellationToken);
        }
        catch
        {
            // Let the lease expire, but do not reset it: the segment still counts as begun, so that workers queue changes again for another node that
            // may be building it, too.
            await RenewAsync(segment, lease, databaseClock.Now, progress: null, CancellationToken.None);
            throw;
        }

        return true;
    }

    /// <summary>Marks a group whose rule fails, unless its rule has changed since.</summary>
    public Task FailAsync(EvaluationException failure, CancellationToken cancellationToken)
    {
        var message = failure.Message.Length > 1000 ? failure.Message[..1000] : failure.Message;
        return WithAsync(
            db => db.Segments
                .Where(s => s.GroupId == failure.GroupId && s.Version == failure.Version.Segment && s.State != SegmentState.Error
                    && db.Groups.Any(g => g.Id == s.GroupId && g.Version == failure.Version.Group))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, SegmentState.Error).SetProperty(s => s.Error, message), cancellationToken),
            cancellationToken);
    }

    private static IQueryable<Segment> Building(ClienteleDb db, LiveSegment segment) =>
        db.Segments.Where(s => s.GroupId == segment.GroupId && s.Version == segment.Version.Segment && s.State == SegmentState.Building);

    /// <summary>The segment, if this node still holds its lease. A node that was too slow has lost the lease to another and must not write any more.</summary>
    private static IQueryable<Segment> Held(ClienteleDb db, LiveSegment segment, HeldLease lease)
    {
        var until = lease.Until;
        return Building(db, segment).Where(s => s.ClaimedUntil == until);
    }

    /// <summary>
    /// Claims a segment to build; segments that others refer to come first. A build that a node with another fingerprint has begun is left to such
    /// nodes for a while.
    /// </summary>
    private async Task<(LiveSegment Segment, DateTime Until)?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var (now, fingerprint) = (databaseClock.Now, rules.Fingerprint);
        var (expired, latest) = (now - LeaseTime, Lease.Latest(now + LeaseTime));
        var due = await db.Segments
            .Where(s => s.State == SegmentState.Building && (s.ClaimedUntil <= (s.Fingerprint == fingerprint ? now : expired) || s.ClaimedUntil > latest))
            .Select(s => s.GroupId).ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return null;
        }

        var segments = await rules.ReadAsync(db, cancellationToken);
        foreach (var segment in GroupGraph.InOrder(segments).Where(segment => due.Contains(segment.GroupId)))
        {
            LiveSegment? claimed = null;
            await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                async () =>
                {
                    // Wait for transactions that write members of these groups, so that the build sees what they wrote.
                    await MembershipLog.LockAsync(db, [segment.GroupId, .. segment.Rule?.RefersTo ?? new HashSet<long>()], clock, cancellationToken);
                    var found = await rules.FindAsync(db, segment.GroupId, cancellationToken);
                    var taken = found is null ? 0 : await Building(db, found).Where(s => s.ClaimedUntil <= now || s.ClaimedUntil > latest)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.ClaimedUntil, now + LeaseTime), cancellationToken);
                    claimed = taken == 1 && found!.Version == segment.Version ? found : null;
                    return taken == 0 || claimed is not null;
                },
                cancellationToken);
            if (claimed is not null)
            {
                return (claimed, now + LeaseTime);
            }
        }

        return null;
    }

    private async Task BuildAsync(LiveSegment segment, HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var transaction = scope.ServiceProvider.GetRequiredService<Transaction>();
        var now = clock.Now();
        db.Database.SetCommandTimeout(StatementTimeout);
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!await TryBuildAsync(db, transaction, segment, now, lease, cancellationToken))
            {
                return;
            }
        }
        finally
        {
            await transaction.DisposeAsync();
            await db.Database.CloseConnectionAsync();
        }

        await FinishAsync(segment, lease, now, cancellationToken);
        queue.Signal();
    }

    /// <summary>Returns false if this node has lost the lease, another one has built the segment meanwhile, or the rule has changed.</summary>
    private async Task<bool> TryBuildAsync(
        ClienteleDb db, Transaction transaction, LiveSegment segment, DateTime now, HeldLease lease, CancellationToken cancellationToken)
    {
        // One transaction, so that it is one connection, also behind a connection pooler. On SQLite it would block all other writers.
        if (database.IsPostgres)
        {
            await transaction.BeginAsync(cancellationToken);
            await db.AllowAsync(StatementTimeout, cancellationToken);
        }

        var comparison = new BulkComparison(db, segment, now, Cause.Rule);
        await comparison.CreateTablesAsync(cancellationToken);
        if (!await CompareAsync(segment, comparison, lease, cancellationToken))
        {
            return false;
        }

        if (!database.IsPostgres)
        {
            await transaction.BeginAsync(cancellationToken);
        }

        if (!await ApplyAsync(db, segment, comparison, cancellationToken))
        {
            return false;
        }

        // Extend the lease for the rest: a node that has waited for the lock because the lease had expired then finds the segment claimed.
        var until = databaseClock.Now + LeaseTime;
        if (!await RenewAsync(db, segment, lease, until, progress: 99, cancellationToken))
        {
            return false;
        }

        await comparison.DropTablesAsync(cancellationToken);
        await transaction.CommitAsync();
        lease.Until = until;
        return true;
    }

    /// <summary>Compares all customers, chunk by chunk. Returns false if this node has lost the lease.</summary>
    private async Task<bool> CompareAsync(LiveSegment segment, BulkComparison comparison, HeldLease lease, CancellationToken cancellationToken)
    {
        var (first, last) = await comparison.RangeAsync(cancellationToken);
        var reportedAt = clock.GetTimestamp();
        for (var from = first; from <= last; from += ChunkSize)
        {
            if (!await HoldAsync(segment, lease, comparison.CompareAsync(from, from + ChunkSize, cancellationToken), cancellationToken))
            {
                return false;
            }

            if (clock.GetElapsedTime(reportedAt) > ProgressInterval)
            {
                reportedAt = clock.GetTimestamp();
                var progress = (int)(99 * (from - first) / (last - first + 1));
                if (!await RenewAsync(segment, lease, databaseClock.Now + LeaseTime, progress, cancellationToken))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Extends the lease until a part of the work is done, which may take longer. Returns false if this node has lost it.</summary>
    private async Task<bool> HoldAsync(LiveSegment segment, HeldLease lease, Task work, CancellationToken cancellationToken)
    {
        var isHeld = true;
        try
        {
            while (isHeld && await Task.WhenAny(work, Task.Delay(LeaseTime / 4, clock, cancellationToken)) != work)
            {
                isHeld = await RenewAsync(segment, lease, databaseClock.Now + LeaseTime, progress: null, cancellationToken);
            }
        }
        finally
        {
            // Whatever happens, its connection is free only then.
            await work;
        }

        return isHeld;
    }

    /// <summary>Returns false if another node has built the segment meanwhile or the rule has changed.</summary>
    private async Task<bool> ApplyAsync(ClienteleDb db, LiveSegment segment, BulkComparison comparison, CancellationToken cancellationToken)
    {
        if (await MembershipLog.LockAsync(db, segment.GroupId, clock, cancellationToken) is not { } log
            || await rules.FindAsync(db, segment.GroupId, cancellationToken) is not { State: SegmentState.Building } found || found.Version != segment.Version)
        {
            return false;
        }

        var id = await ids.NextAsync(IdBlocks.Changes, cancellationToken);
        await comparison.QueueIncludedAsync(id, cancellationToken);
        await comparison.ApplyAsync(log, id, cancellationToken);
        return true;
    }

    private Task FinishAsync(LiveSegment segment, HeldLease lease, DateTime now, CancellationToken cancellationToken)
    {
        var fingerprint = rules.Fingerprint;
        return WithAsync(
            db => Held(db, segment, lease).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.State, SegmentState.Ready).SetProperty(s => s.Progress, 100).SetProperty(s => s.EvaluatedAt, now)
                    .SetProperty(s => s.SweptAt, now).SetProperty(s => s.Fingerprint, fingerprint).SetProperty(s => s.Error, (string?)null),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Writes the progress and extends the lease. Returns false if this node has lost the lease.</summary>
    private async Task<bool> RenewAsync(LiveSegment segment, HeldLease lease, DateTime until, int? progress, CancellationToken cancellationToken)
    {
        var held = await WithAsync(async db => await RenewAsync(db, segment, lease, until, progress, cancellationToken) ? 1 : 0, cancellationToken);
        lease.Until = held ? until : lease.Until;
        return held;
    }

    private static async Task<bool> RenewAsync(
        ClienteleDb db, LiveSegment segment, HeldLease lease, DateTime until, int? progress, CancellationToken cancellationToken) =>
        await Held(db, segment, lease).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.Progress, s => progress ?? s.Progress).SetProperty(s => s.ClaimedUntil, until), cancellationToken) == 1;

    private async Task<bool> WithAsync(Func<ClienteleDb, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(async () => await work(db) > 0, cancellationToken);
    }

    /// <summary>Until when this node holds the lease of a segment.</summary>
    private sealed class HeldLease(DateTime until)
    {
        public DateTime Until { get; set; } = until;
    }
}

namespace Clientele.Server.Events;

/// <summary>Deletes events that are too old, from the beginning of the feed, so that a reader can be told which cursors are too old.</summary>
internal sealed class OldEvents(ClienteleDb db, Transaction transaction, IOptions<EventSettings> settings, TimeProvider clock) : IMaintenance
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var old = clock.Now().AddDays(-settings.Value.KeepDays);
        while (await transaction.RunAsync(() => DeleteAsync(old, cancellationToken), cancellationToken))
        {
            // There may be more.
        }
    }

    /// <summary>Deletes a batch. With distributed tables, its positions travel to the coordinator, and each worker deletes its own rows.</summary>
    private async Task<bool> DeleteAsync(DateTime old, CancellationToken cancellationToken)
    {
        var first = await db.Events.TagWith("scatter: the oldest events").Where(e => e.Position != null).OrderBy(e => e.Position)
            .Select(e => new { e.Position, e.At }).Take(ExpiredRows.BatchSize).ToListAsync(cancellationToken);

        // An event with the instant of a clock that was ahead goes with the old ones after it.
        if (first.LastOrDefault(e => e.At < old)?.Position is not { } last)
        {
            return false;
        }

        // All code that changes or deletes events locks this mark first, so that transactions cannot deadlock. Another node may have been faster.
        await EventMark.LockAsync(db, EventMark.Positions, 0, cancellationToken);
        var deleted = (await EventMark.LockAsync(db, EventMark.Deleted, 0, cancellationToken)).Value;
        await EventMark.SetAsync(db, EventMark.Deleted, Math.Max(deleted, last), cancellationToken);
        await db.Events.TagWith("scatter: the oldest events").Where(e => e.Position <= last).ExecuteDeleteAsync(cancellationToken);
        return true;
    }
}

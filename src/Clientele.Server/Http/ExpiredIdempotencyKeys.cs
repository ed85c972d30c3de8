namespace Clientele.Server.Http;

/// <summary>Deletes idempotency keys whose lifetime has ended.</summary>
internal sealed class ExpiredIdempotencyKeys(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var old = clock.Now() - Idempotency.Lifetime;
        return ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.IdempotencyKeys.TagWith("scatter: keys whose time is over")
                .Where(k => k.CreatedAt < old
                    && db.IdempotencyKeys.Where(o => o.CreatedAt < old).OrderBy(o => o.CreatedAt).Select(o => o.Key)
                        .Take(ExpiredRows.BatchSize).Contains(k.Key))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}

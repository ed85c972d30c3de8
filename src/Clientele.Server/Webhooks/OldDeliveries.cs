namespace Clientele.Server.Webhooks;

/// <summary>
/// Deletes deliveries that have ended long ago and those of deleted webhooks, and what receivers have answered about customers who are erased meanwhile.
/// </summary>
internal sealed class OldDeliveries(ClienteleDb db, Database database, IOptions<WebhookSettings> settings, TimeProvider clock) : IMaintenance
{
    /// <summary>An answer is stored at most so long after an erasure that has not seen its row: see <see cref="WebhookStep"/>.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (old, recent) = (clock.Now().AddDays(-settings.Value.KeepDays), clock.Now() - Recent);
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.WebhookDeliveries.TagWith("scatter: deliveries of long ago")
                .Where(d => d.State != DeliveryState.Waiting && d.CreatedAt < old
                    && db.WebhookDeliveries.Where(o => o.CreatedAt < old && o.State != DeliveryState.Waiting).OrderBy(o => o.CreatedAt).Select(o => o.Id)
                        .Take(ExpiredRows.BatchSize).Contains(d.Id))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        var webhooks = await db.Webhooks.Select(w => w.Id).ToListAsync(cancellationToken);
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.WebhookDeliveries.TagWith("scatter: deliveries of deleted webhooks")
                .Where(d => !webhooks.Contains(d.WebhookId)
                    && db.WebhookDeliveries.Where(o => !webhooks.Contains(o.WebhookId)).OrderBy(o => o.WebhookId).Select(o => o.Id)
                        .Take(ExpiredRows.BatchSize).Contains(d.Id))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.Database.ExecuteSqlAsync(
                $"""
                 -- scatter: answers about customers who are erased
                 UPDATE webhook_deliveries SET answer = NULL
                 WHERE created_at > {recent} AND answer IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM customers WHERE customers.id = webhook_deliveries.customer_id)
                 """,
                cancellationToken),
            cancellationToken);
    }
}

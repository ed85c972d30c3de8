namespace Clientele.Server.Webhooks;

/// <summary>
/// Removes what receivers have answered about customers who are erased meanwhile, and deletes deliveries that have ended long ago and those of deleted
/// webhooks.
/// </summary>
internal sealed class OldDeliveries(ClienteleDb db, Database database, IOptions<WebhookSettings> settings, TimeProvider clock) : IMaintenance
{
    /// <summary>An answer is stored at most so long after an erasure that has not seen its row: see <see cref="WebhookStep"/>.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (old, recent) = (clock.Now().AddDays(-settings.Value.KeepDays), clock.Now() - Recent);
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
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.WebhookDeliveries.TagWith("scatter: deliveries of long ago")
                .Where(d => d.State != DeliveryState.Waiting && d.CreatedAt < old
                    && db.WebhookDeliveries.Where(o => o.CreatedAt < old && o.State != DeliveryState.Waiting).OrderBy(o => o.CreatedAt).Select(o => o.Id)
                        .Take(ExpiredRows.BatchSize).Contains(d.Id))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        foreach (var webhook in await DeletedWebhooksAsync(cancellationToken))
        {
            await ExpiredRows.DeleteBatchesAsync(
                database,
                () => db.WebhookDeliveries.TagWith("scatter: deliveries of a deleted webhook")
                    .Where(d => d.WebhookId == webhook
                        && db.WebhookDeliveries.Where(o => o.WebhookId == webhook).OrderBy(o => o.CreatedAt).Select(o => o.Id)
                            .Take(ExpiredRows.BatchSize).Contains(d.Id))
                    .ExecuteDeleteAsync(cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>
    /// The webhooks that still have deliveries although they are deleted. First the deliveries are asked: a webhook that is created meanwhile is there
    /// before its first delivery.
    /// </summary>
    private async Task<IEnumerable<Guid>> DeletedWebhooksAsync(CancellationToken cancellationToken)
    {
        List<Guid> named = [];
        for (var next = await NextAsync(Guid.Empty); next is [var webhook]; next = await NextAsync(webhook))
        {
            named.Add(webhook);
        }

        return named.Except(await db.Webhooks.Select(w => w.Id).ToListAsync(cancellationToken));

        // One step of the index each, however many deliveries there are.
        Task<List<Guid>> NextAsync(Guid last) => db.WebhookDeliveries.TagWith("scatter: the webhooks that have deliveries").Where(d => d.WebhookId > last)
            .OrderBy(d => d.WebhookId).Select(d => d.WebhookId).Take(1).ToListAsync(cancellationToken);
    }
}

namespace Clientele.Server.Webhooks;

/// <summary>Sends events again, with the same ids.</summary>
internal sealed class Redeliveries(
    ClienteleDb db, WebhookBook webhooks, WebhookFeed feed, RequestTransaction transaction, Caller caller, TimeProvider clock)
{
    /// <summary>Sends the event of one delivery again. What waits of the same customer waits for it.</summary>
    public Task<Results<Ok<WebhookDeliveryResponse>, Problem>> OneAsync(Guid id, Guid delivery, CancellationToken cancellationToken) =>
        webhooks.WithWebhookAsync<Ok<WebhookDeliveryResponse>>(
            id,
            http: null,
            async webhook =>
            {
                if (await FindAsync(id, delivery, cancellationToken) is not { } row)
                {
                    return Problems.NotFound();
                }

                var refusal = !webhook.IsActive ? "The webhook is turned off. Turn it on first."
                    : row.State == DeliveryState.Waiting ? "The delivery waits already: see next_attempt_at."
                    : !(await feed.AtAsync([row.Position], cancellationToken)).ContainsKey(row.Position) ? "The event is deleted, so it cannot be sent again."
                    : null;
                if (refusal is not null)
                {
                    return new Problem("conflict", refusal);
                }

                await db.WebhookDeliveries
                    .Where(d => d.CustomerId == row.CustomerId && d.WebhookId == id && d.State == DeliveryState.Waiting && d.NextAttemptAt != null)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(d => d.NextAttemptAt, d => d.Position > row.Position ? null : d.NextAttemptAt), cancellationToken);
                (row.State, row.Attempts, row.GiveUpAt, row.CompletedAt, row.NextAttemptAt) = (DeliveryState.Waiting, 0, null, null, clock.Now());
                db.Update(row);
                transaction.Subjects.Add(row.CustomerId);
                webhooks.Record(AuditAction.WebhookRedelivered, id, new() { ["delivery"] = (null, delivery) });
                return TypedResults.Ok(row.ToResponse());
            },
            cancellationToken);

    /// <summary>Moves the webhook back, to the first event of an instant. What waits behind that event is read from the feed again.</summary>
    public async Task<Results<Ok<WebhookResponse>, Problem>> SinceAsync(Guid id, DateTime since, CancellationToken cancellationToken)
    {
        var before = await feed.BeforeAsync(since, cancellationToken);
        return await webhooks.WithWebhookAsync<Ok<WebhookResponse>>(
            id,
            http: null,
            async webhook =>
            {
                if (before < webhook.Position)
                {
                    webhook.Position = before;
                    webhook.Epoch++;
                    await db.WebhookDeliveries.TagWith("scatter: what a webhook is going to read again")
                        .Where(d => d.WebhookId == id && d.State == DeliveryState.Waiting && d.Position > before).ExecuteDeleteAsync(cancellationToken);
                    webhooks.Record(AuditAction.WebhookRedelivered, id, new() { ["since"] = (null, since) });
                }

                return TypedResults.Ok(webhook.ToResponse(null));
            },
            cancellationToken);
    }

    /// <summary>The deliveries that the caller may see. Staff do not exist for keys.</summary>
    public IQueryable<WebhookDelivery> Visible(Guid webhook) => (caller.KeyId is null
        ? db.WebhookDeliveries.Where(d => d.WebhookId == webhook)
        : db.WebhookDeliveries.Where(d => d.WebhookId == webhook && !db.Customers.Any(c => c.Id == d.CustomerId && c.IsStaff)))
        .TagWith("scatter: the deliveries of a webhook");

    private async Task<WebhookDelivery?> FindAsync(Guid webhook, Guid delivery, CancellationToken cancellationToken) =>
        (await Visible(webhook).Where(d => d.Id == delivery).Take(1).ToListAsync(cancellationToken)).SingleOrDefault();
}

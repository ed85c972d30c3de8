using Clientele.Server.Operations;

namespace Clientele.Server.Webhooks;

/// <summary>Compares the counter of webhooks with them, and reports deliveries that nobody would ever try.</summary>
internal sealed class WebhooksCheck(ClienteleDb db) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        await findings.CompareAsync(db, WebhookBook.CounterName, db.Webhooks, cancellationToken);
        var waiting = db.WebhookDeliveries.Where(d => d.State == DeliveryState.Waiting && db.Webhooks.Any(w => w.Id == d.WebhookId));
        await findings.AddAsync(
            "deliveries to webhooks wait for no earlier one and have no next attempt. They are of the customers",
            waiting.Where(d => d.NextAttemptAt == null
                && !db.WebhookDeliveries.Any(o => o.CustomerId == d.CustomerId && o.WebhookId == d.WebhookId && o.State == DeliveryState.Waiting
                    && o.Position < d.Position)).Select(d => d.CustomerId),
            cancellationToken);
    }
}

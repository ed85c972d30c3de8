namespace Clientele.Server.Webhooks;

/// <summary>How far webhooks are behind, and how many of their receivers fail.</summary>
internal sealed class WebhookGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var webhooks = await db.Webhooks.Select(w => new { w.Id, w.IsActive, w.Position, IsFailing = w.FailingSince != null, IsGone = w.GoneAt != null })
            .ToListAsync(cancellationToken);
        var active = webhooks.FindAll(webhook => webhook.IsActive);
        var ids = active.ConvertAll(webhook => webhook.Id);
        var waiting = await db.WebhookDeliveries.TagWith("scatter: how many deliveries wait")
            .Where(d => ids.Contains(d.WebhookId) && d.State == DeliveryState.Waiting).GroupBy(_ => 1)
            .Select(all => new { Count = all.LongCount(), First = all.Min(d => d.Position) }).SingleOrDefaultAsync(cancellationToken);
        return
        [
            new("clientele.webhooks.active", "{webhook}", "How many webhooks are turned on.", active.Count),
            new("clientele.webhooks.failing", "{webhook}", "How many of these have a receiver that has not accepted the last events.",
                active.Count(webhook => webhook.IsFailing)),
            new("clientele.webhooks.gone", "{webhook}", "How many webhooks are turned off because their receivers said that they are gone.",
                webhooks.Count(webhook => webhook.IsGone)),
            new("clientele.webhooks.waiting", "{delivery}",
                "How many deliveries of webhooks that are turned on wait for another attempt, or for one of the same customer.",
                waiting?.Count ?? 0),
            new("clientele.webhooks.age", "s", "How long ago the oldest event happened that waits for a webhook that is turned on.",
                await AgeAsync([.. active.Select(webhook => webhook.Position)], waiting?.First, cancellationToken)),
        ];
    }

    private async Task<double> AgeAsync(IReadOnlyCollection<long> positions, long? firstWaiting, CancellationToken cancellationToken)
    {
        if (positions.Count == 0)
        {
            return 0;
        }

        var from = Math.Min(positions.Min() + 1, firstWaiting ?? long.MaxValue);
        var oldest = await db.Events.TagWith("scatter: the oldest event that waits for a webhook").Where(e => e.Position >= from).OrderBy(e => e.Position)
            .Select(e => e.At).Take(1).ToListAsync(cancellationToken);
        return GaugeReading.Age(clock.Now(), oldest is [var at] ? at : null);
    }
}

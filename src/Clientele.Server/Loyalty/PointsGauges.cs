namespace Clientele.Server.Loyalty;

/// <summary>How late points are released and expire.</summary>
internal sealed class PointsGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var dueAt = await db.Customers.TagWith("scatter: whose points are due for the longest time").MinAsync(c => c.LoyaltyDueAt, cancellationToken);
        return
        [
            new("clientele.points.lag", "s", "How long points have been due that are not yet released or expired; two seconds are normal.",
                GaugeReading.Age(clock.Now(), dueAt)),
        ];
    }
}

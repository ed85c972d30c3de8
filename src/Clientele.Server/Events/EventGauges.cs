namespace Clientele.Server.Events;

/// <summary>The events that are committed and have no place in the feed yet.</summary>
internal sealed class EventGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var waiting = await db.Events.TagWith("scatter: how many events wait").Where(e => e.Position == null).GroupBy(_ => 1)
            .Select(all => new { Count = all.LongCount(), OldestAt = all.Min(e => e.At) }).SingleOrDefaultAsync(cancellationToken);
        return
        [
            new("clientele.events.waiting", "{event}", "How many events have no place in the feed yet.", waiting?.Count ?? 0),
            new("clientele.events.age", "s", "How long ago the oldest of these events happened.", GaugeReading.Age(clock.Now(), waiting?.OldestAt)),
        ];
    }
}

namespace Clientele.Server.Segments;

/// <summary>How far the members of segments are behind the data and the time.</summary>
internal sealed class SegmentGauges(ClienteleDb db, SegmentRules rules, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var queue = await db.SegmentChanges.TagWith("scatter: how much waits").GroupBy(_ => 1)
            .Select(all => new { Waiting = all.LongCount(), OldestAt = all.Min(c => c.QueuedAt) }).SingleOrDefaultAsync(cancellationToken);
        var segments = (await rules.ReadAsync(db, cancellationToken)).Values;
        var sweptAt = segments.Where(segment => segment is { CanBeEvaluated: true, Rule.DependsOnTime: true }).Min(segment => segment.SweptAt);
        var now = clock.Now();
        return
        [
            new("clientele.segments.queue.length", "{change}", "How many changes of customers wait for their segments.", queue?.Waiting ?? 0),
            new("clientele.segments.queue.lag", "s", "How long the oldest of these changes has waited.", GaugeReading.Age(now, queue?.OldestAt)),
            new("clientele.segments.clock.lag", "s", "How far changes that time causes are behind; up to two minutes is normal.",
                GaugeReading.Age(now, sweptAt)),
            .. Enum.GetValues<SegmentState>().Select(state => new GaugeReading(
                "clientele.segments.count", "{segment}", "How many segments are in a state.", segments.Count(segment => segment.State == state),
                ("state", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{state}")))),
        ];
    }
}

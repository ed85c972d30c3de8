using Clientele.Server.Operations;

namespace Clientele.Server.Events;

/// <summary>Reports events that nobody can read, or that readers could miss or get twice.</summary>
internal sealed class EventsCheck(ClienteleDb db, TimeProvider clock) : ICheck
{
    private static readonly TimeSpan Expected = TimeSpan.FromMinutes(1);

    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var late = clock.Now() - Expected;
        await findings.AddAsync(
            "events have no place in the feed for more than a minute (a running node assigns it). They are of the customers",
            db.Events.Where(e => e.Position == null && e.At < late).OrderBy(e => e.At).Select(e => e.CustomerId),
            cancellationToken);
        var last = await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken);
        await findings.AddAsync(
            "events have a place after the end of the feed, where no reader finds them. They are of the customers",
            db.Events.Where(e => e.Position > last).OrderBy(e => e.Position).Select(e => e.CustomerId),
            cancellationToken);
        await findings.AddAsync(
            "places of the feed have several events",
            db.Events.Where(e => e.Position != null).GroupBy(e => e.Position!.Value).Where(same => same.Count() > 1).Select(same => same.Key),
            cancellationToken);
        await findings.AddAsync(
            "customers have events with a higher number than they have counted",
            db.Customers.Where(c => db.Events.Any(e => e.CustomerId == c.Id && e.GroupId == LoggedEvent.NoGroup && e.Number > c.EventCount)).Select(c => c.Id),
            cancellationToken);
        await findings.AddAsync(
            "erased customers have events that name them",
            db.Events.Where(e => EventForm.Personal.Contains(e.Kind) && e.Data != null && !db.Customers.Any(c => c.Id == e.CustomerId))
                .Select(e => e.CustomerId).Distinct(),
            cancellationToken);
    }
}

using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>Events that come next for a webhook.</summary>
/// <param name="Events">The events.</param>
/// <param name="Reached">The position up to which there are no others for it.</param>
/// <param name="HasMissed">Whether events after the position of the webhook were deleted before it has read them.</param>
internal sealed record WebhookPage(List<LoggedEvent> Events, long Reached, bool HasMissed);

/// <summary>Reads the feed for webhooks. A webhook is told what a key would be: staff do not exist for it.</summary>
internal sealed class WebhookFeed(ClienteleDb db)
{
    private const string Why = "scatter: the next events of a webhook";

    /// <summary>A step that searches for some kinds of events looks at no more positions than these.</summary>
    private const long MostSearched = 50_000;

    /// <summary>An event may have a later position than one that happened this long after it.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    public async Task<WebhookPage> ReadAsync(Webhook webhook, int most, CancellationToken cancellationToken)
    {
        // Read before the events: all positions up to this one are committed.
        var last = await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken);
        var after = webhook.Position;
        if (last <= after || most == 0)
        {
            return new([], after, HasMissed: false);
        }

        var end = Math.Min(last, after + MostSearched);
        var found = await Matching(webhook).Where(e => e.Position > after && e.Position <= end).OrderBy(e => e.Position).Take(most).TagWith(Why)
            .ToListAsync(cancellationToken);

        // Read after the events, so that what was deleted before they were read is known.
        var deleted = await EventMark.ReadAsync(db, EventMark.Deleted, cancellationToken);
        return new(found, found.Count == most ? found[^1].Position!.Value : end, after < deleted);
    }

    /// <summary>The next events whose customers have no earlier event that waits for this webhook.</summary>
    public Task<List<LoggedEvent>> FreeAsync(Webhook webhook, int most, CancellationToken cancellationToken) =>
        Matching(webhook)
            .Where(e => e.Position > webhook.Position && e.Position <= webhook.Position + MostSearched
                && !db.WebhookDeliveries.Any(d => d.WebhookId == webhook.Id && d.CustomerId == e.CustomerId && d.State == DeliveryState.Waiting))
            .OrderBy(e => e.Position).Take(most).TagWith(Why).ToListAsync(cancellationToken);

    /// <summary>The events at these positions that may still be told.</summary>
    public Task<Dictionary<long, LoggedEvent>> AtAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken) =>
        NotOfStaff().Where(e => e.Position != null && positions.Contains(e.Position.Value)).TagWith(Why)
            .ToDictionaryAsync(e => e.Position!.Value, cancellationToken);

    /// <summary>The time of the first event after a position, even if the webhook is not told of it; null if there is no such event.</summary>
    public async Task<DateTime?> NextAtAsync(long position, CancellationToken cancellationToken) =>
        (await db.Events.TagWith(Why).Where(e => e.Position > position).OrderBy(e => e.Position).Select(e => (DateTime?)e.At).Take(1)
            .ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>
    /// The position before the first event that happened at an instant or later. Positions are almost in the order of time: events that were written
    /// together are, and others differ by the time in which a commit gets its position and by the nodes' clocks.
    /// </summary>
    public async Task<long> BeforeAsync(DateTime since, CancellationToken cancellationToken)
    {
        var (low, high) = (
            await EventMark.ReadAsync(db, EventMark.Deleted, cancellationToken), await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken));
        var end = high;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var next = await db.Events.TagWith(Why).Where(e => e.Position > middle).OrderBy(e => e.Position)
                .Select(e => new { e.Position, e.At }).Take(1).ToListAsync(cancellationToken);
            (low, high) = next is [{ } one] && one.At + Disorder < since ? (Math.Min(one.Position!.Value, high), high) : (low, middle);
        }

        var first = await db.Events.TagWith(Why).Where(e => e.Position > low && e.At >= since).OrderBy(e => e.Position).Select(e => e.Position).Take(1)
            .ToListAsync(cancellationToken);
        return first is [{ } position] ? position - 1 : end;
    }

    private IQueryable<LoggedEvent> Matching(Webhook webhook)
    {
        var (kinds, groups) = (Array.ConvertAll(webhook.TypeNames(), name => EventForm.Kinds[name]), webhook.GroupIds());
        var events = kinds.Length > 0 ? NotOfStaff().Where(e => kinds.Contains(e.Kind)) : NotOfStaff();
        return groups.Length > 0 ? events.Where(e => e.GroupId == LoggedEvent.NoGroup || groups.Contains(e.GroupId)) : events;
    }

    private IQueryable<LoggedEvent> NotOfStaff() => db.Events.Where(e => !db.Customers.Any(c => c.Id == e.CustomerId && c.IsStaff));
}

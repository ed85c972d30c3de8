using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>An event and its row. The row of a new one is not stored yet.</summary>
/// <param name="Row">The row.</param>
/// <param name="Event">The event; null if it was deleted, or may not be told any longer.</param>
/// <param name="IsNew">Whether the event was just read from the feed.</param>
internal sealed record Parcel(WebhookDelivery Row, LoggedEvent? Event, bool IsNew);

/// <summary>What one step works on: events of some customers that are due, and new ones.</summary>
internal sealed class WebhookBatch
{
    /// <summary>The position of the webhook after the step. What is attempted beyond it is not recorded, because it is read from the feed again.</summary>
    public required long Reached { get; init; }

    public bool HasMissed { get; init; }

    /// <summary>What is attempted, in the order of each customer's events.</summary>
    public required IReadOnlyList<List<Parcel>> Chains { get; init; }

    /// <summary>New events behind one of the same customer that waits already.</summary>
    public IReadOnlyList<WebhookDelivery> Queued { get; init; } = [];

    public IEnumerable<Parcel> Parcels => Chains.SelectMany(chain => chain);
}

/// <summary>Chooses what a step works on. It reads at most a batch, however much waits.</summary>
internal sealed class WebhookBatches(ClienteleDb db, WebhookFeed feed, TimeProvider clock)
{
    private const int Size = 100;

    /// <summary>The rest of a step is for new events, however many others are due.</summary>
    private const int MostDue = Size / 2;

    /// <summary>As soon as so many rows wait for a webhook, no new events are read for it: they stay in the feed.</summary>
    private const int MostWaiting = 10_000;

    private const string Why = "scatter: what waits for a webhook";

    /// <summary>A webhook that is told of few events moves on in such steps, or after such a time.</summary>
    private const long Stride = 1000;
    private static readonly TimeSpan StrideTime = TimeSpan.FromHours(1);

    /// <summary>Whether an event is due or new. A position that moves only past events of others is stored once in a while.</summary>
    public async Task<bool> IsAnyAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        if (await FirstAsync(Waiting(webhook).Where(d => d.NextAttemptAt <= now), cancellationToken) is not null)
        {
            return true;
        }

        var page = await feed.ReadAsync(webhook, 1, cancellationToken);
        return page is { Events: not [] } or { HasMissed: true } || page.Reached >= webhook.Position + Stride
            || (page.Reached > webhook.Position && await feed.NextAtAsync(webhook.Position, cancellationToken) <= now - StrideTime);
    }

    /// <summary>
    /// Events that are due, then new ones. With distributed tables, each worker sends at most a batch of its rows, and the coordinator passes on one batch.
    /// To see whether too many wait, each worker also sends up to <see cref="MostWaiting"/> rows to the coordinator.
    /// </summary>
    public async Task<WebhookBatch> NextAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var due = await DueAsync(webhook, cancellationToken);
        var most = Size - due.Sum(chain => chain.Count);
        var isFull = await FirstAsync(Waiting(webhook).OrderBy(d => d.CustomerId).ThenBy(d => d.Position).Skip(MostWaiting - 1), cancellationToken) is not null;
        var page = await feed.ReadAsync(webhook, isFull ? 0 : most, cancellationToken);
        var (now, blocked) = (clock.Now(), await BlockedAsync(webhook, page.Events, cancellationToken));

        // A microsecond apart, so that a list by time has the order of the feed.
        var rows = page.Events.Select((happened, i) => new Parcel(WebhookDelivery.Of(webhook.Id, happened, now.AddMicroseconds(i)), happened, IsNew: true))
            .ToList();
        var free = rows.Where(parcel => !blocked.Contains(parcel.Row.CustomerId)).GroupBy(parcel => parcel.Row.CustomerId);
        return new()
        {
            Reached = page.Reached,
            HasMissed = page.HasMissed,
            Chains = [.. due, .. free.Select(chain => chain.ToList())],
            Queued = [.. rows.Where(parcel => blocked.Contains(parcel.Row.CustomerId)).Select(parcel => parcel.Row)],
        };
    }

    /// <summary>
    /// One event, to find out whether the receiver is back. A receiver may refuse some events and accept others, so it is chosen at random: the one that
    /// was not tried for the longest time, one that waits and was never tried, or a new one. Null if nothing waits.
    /// </summary>
    public async Task<WebhookBatch?> ProbeAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var heads = Waiting(webhook).Where(d => d.NextAttemptAt != null);
        WebhookBatch?[] probes =
        [
            await HeadAsync(webhook, heads.OrderBy(d => d.NextAttemptAt), cancellationToken),
            await HeadAsync(webhook, heads.Where(d => d.Attempts == 0).OrderBy(d => d.Position), cancellationToken),
            await NewAsync(webhook, cancellationToken),
        ];
        return probes.OfType<WebhookBatch>().ToList() is { Count: > 0 } found ? AnyOf(found) : null;
    }

    private async Task<WebhookBatch?> HeadAsync(Webhook webhook, IQueryable<WebhookDelivery> heads, CancellationToken cancellationToken) =>
        await FirstAsync(heads, cancellationToken) is { } row
            ? new()
            {
                Reached = webhook.Position,
                Chains = [[new Parcel(row, (await feed.AtAsync([row.Position], cancellationToken)).GetValueOrDefault(row.Position), IsNew: false)]],
            }
            : null;

    /// <summary>
    /// The next event. If an earlier one of its customer waits, an event of somebody else instead, while the position stays: a customer whose events are
    /// refused must not hide that others' are accepted, and a receiver that is down must not get a row for each event.
    /// </summary>
    private async Task<WebhookBatch?> NewAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var page = await feed.ReadAsync(webhook, 1, cancellationToken);
        if (page.Events.Count == 0)
        {
            return page.Reached > webhook.Position ? new() { Reached = page.Reached, HasMissed = page.HasMissed, Chains = [] } : null;
        }

        var isFree = (await BlockedAsync(webhook, page.Events, cancellationToken)).Count == 0;
        var free = isFree ? page.Events : await feed.FreeAsync(webhook, Size, cancellationToken);
        if (free.Count == 0)
        {
            return null;
        }

        var next = AnyOf(free.DistinctBy(happened => happened.CustomerId).ToList());
        return new()
        {
            Reached = isFree ? page.Reached : webhook.Position,
            HasMissed = isFree && page.HasMissed,
            Chains = [[new Parcel(WebhookDelivery.Of(webhook.Id, next, clock.Now()), next, IsNew: true)]],
        };
    }

    /// <summary>The events of customers whose first waiting event is due.</summary>
    private async Task<List<List<Parcel>>> DueAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var customers = await Waiting(webhook).Where(d => d.NextAttemptAt <= now).OrderBy(d => d.NextAttemptAt).Select(d => d.CustomerId).Take(MostDue)
            .ToListAsync(cancellationToken);
        if (customers.Count == 0)
        {
            return [];
        }

        customers = [.. customers.Distinct()];
        var rows = await Waiting(webhook).Where(d => customers.Contains(d.CustomerId)).OrderBy(d => d.Position).ThenBy(d => d.Id).Take(MostDue)
            .ToListAsync(cancellationToken);
        var events = await feed.AtAsync([.. rows.Select(row => row.Position).Distinct()], cancellationToken);
        return [.. rows.GroupBy(row => row.CustomerId).Where(chain => chain.First().NextAttemptAt <= now)
            .Select(chain => chain.Select(row => new Parcel(row, events.GetValueOrDefault(row.Position), IsNew: false)).ToList())];
    }

    /// <summary>The customers of these events who have an event that waits.</summary>
    private async Task<HashSet<long>> BlockedAsync(Webhook webhook, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return [];
        }

        var customers = events.Select(happened => happened.CustomerId).Distinct().ToList();
        return [.. await Waiting(webhook).Where(d => customers.Contains(d.CustomerId)).Select(d => d.CustomerId).Distinct().ToListAsync(cancellationToken)];
    }

    /// <summary>What waits for a webhook: for another attempt, or for an earlier event of the same customer.</summary>
    public IQueryable<WebhookDelivery> Waiting(Webhook webhook) =>
        db.WebhookDeliveries.TagWith(Why).Where(d => d.WebhookId == webhook.Id && d.State == DeliveryState.Waiting);

    private static T AnyOf<T>(List<T> all) => all[RandomNumberGenerator.GetInt32(all.Count)];

    private static async Task<WebhookDelivery?> FirstAsync(IQueryable<WebhookDelivery> rows, CancellationToken cancellationToken) =>
        (await rows.Take(1).ToListAsync(cancellationToken)).SingleOrDefault();
}

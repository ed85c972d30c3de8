using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>
/// One step of a webhook: chooses a batch, sends it, and records it in one transaction. The node holds the lease of the webhook. The transaction extends it,
/// so a node that has lost it records nothing; then the events are sent again, with the same ids.
/// </summary>
internal sealed partial class WebhookStep(
    ClienteleDb db, Transaction transaction, WebhookBatches batches, WebhookSender sender, WebhookMeter meter, IOptions<WebhookSettings> settings,
    IOptions<EventSettings> events, DatabaseClock databaseClock, TimeProvider clock, ILogger<WebhookStep> logger)
{
    /// <summary>Longer than a step takes: it begins no attempt after <see cref="Longest"/>, and an attempt takes ten seconds at most.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A receiver fails as a whole after so many failures in a row, if they are about so many customers.</summary>
    private const int MostFailures = 10;
    private const int FewCustomers = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>So many events of one customer wait at most. Without a limit, somebody whose events are refused could take the places of all.</summary>
    private const int MostOfCustomer = 500;

    /// <summary>Failures in a row that say something about the receiver, and all failures of this step.</summary>
    private int _failures;
    private int _failed;
    private int _accepted;
    private bool _isGone;

    public static string LeaseOf(Guid webhook) => $"webhook:{webhook}";

    /// <summary>Whether a step would do anything. Reads only, so that a webhook without work costs no writes.</summary>
    public async Task<bool> IsAnyAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        return await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id && w.IsActive, cancellationToken) is { } webhook
            && !(webhook.PausedUntil > now)
            && (webhook.PausedUntil is not null || await batches.IsAnyAsync(webhook, cancellationToken));
    }

    /// <summary>Does a step. Returns whether there may be more to do now.</summary>
    public async Task<bool> RunAsync(Guid id, string holder, CancellationToken cancellationToken)
    {
        if (await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id && w.IsActive, cancellationToken) is not { } webhook
            || webhook.PausedUntil > clock.Now())
        {
            return false;
        }

        var batch = webhook.PausedUntil is null
            ? await batches.NextAsync(webhook, cancellationToken)
            : await batches.ProbeAsync(webhook, cancellationToken);
        if (batch is { Chains: [], Queued: [] } && batch.Reached == webhook.Position)
        {
            return false;
        }

        await SendAsync(webhook, batch, cancellationToken);
        var isRecorded = await transaction.RunAsync(() => RecordAsync(webhook, batch, holder, cancellationToken), cancellationToken);
        if (batch is { HasMissed: true })
        {
            Log.Missed(logger, id);
        }

        return isRecorded && !_isGone;
    }

    /// <summary>Sends the events of several customers at the same time, and those of one customer in their order.</summary>
    private async Task SendAsync(Webhook webhook, WebhookBatch? batch, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Value.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(batch?.Chains ?? [], options, async (chain, stoppingToken) =>
        {
            DateTime? limit = null;
            foreach (var parcel in chain)
            {
                // What was not attempted is due at once.
                (parcel.Row.NextAttemptAt, parcel.Row.GiveUpAt) = (clock.Now(), parcel.Row.GiveUpAt ?? limit);
                if (clock.GetElapsedTime(begun) > Longest || Volatile.Read(ref _failures) >= MostFailures || Volatile.Read(ref _isGone)
                    || !await TryDeliverAsync(webhook, parcel, stoppingToken))
                {
                    break;
                }

                limit = parcel.Row.LimitOfNext(webhook);
            }
        });
    }

    /// <summary>Makes an attempt. Returns whether the next event of the customer may follow.</summary>
    private async Task<bool> TryDeliverAsync(Webhook webhook, Parcel parcel, CancellationToken stoppingToken)
    {
        var (row, begunAt) = (parcel.Row, clock.Now());
        if (parcel.Event is not { } happened)
        {
            row.End(DeliveryState.GivenUp, begunAt);
            row.Error = "The event was deleted, or is about staff by now.";
            return true;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(happened.ToResponse(events.Value.Source), Wire.For<CustomerEvent>(admin: true));
        var attempt = await sender.SendAsync(webhook, LoggedEvent.IdOf(row.CustomerId, row.GroupId, row.Number), body, stoppingToken);
        row.Record(attempt, begunAt, clock.Now());
        meter.Count(row);
        if (attempt.IsAccepted)
        {
            Interlocked.Increment(ref _accepted);
            Volatile.Write(ref _failures, 0);
        }
        else
        {
            Interlocked.Increment(ref _failed);
            if (webhook.PausedUntil is not null || !row.IsRefusedBy(webhook))
            {
                Interlocked.Increment(ref _failures);
            }

            if (attempt.IsGone)
            {
                Volatile.Write(ref _isGone, true);
            }
        }

        if (row.State == DeliveryState.GivenUp)
        {
            Log.GivenUp(logger, row.Id, webhook.Id, row.Attempts, attempt.Error!);
        }

        return row.State != DeliveryState.Waiting;
    }

    private async Task<bool> RecordAsync(Webhook webhook, WebhookBatch? batch, string holder, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        if (!await Lease.TryExtendAsync(db, LeaseOf(webhook.Id), holder, databaseClock.Now + LeaseTime, cancellationToken)
            || !await TryMoveAsync(webhook, batch, now, cancellationToken))
        {
            return false;
        }

        if (batch is null)
        {
            return true;
        }

        await ForgetErasedAsync(batch, cancellationToken);
        var added = batch.Parcels.Where(parcel => parcel.IsNew).Select(parcel => parcel.Row).Concat(batch.Queued);
        db.AddRange(added.Where(row => row.Position <= batch.Reached));
        db.UpdateRange(batch.Parcels.Where(parcel => !parcel.IsNew).Select(parcel => parcel.Row));
        await transaction.SaveAsync(cancellationToken);
        await PromoteAsync(webhook, batch, now, cancellationToken);
        if (_accepted > 0 && webhook.PausedUntil is not null)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 -- scatter: the receiver is back, so what waits for it is due
                 UPDATE webhook_deliveries SET next_attempt_at = {now} WHERE webhook_id = {webhook.Id} AND next_attempt_at > {now}
                 """,
                cancellationToken);
        }
        else if (_accepted == 0 && webhook.Failures >= MostFailures && webhook.PausedUntil is null)
        {
            await PauseAsync(webhook, now, cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Moves the position, and notes how the receiver is. Returns false if somebody else has moved the position, or has deleted the webhook: then the batch
    /// is not recorded.
    /// </summary>
    private async Task<bool> TryMoveAsync(Webhook webhook, WebhookBatch? batch, DateTime now, CancellationToken cancellationToken)
    {
        var position = webhook.Position;
        webhook.Position = batch?.Reached ?? position;
        webhook.MissedEventsAt = batch?.HasMissed == true ? now : webhook.MissedEventsAt;
        if (_accepted > 0 || batch is null)
        {
            (webhook.Failures, webhook.FailingSince) = (0, null);
        }
        else if (_failed > 0)
        {
            (webhook.Failures, webhook.FailingSince) = (Math.Min(webhook.Failures + _failures, 1_000_000), webhook.FailingSince ?? now);
        }

        var pausedUntil = webhook.PausedUntil is null || _accepted > 0 || batch is null ? null
            : _failed > 0 ? now + WebhookDelivery.DelayAfter(webhook.Failures - MostFailures, LongestPause)
            : webhook.PausedUntil;
        var accepted = batch?.Parcels.Where(parcel => parcel.Row.State == DeliveryState.Delivered).Max(parcel => parcel.Row.AttemptedAt);
        var (lastDeliveredAt, goneAt) = (accepted ?? webhook.LastDeliveredAt, _isGone ? now : webhook.GoneAt);
        if (await db.Webhooks.Where(w => w.Id == webhook.Id && w.Position == position && w.Epoch == webhook.Epoch).ExecuteUpdateAsync(
            set => set
                .SetProperty(w => w.Position, webhook.Position)
                .SetProperty(w => w.MissedEventsAt, webhook.MissedEventsAt)
                .SetProperty(w => w.LastDeliveredAt, lastDeliveredAt),
            cancellationToken) == 0)
        {
            return false;
        }

        // What an address has answered says nothing about the one that was set meanwhile.
        var (isGone, version) = (_isGone, _isGone ? 1 : 0);
        await db.Webhooks.Where(w => w.Id == webhook.Id && w.Version == webhook.Version).ExecuteUpdateAsync(
            set => set.SetProperty(w => w.Failures, webhook.Failures).SetProperty(w => w.FailingSince, webhook.FailingSince)
                .SetProperty(w => w.PausedUntil, pausedUntil)
                .SetProperty(w => w.GoneAt, goneAt)
                .SetProperty(w => w.IsActive, w => w.IsActive && !isGone)
                .SetProperty(w => w.Version, w => w.Version + version),
            cancellationToken);
        return true;
    }

    /// <summary>Stops until the first probe, if the failures are about several customers. Otherwise only the events of these customers wait.</summary>
    private async Task PauseAsync(Webhook webhook, DateTime now, CancellationToken cancellationToken)
    {
        var since = webhook.LastDeliveredAt + WebhookDelivery.Longest;
        var customers = await batches.Waiting(webhook).Where(d => d.Attempts > 0 && (since == null || d.GiveUpAt >= since))
            .Select(d => d.CustomerId).Distinct().Take(FewCustomers).ToListAsync(cancellationToken);
        if (customers.Count == FewCustomers)
        {
            var until = now + WebhookDelivery.DelayAfter(1, LongestPause);

            // From here on, each failure is a probe. Several attempts may have failed at the same moment.
            await db.Webhooks.Where(w => w.Id == webhook.Id && w.Version == webhook.Version).ExecuteUpdateAsync(
                set => set.SetProperty(w => w.PausedUntil, until).SetProperty(w => w.Failures, MostFailures), cancellationToken);
            Log.Paused(logger, webhook.Id, webhook.Failures);
        }
    }

    /// <summary>Lets the first of the events that wait behind one that has ended be tried.</summary>
    private async Task PromoteAsync(Webhook webhook, WebhookBatch batch, DateTime now, CancellationToken cancellationToken)
    {
        var limits = batch.Chains.Where(chain => chain.TrueForAll(parcel => parcel.Row.State != DeliveryState.Waiting) && !chain[0].IsNew)
            .ToDictionary(chain => chain[0].Row.CustomerId, chain => chain[^1].Row.LimitOfNext(webhook));
        await EndExcessAsync(webhook, batch, limits, now, cancellationToken);
        if (limits.Count == 0)
        {
            return;
        }

        var customers = limits.Keys.ToList();
        var firsts = await batches.Waiting(webhook).AsTracking()
            .Where(d => customers.Contains(d.CustomerId) && d.NextAttemptAt == null
                && !db.WebhookDeliveries.Any(o => o.CustomerId == d.CustomerId && o.WebhookId == d.WebhookId && o.State == DeliveryState.Waiting
                    && o.Position < d.Position))
            .ToListAsync(cancellationToken);
        firsts.ForEach(row => (row.NextAttemptAt, row.GiveUpAt) = (now, row.GiveUpAt ?? limits[row.CustomerId]));
        await transaction.SaveAsync(cancellationToken);
    }

    /// <summary>
    /// If too many events of a customer wait, gives up the oldest. Adds each of these customers to <paramref name="limits"/>, with the time at which to give
    /// up the next event.
    /// </summary>
    private async Task EndExcessAsync(
        Webhook webhook, WebhookBatch batch, Dictionary<long, DateTime?> limits, DateTime now, CancellationToken cancellationToken)
    {
        var queued = batch.Queued.Select(row => row.CustomerId).Distinct().ToList();
        var counts = queued.Count == 0 ? [] : await batches.Waiting(webhook).Where(d => queued.Contains(d.CustomerId)).GroupBy(d => d.CustomerId)
            .Select(same => new { Customer = same.Key, Count = same.Count() }).ToListAsync(cancellationToken);
        foreach (var (customer, count) in counts.Where(one => one.Count > MostOfCustomer).Select(one => (one.Customer, one.Count)))
        {
            var oldest = await batches.Waiting(webhook).AsTracking().Where(d => d.CustomerId == customer).OrderBy(d => d.Position).ThenBy(d => d.Id)
                .Take(count - MostOfCustomer).ToListAsync(cancellationToken);
            foreach (var row in oldest)
            {
                row.End(DeliveryState.GivenUp, now);
                row.Error = string.Create(CultureInfo.InvariantCulture, $"More than {MostOfCustomer} events of this customer waited.");
            }

            limits[customer] = oldest.Max(row => row.LimitOfNext(webhook)) ?? limits.GetValueOrDefault(customer);
            Log.TooMany(logger, webhook.Id, oldest.Count);
        }

        await transaction.SaveAsync(cancellationToken);
    }

    /// <summary>An answer may repeat what it was sent, so it is not stored about somebody who was erased meanwhile.</summary>
    private async Task ForgetErasedAsync(WebhookBatch batch, CancellationToken cancellationToken)
    {
        var answered = batch.Parcels.Select(parcel => parcel.Row).Where(row => row.Answer is not null).ToList();
        if (answered.Count > 0)
        {
            var ids = answered.Select(row => row.CustomerId).Distinct().ToList();
            var existing = await db.Customers.TagWith("scatter: who is still there").Where(c => ids.Contains(c.Id)).Select(c => c.Id)
                .ToListAsync(cancellationToken);
            answered.FindAll(row => !existing.Contains(row.CustomerId)).ForEach(row => row.Answer = null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery {Delivery} to webhook {Webhook} was given up after attempt {Attempt}: {Reason}")]
        public static partial void GivenUp(ILogger logger, Guid delivery, Guid webhook, int attempt, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Too many events of one customer wait for webhook {Webhook}: the oldest {Count} were given up")]
        public static partial void TooMany(ILogger logger, Guid webhook, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The receiver of webhook {Webhook} fails as a whole: {Failures} attempts in a row. It is probed.")]
        public static partial void Paused(ILogger logger, Guid webhook, int failures);

        [LoggerMessage(Level = LogLevel.Error, Message = "Webhook {Webhook} has missed events: they were deleted before they could be sent")]
        public static partial void Missed(ILogger logger, Guid webhook);
    }
}

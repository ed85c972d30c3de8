using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>What has become of a delivery. The numbers are stored.</summary>
internal enum DeliveryState
{
    Waiting = 0,
    Delivered = 1,
    GivenUp = 2,
}

/// <summary>
/// An event on its way to a webhook, or what has become of it. It holds nothing of the event but its key: the body is written when it is sent. The rows stay
/// when the customer is erased, without what the receiver has answered.
/// </summary>
[Table("webhook_deliveries", TableClass.Owned)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(Id))]
[Index(nameof(CreatedAt), nameof(Id))]
[Index(nameof(WebhookId), nameof(CreatedAt), nameof(Id))]
internal sealed class WebhookDelivery
{
    /// <summary>An event that is not accepted for so long is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(4);

    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>With the customer, the key of the event: see <see cref="LoggedEvent"/>.</summary>
    public required long GroupId { get; init; }

    public required long Number { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>The event's place in the feed.</summary>
    public required long Position { get; init; }

    public required DeliveryState State { get; set; }

    public int Attempts { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? AttemptedAt { get; set; }

    /// <summary>When to try next. Null once the delivery has ended, and while an earlier event of the customer waits.</summary>
    public DateTime? NextAttemptAt { get; set; }

    /// <summary>After that there are no more attempts. Null before the first, unless an earlier event of the customer has set the limit.</summary>
    public DateTime? GiveUpAt { get; set; }

    public DateTime? CompletedAt { get; set; }

    public int? StatusCode { get; set; }

    public int? LatencyMs { get; set; }

    /// <summary>The beginning of the answer.</summary>
    public string? Answer { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }

    public static WebhookDelivery Of(Guid webhook, LoggedEvent happened, DateTime now) => new()
    {
        CustomerId = happened.CustomerId,
        Id = Guid.CreateVersion7(now),
        WebhookId = webhook,
        GroupId = happened.GroupId,
        Number = happened.Number,
        Kind = happened.Kind,
        Position = happened.Position!.Value,
        State = DeliveryState.Waiting,
        CreatedAt = now,
    };

    /// <summary>
    /// Records an attempt. What was not accepted is tried again, not before the receiver has asked for it, until it has been tried for too long.
    /// </summary>
    public void Record(WebhookAttempt attempt, DateTime begunAt, DateTime now)
    {
        Attempts++;
        (AttemptedAt, GiveUpAt) = (begunAt, GiveUpAt ?? begunAt + Longest);
        (StatusCode, LatencyMs, Answer, Error) = (attempt.StatusCode, attempt.LatencyMs, attempt.Answer, attempt.Error);
        if (attempt.IsAccepted)
        {
            End(DeliveryState.Delivered, now);
        }
        else if (now >= GiveUpAt)
        {
            End(DeliveryState.GivenUp, now);
        }
        else
        {
            var delay = DelayAfter(Attempts, LongestDelay);
            var next = now + (attempt.RetryAfter is { } asked && asked > delay ? (asked < LongestDelay ? asked : LongestDelay) : delay);
            NextAttemptAt = next < GiveUpAt ? next : GiveUpAt;
        }
    }

    /// <summary>Whether the receiver has accepted another event since the first attempt: then it refuses this one, and is not down.</summary>
    public bool IsRefusedBy(Webhook webhook) => GiveUpAt - Longest < webhook.LastDeliveredAt;

    /// <summary>
    /// When to give up the next event of the customer. What follows a refused event that was given up has no three days of its own; otherwise the events of
    /// one customer could wait for years.
    /// </summary>
    public DateTime? LimitOfNext(Webhook webhook) => State == DeliveryState.GivenUp && IsRefusedBy(webhook) ? GiveUpAt : null;

    public void End(DeliveryState state, DateTime now) => (State, CompletedAt, NextAttemptAt) = (state, now, null);

    /// <summary>
    /// How long to wait after a number of failures: twice as long each time. A random part keeps what failed together from being tried together.
    /// </summary>
    public static TimeSpan DelayAfter(int failures, TimeSpan longest)
    {
        var most = Math.Min(longest.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 20)));
        return TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((int)(most / 2) + 1));
    }

    public WebhookDeliveryResponse ToResponse() => new()
    {
        Id = Id,
        Event = LoggedEvent.IdOf(CustomerId, GroupId, Number),
        Type = EventForm.Of(Kind).Name,
        Customer = CustomerId,
        State = DeliveriesEndpoints.States[(int)State],
        Attempts = Attempts,
        CreatedAt = CreatedAt,
        AttemptedAt = AttemptedAt,
        NextAttemptAt = NextAttemptAt,
        CompletedAt = CompletedAt,
        StatusCode = StatusCode,
        LatencyMs = LatencyMs,
        Answer = Answer,
        Error = Error,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<WebhookDelivery>
    {
        public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
        {
            builder.HasIndex(d => new { d.WebhookId, d.NextAttemptAt }, "ix_webhook_deliveries_due").HasFilter("next_attempt_at IS NOT NULL");
            builder.HasIndex(d => new { d.WebhookId, d.CustomerId, d.Position }, "ix_webhook_deliveries_waiting").HasFilter("state = 0");
        }
    }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>A webhook to create, or the members of one to change.</summary>
public sealed record WebhookRequest
{
    /// <summary>
    /// Where the events are sent: an <c>https</c> address that is public, without a user, a password or a fragment. Which ports are possible is a setting
    /// of the service; 443 and 8443 by default.
    /// </summary>
    /// <example>https://shop.example/webhooks/clientele</example>
    [Required, StringLength(2000), OneLine]
    public string Url { get; set; } = "";

    /// <summary>The types of events that are sent; empty or null for all.</summary>
    /// <example>["customer.registered", "customer.updated"]</example>
    [OneOf(typeof(EventType)), MaxLength(100)]
    public IReadOnlyList<string>? Types { get; set; }

    /// <summary>The ids of the groups whose entries and exits are sent, at most 100; empty or null for all. Other events are not limited by it.</summary>
    /// <example>[7]</example>
    [MaxLength(100)]
    public IReadOnlyList<long>? Groups { get; set; }

    /// <summary>What the webhook is for.</summary>
    /// <example>Order system</example>
    [StringLength(200), OneLine]
    public string Description { get; set; } = "";

    /// <summary>Whether events are sent. A webhook that is turned on again continues where it stopped.</summary>
    /// <example>true</example>
    public bool IsActive { get; set; } = true;
}

/// <summary>How to give a webhook a new secret.</summary>
public sealed record RotateWebhookRequest
{
    /// <summary>
    /// For how many seconds the old secret signs, too: at most a week, 0 to end it at once. Null for the setting of the service, which is a day by default.
    /// </summary>
    /// <example>3600</example>
    [Range(0, 604_800)]
    public int? Overlap { get; set; }
}

/// <summary>Which events to send again.</summary>
public sealed record RedeliverRequest
{
    /// <summary>The instant from which on all events are sent again. Must be in the past.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    [Required]
    public DateTime? Since { get; set; }
}

/// <summary>A webhook. Its secret is shown once: when the webhook is created, and when the secret is rotated.</summary>
public sealed record WebhookResponse
{
    /// <summary>The webhook's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>Where the events are sent.</summary>
    /// <example>https://shop.example/webhooks/clientele</example>
    public required string Url { get; init; }

    /// <summary>The types of events that are sent; empty for all.</summary>
    /// <example>["customer.registered", "customer.updated"]</example>
    [OneOf(typeof(EventType))]
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The ids of the groups whose entries and exits are sent; empty for all.</summary>
    /// <example>[7]</example>
    public required IReadOnlyList<long> Groups { get; init; }

    /// <summary>What the webhook is for.</summary>
    /// <example>Order system</example>
    public required string Description { get; init; }

    /// <summary>Whether events are sent.</summary>
    /// <example>true</example>
    public required bool IsActive { get; init; }

    /// <summary>The secret of the signatures. Absent unless it is new.</summary>
    /// <example>whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>Until when the secret from before the last rotation signs, too; null if it does not.</summary>
    /// <example>2025-10-16T14:30:00Z</example>
    public required DateTime? OldSecretUntil { get; init; }

    /// <summary>When the webhook was created.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The id of the admin who created it; null if an API key did.</summary>
    /// <example>1</example>
    public required long? CreatedBy { get; init; }

    /// <summary>The id of the API key that created it; null if an admin did.</summary>
    /// <example>k7m2q9x4tbnw</example>
    public required string? CreatedByKey { get; init; }

    /// <summary>When the webhook was last changed or its secret was rotated.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>When the receiver last accepted an event; null for never.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? LastDeliveredAt { get; init; }

    /// <summary>Since when the receiver has accepted no event although some were sent; null if the last one was accepted.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? FailingSince { get; init; }

    /// <summary>
    /// Until then, nothing is sent, because the receiver fails as a whole; null if it does not. Then the service tries one event, and sends the others once
    /// that one is accepted.
    /// </summary>
    /// <example>2025-10-15T14:35:00Z</example>
    public required DateTime? PausedUntil { get; init; }

    /// <summary>When the receiver said that it is gone (410), which has turned the webhook off; null if it has not.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? GoneAt { get; init; }

    /// <summary>When the webhook last missed events, because they were deleted before they could be sent; null for never.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? MissedEventsAt { get; init; }
}

/// <summary>An event on its way to a webhook.</summary>
public sealed record WebhookDeliveryResponse
{
    /// <summary>The delivery's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f61</example>
    public required Guid Id { get; init; }

    /// <summary>The event's id, which is also the header <c>webhook-id</c>.</summary>
    /// <example>123-17</example>
    public required string Event { get; init; }

    /// <summary>What has happened.</summary>
    /// <example>customer.updated</example>
    [OneOf(typeof(EventType))]
    public required string Type { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c> or <c>given_up</c>.</summary>
    /// <example>delivered</example>
    [OneOf(typeof(WebhookDeliveryState))]
    public required string State { get; init; }

    /// <summary>The number of attempts since the delivery began or was begun again.</summary>
    /// <example>1</example>
    public required int Attempts { get; init; }

    /// <summary>When the delivery was created.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the last attempt began; null before the first.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? AttemptedAt { get; init; }

    /// <summary>When the service tries next; null if it does not, or if an earlier event of the customer must be delivered first.</summary>
    /// <example>2025-10-15T14:30:05Z</example>
    public required DateTime? NextAttemptAt { get; init; }

    /// <summary>When the delivery ended; null while it waits.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? CompletedAt { get; init; }

    /// <summary>The status code of the last answer; null if there was none.</summary>
    /// <example>204</example>
    public required int? StatusCode { get; init; }

    /// <summary>How many milliseconds the last attempt took.</summary>
    /// <example>87</example>
    public required int? LatencyMs { get; init; }

    /// <summary>The beginning of the last answer, at most 1024 bytes; null if there was none.</summary>
    /// <example>ok</example>
    public required string? Answer { get; init; }

    /// <summary>Why the last attempt failed; null if it did not.</summary>
    /// <example>There was no answer within 10 s.</example>
    public required string? Error { get; init; }
}

/// <summary>What has become of a test event.</summary>
public sealed record WebhookTestResponse
{
    /// <summary>Whether the receiver has accepted the event.</summary>
    /// <example>true</example>
    public required bool IsDelivered { get; init; }

    /// <summary>The event's id, which is also the header <c>webhook-id</c>.</summary>
    /// <example>test-0199e7a45f5e7c118d2a3b1f4a1f2f62</example>
    public required string Event { get; init; }

    /// <summary>The status code of the answer; null if there was none.</summary>
    /// <example>204</example>
    public required int? StatusCode { get; init; }

    /// <summary>How many milliseconds the attempt took.</summary>
    /// <example>87</example>
    public required int LatencyMs { get; init; }

    /// <summary>The beginning of the answer, at most 1024 bytes; null if there was none.</summary>
    /// <example>ok</example>
    public required string? Answer { get; init; }

    /// <summary>Why the attempt failed; null if it did not.</summary>
    /// <example>There was no answer within 10 s.</example>
    public required string? Error { get; init; }
}

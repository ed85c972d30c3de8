namespace Clientele.Client;

/// <summary>A mail or SMS to a customer.</summary>
public sealed record OutgoingMessageResponse
{
    /// <summary>
    /// The message's id. The recipient's server sees it, too: in the <c>Message-ID</c> of a mail, and as the <c>Idempotency-Key</c> of an SMS.
    /// </summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>What the message is about.</summary>
    /// <example>verify_email</example>
    [OneOf(typeof(MessageTemplate))]
    public required string Template { get; init; }

    /// <summary><c>mail</c> or <c>sms</c>.</summary>
    /// <example>mail</example>
    [OneOf(typeof(MessageChannel))]
    public required string Channel { get; init; }

    /// <summary>The e-mail address or phone number.</summary>
    /// <example>john@example.com</example>
    public required string Recipient { get; init; }

    /// <summary><c>pending</c>, <c>sent</c> or <c>failed</c>.</summary>
    /// <example>failed</example>
    [OneOf(typeof(MessageState))]
    public required string State { get; init; }

    /// <summary>The number of attempts that have begun since the message was written or retried.</summary>
    /// <example>1</example>
    public required int Attempts { get; init; }

    /// <summary>When the message was written.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the service tries again to send it; null once the message is sent or failed.</summary>
    /// <example>2025-10-15T14:45:00Z</example>
    public required DateTime? NextAttemptAt { get; init; }

    /// <summary>When the message was sent; null if it was not.</summary>
    /// <example>2025-10-15T14:30:01Z</example>
    public required DateTime? SentAt { get; init; }

    /// <summary>When the service gave the message up; null if it did not.</summary>
    /// <example>2025-10-16T14:30:00Z</example>
    public required DateTime? FailedAt { get; init; }

    /// <summary>Why the last attempt failed; null if none did, or once the message is sent.</summary>
    /// <example>The mail server refused the recipient with 550.</example>
    public required string? LastError { get; init; }
}

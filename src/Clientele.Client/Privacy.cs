namespace Clientele.Client;

/// <summary>An entry of the audit trail: one change of a customer's data.</summary>
public sealed record AuditEntryResponse
{
    /// <summary>The entry's number: from 1, without gaps, for each customer.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary>When the change was made.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>Who made the change.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>The action, such as <c>customer.updated</c> or <c>address.created</c>.</summary>
    /// <example>customer.updated</example>
    [OneOf(typeof(AuditAction))]
    public required string Action { get; init; }

    /// <summary>The resource that changed: a kind and an id.</summary>
    /// <example>customer/123</example>
    public required string Resource { get; init; }

    /// <summary>The members that changed; null if an erasure has removed them.</summary>
    public required IReadOnlyList<AuditChange>? Changes { get; init; }

    /// <summary>
    /// The client's network: an IPv4 address, or the /64 of an IPv6 address. Null for the command line, and if the network is not shown
    /// or not stored.
    /// </summary>
    /// <example>203.0.113.7</example>
    public required string? Network { get; init; }
}

/// <summary>Who made a change.</summary>
public sealed record AuditActor
{
    /// <summary>The id of the customer or admin; null for API keys, anonymous callers and the command line, and if the id is not shown.</summary>
    /// <example>123</example>
    public required long? Id { get; init; }

    /// <summary><c>customer</c>, <c>admin</c>, <c>key</c>, <c>anonymous</c> or <c>command_line</c>.</summary>
    /// <example>customer</example>
    [OneOf(typeof(ActorRole))]
    public required string Role { get; init; }

    /// <summary>The id of the API key; null for other actors, and if it is not shown.</summary>
    /// <example>null</example>
    public required string? Key { get; init; }

    /// <summary>The name that the API key had at the time; null for other actors, if it is not shown, and after an erasure.</summary>
    /// <example>null</example>
    public required string? Name { get; init; }
}

/// <summary>A member that was changed, and its values as text. The values of e-mails and usernames are not stored.</summary>
public sealed record AuditChange
{
    /// <summary>The member.</summary>
    /// <example>accepts_marketing_email</example>
    public required string Member { get; init; }

    /// <summary>The value before.</summary>
    /// <example>false</example>
    public required string? From { get; init; }

    /// <summary>The value after.</summary>
    /// <example>true</example>
    public required string? To { get; init; }
}

/// <summary>Everything that is stored about a customer: <c>GET …/export/</c>.</summary>
public sealed record ExportResponse
{
    /// <summary>The profile as admins see it.</summary>
    public required CustomerResponse Customer { get; init; }

    /// <summary>The addresses.</summary>
    public required IReadOnlyList<AddressResponse> Addresses { get; init; }

    /// <summary>The groups that the customer is in, was in, or is excluded from.</summary>
    public required IReadOnlyList<ExportedGroup> Groups { get; init; }

    /// <summary>Points and tiers.</summary>
    public required ExportedLoyalty Loyalty { get; init; }

    /// <summary>The copies of orders, sorted by number.</summary>
    public required IReadOnlyList<OrderResponse> Orders { get; init; }

    /// <summary>The wishlist, sorted by product.</summary>
    public required IReadOnlyList<WishlistItemResponse> Wishlist { get; init; }

    /// <summary>The copies of reviews, sorted by id.</summary>
    public required IReadOnlyList<ReviewResponse> Reviews { get; init; }

    /// <summary>What the customer has consented to, and when.</summary>
    public required IReadOnlyList<ConsentResponse> Consents { get; init; }

    /// <summary>The customer's sessions that are active or expired recently.</summary>
    public required IReadOnlyList<ExportedSession> Sessions { get; init; }

    /// <summary>The mails and SMS of the last 30 days, oldest first. Their contents are not stored.</summary>
    public required IReadOnlyList<ExportedMessage> Messages { get; init; }

    /// <summary>Earlier e-mail addresses that the customer can still take back.</summary>
    public required IReadOnlyList<ExportedFormerEmail> FormerEmails { get; init; }

    /// <summary>The passkeys, oldest first. Their keys are not shown.</summary>
    public required IReadOnlyList<PasskeyResponse> Passkeys { get; init; }

    /// <summary>All changes, oldest first. For changes by other people only the role is shown.</summary>
    public required IReadOnlyList<AuditEntryResponse> History { get; init; }
}

/// <summary>A customer's membership of a group, current or past.</summary>
public sealed record ExportedGroup
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The group's name; null if the group was deleted.</summary>
    /// <example>Wholesale</example>
    public required string? Name { get; init; }

    /// <summary>Whether the customer is a member.</summary>
    /// <example>true</example>
    public required bool IsMember { get; init; }

    /// <summary>
    /// Why: <c>included</c> or <c>excluded</c> by hand, by the <c>rule</c>, or <c>kept</c> from a rule that was switched off; null for a past membership.
    /// </summary>
    /// <example>rule</example>
    [OneOf(typeof(MemberOrigin))]
    public required string? Origin { get; init; }

    /// <summary>When that was decided; null for a past membership.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime? ChangedAt { get; init; }

    /// <summary>When the customer entered.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime? EnteredAt { get; init; }

    /// <summary>What made the customer enter, such as <c>order</c>.</summary>
    /// <example>order</example>
    [OneOf(typeof(GroupChangeCause))]
    public required string? EnteredCause { get; init; }

    /// <summary>When the customer left; null unless the membership is past.</summary>
    /// <example>null</example>
    public required DateTime? LeftAt { get; init; }

    /// <summary>What made the customer leave.</summary>
    /// <example>null</example>
    [OneOf(typeof(GroupChangeCause))]
    public required string? LeftCause { get; init; }
}

/// <summary>A consent that a customer may give.</summary>
public sealed record ConsentResponse
{
    /// <summary><c>accepts_marketing_email</c> or <c>accepts_marketing_sms</c>.</summary>
    /// <example>accepts_marketing_email</example>
    [OneOf(typeof(ConsentName))]
    public required string Name { get; init; }

    /// <summary>Whether the customer consents.</summary>
    /// <example>true</example>
    public required bool IsGiven { get; init; }

    /// <summary>Since when, as far as known.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? Since { get; init; }

    /// <summary>When the consent was given and withdrawn, oldest first.</summary>
    public required IReadOnlyList<ConsentChange> Changes { get; init; }
}

/// <summary>One change of a consent.</summary>
public sealed record ConsentChange
{
    /// <summary>When.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>Whether the consent was given.</summary>
    /// <example>true</example>
    public required bool IsGiven { get; init; }

    /// <summary>Who changed it: <c>customer</c>, <c>admin</c>, <c>key</c>, <c>anonymous</c> (with the registration) or <c>command_line</c>.</summary>
    /// <example>customer</example>
    [OneOf(typeof(ActorRole))]
    public required string By { get; init; }
}

/// <summary>A session. It begins when the customer signs in.</summary>
public sealed record ExportedSession
{
    /// <summary>The session's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>When the customer signed in.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime BeganAt { get; init; }

    /// <summary>When the session was last renewed; null if it never was.</summary>
    /// <example>2025-10-16T08:00:00Z</example>
    public required DateTime? LastUsedAt { get; init; }

    /// <summary>When the session expires.</summary>
    /// <example>2025-10-30T08:00:00Z</example>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>The short name of the client that signed in; null for a sign-in at an earlier release that was not renewed since.</summary>
    /// <example>Firefox on Linux</example>
    public required string? Client { get; init; }

    /// <summary>The network that the sign-in came from: the /24 of an IPv4 address, the /48 of an IPv6 address; null in the same case.</summary>
    /// <example>198.51.100.0/24</example>
    public required string? Network { get; init; }

    /// <summary>How the customer signed in; null in the same case.</summary>
    /// <example>password</example>
    [OneOf(typeof(SignInMethod))]
    public required string? SignedInWith { get; init; }
}

/// <summary>A mail or SMS to the customer.</summary>
public sealed record ExportedMessage
{
    /// <summary>The message's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>What the message is about.</summary>
    /// <example>verify_email</example>
    [OneOf(typeof(MessageTemplate))]
    public required string Template { get; init; }

    /// <summary><c>mail</c> or <c>sms</c>.</summary>
    /// <example>mail</example>
    [OneOf(typeof(MessageChannel))]
    public required string Channel { get; init; }

    /// <summary>The customer's preferred language when the message was written.</summary>
    /// <example>en</example>
    public required string Language { get; init; }

    /// <summary>The e-mail address or phone number.</summary>
    /// <example>john@example.com</example>
    public required string Recipient { get; init; }

    /// <summary><c>pending</c>, <c>sent</c> or <c>failed</c>.</summary>
    /// <example>sent</example>
    [OneOf(typeof(MessageState))]
    public required string State { get; init; }

    /// <summary>When the message was written.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the message was sent; null if it was not.</summary>
    /// <example>2025-10-15T14:30:01Z</example>
    public required DateTime? SentAt { get; init; }

    /// <summary>When the service gave the message up; null if it did not.</summary>
    /// <example>2025-10-16T14:30:00Z</example>
    public required DateTime? FailedAt { get; init; }
}

/// <summary>An earlier e-mail address.</summary>
public sealed record ExportedFormerEmail
{
    /// <summary>The address.</summary>
    /// <example>john@example.com</example>
    public required string Email { get; init; }

    /// <summary>Until then the customer can take the address back, and nobody else can claim it.</summary>
    /// <example>2025-10-22T14:30:00Z</example>
    public required DateTime HeldUntil { get; init; }
}

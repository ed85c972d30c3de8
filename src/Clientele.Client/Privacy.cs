using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>That something of a customer was changed: an entry of the audit.</summary>
public sealed record AuditEntryResponse
{
    /// <summary>Its number: from 1, without gaps, for each customer.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary>When.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was done, such as <c>customer.updated</c> or <c>address.created</c>.</summary>
    /// <example>customer.updated</example>
    public required string Action { get; init; }

    /// <summary>To what it was done: a kind and a number.</summary>
    /// <example>customer/123</example>
    public required string Resource { get; init; }

    /// <summary>The members that changed; null where an erasure has removed them.</summary>
    public required IReadOnlyList<AuditChange>? Changes { get; init; }

    /// <summary>The network it was done from: an IPv4 address, or the /64 of an IPv6 one. Null for the command line, and where it is not shown or not kept.</summary>
    /// <example>203.0.113.7</example>
    public required string? Network { get; init; }
}

/// <summary>Who did something.</summary>
public sealed record AuditActor
{
    /// <summary>The number of the customer or admin; null for a stranger and for the command line, and where it is not shown.</summary>
    /// <example>123</example>
    public required long? Id { get; init; }

    /// <summary><c>customer</c>, <c>admin</c>, <c>anonymous</c> or <c>command_line</c>.</summary>
    /// <example>customer</example>
    public required string Role { get; init; }
}

/// <summary>A member that was changed, and its values as text. Of e-mails and usernames no values are kept.</summary>
public sealed record AuditChange
{
    /// <summary>The member.</summary>
    /// <example>accepts_marketing_email</example>
    public required string Member { get; init; }

    /// <summary>What it was.</summary>
    /// <example>false</example>
    public required string? From { get; init; }

    /// <summary>What it became.</summary>
    /// <example>true</example>
    public required string? To { get; init; }
}

/// <summary>Everything that is held about a customer: <c>GET …/export/</c>.</summary>
public sealed record ExportResponse
{
    /// <summary>The profile as admins see it.</summary>
    public required CustomerResponse Customer { get; init; }

    /// <summary>The addresses.</summary>
    public required IReadOnlyList<AddressResponse> Addresses { get; init; }

    /// <summary>The groups that the customer is in, was in, or was kept out of.</summary>
    public required IReadOnlyList<ExportedGroup> Groups { get; init; }

    /// <summary>Points and tiers.</summary>
    public required ExportedLoyalty Loyalty { get; init; }

    /// <summary>The copies of orders, by their number.</summary>
    public required IReadOnlyList<OrderResponse> Orders { get; init; }

    /// <summary>The wishlist, by product.</summary>
    public required IReadOnlyList<WishlistItemResponse> Wishlist { get; init; }

    /// <summary>The copies of reviews, by their id.</summary>
    public required IReadOnlyList<ReviewResponse> Reviews { get; init; }

    /// <summary>What the customer has agreed to, and when.</summary>
    public required IReadOnlyList<ExportedConsent> Consents { get; init; }

    /// <summary>Where the customer is signed in, or was until lately.</summary>
    public required IReadOnlyList<ExportedSession> Sessions { get; init; }

    /// <summary>All that was ever changed, oldest first. Of other people who changed something, the role alone is shown.</summary>
    public required IReadOnlyList<AuditEntryResponse> History { get; init; }
}

/// <summary>A group and a customer: how it stands, or a time as a member that is over.</summary>
public sealed record ExportedGroup
{
    /// <summary>The group's number.</summary>
    /// <example>5</example>
    public required long Group { get; init; }

    /// <summary>The group's name; null where the group is gone.</summary>
    /// <example>Wholesale</example>
    public required string? Name { get; init; }

    /// <summary>Whether the customer is in it.</summary>
    /// <example>true</example>
    public required bool IsMember { get; init; }

    /// <summary>Why: <c>included</c> or <c>excluded</c> by hand, or by the <c>rule</c>; null for a time that is over.</summary>
    /// <example>rule</example>
    public required string? Origin { get; init; }

    /// <summary>When that was decided; null for a time that is over.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime? ChangedAt { get; init; }

    /// <summary>When the customer entered.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime? EnteredAt { get; init; }

    /// <summary>What made the customer enter, such as <c>order</c>.</summary>
    /// <example>order</example>
    public required string? EnteredCause { get; init; }

    /// <summary>When the customer left, where that time is over.</summary>
    /// <example>null</example>
    public required DateTime? LeftAt { get; init; }

    /// <summary>What made the customer leave.</summary>
    /// <example>null</example>
    public required string? LeftCause { get; init; }
}

/// <summary>A customer's points and tiers, with all that they were made of.</summary>
public sealed record ExportedLoyalty
{
    /// <summary>The points that can be spent.</summary>
    /// <example>2450</example>
    public required long Available { get; init; }

    /// <summary>Points that are held back until the return period is over.</summary>
    /// <example>120</example>
    public required long Pending { get; init; }

    /// <summary>Points that were taken back after they had been spent.</summary>
    /// <example>0</example>
    public required long Debt { get; init; }

    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The lock that an admin has put on the tier; null where there is none.</summary>
    public required TierLock? Lock { get; init; }

    /// <summary>The tiers that the customer has had, oldest first.</summary>
    public required IReadOnlyList<ExportedTier> Tiers { get; init; }

    /// <summary>The ledger, oldest entry first.</summary>
    public required IReadOnlyList<LoyaltyEntryResponse> Entries { get; init; }

    /// <summary>Points that came together, with what is left of them.</summary>
    public required IReadOnlyList<ExportedLot> Lots { get; init; }

    /// <summary>Which entries took points from which lots.</summary>
    public required IReadOnlyList<ExportedAllocation> Allocations { get; init; }

    /// <summary>How orders have earned.</summary>
    public required IReadOnlyList<ExportedEarning> Orders { get; init; }
}

/// <summary>From when a customer had a tier.</summary>
public sealed record ExportedTier
{
    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string Tier { get; init; }

    /// <summary>From when.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime From { get; init; }

    /// <summary>Why.</summary>
    /// <example>order 1001</example>
    public required string Cause { get; init; }
}

/// <summary>Points that came together.</summary>
public sealed record ExportedLot
{
    /// <summary>The entry of the ledger that brought them.</summary>
    /// <example>7</example>
    public required long EntryId { get; init; }

    /// <summary>The order that earned them; null for those added by hand.</summary>
    /// <example>1001</example>
    public required string? OrderNumber { get; init; }

    /// <summary>How many there were.</summary>
    /// <example>163</example>
    public required long Points { get; init; }

    /// <summary>How many are left.</summary>
    /// <example>100</example>
    public required long Rest { get; init; }

    /// <summary>How many have expired.</summary>
    /// <example>0</example>
    public required long Expired { get; init; }

    /// <summary><c>pending</c>, <c>active</c> or <c>closed</c>.</summary>
    /// <example>active</example>
    public required string State { get; init; }

    /// <summary>When they came.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Until when they are held back; null where they never were.</summary>
    /// <example>2025-10-29T14:30:00Z</example>
    public required DateTime? AvailableAt { get; init; }

    /// <summary>When they expire; null for never.</summary>
    /// <example>2026-10-15T14:30:00Z</example>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>What an entry of the ledger took from a lot, or gave back to it.</summary>
public sealed record ExportedAllocation
{
    /// <summary>The entry.</summary>
    /// <example>8</example>
    public required long EntryId { get; init; }

    /// <summary>The lot, by the entry that brought it.</summary>
    /// <example>7</example>
    public required long LotId { get; init; }

    /// <summary>How many points; negative for what was given back.</summary>
    /// <example>63</example>
    public required long Points { get; init; }
}

/// <summary>How an order has earned points.</summary>
public sealed record ExportedEarning
{
    /// <summary>The order's number.</summary>
    /// <example>1001</example>
    public required string OrderNumber { get; init; }

    /// <summary>Points per unit of the store's currency.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal Rate { get; init; }

    /// <summary>What the tier multiplied them by.</summary>
    /// <example>"1.5"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal Multiplier { get; init; }

    /// <summary>What the order is worth now.</summary>
    /// <example>163</example>
    public required long Points { get; init; }

    /// <summary>What would have been taken back after a refund, had it not expired before.</summary>
    /// <example>0</example>
    public required long Forgiven { get; init; }
}

/// <summary>Something that a customer may agree to.</summary>
public sealed record ExportedConsent
{
    /// <summary><c>accepts_marketing_email</c> or <c>accepts_marketing_sms</c>.</summary>
    /// <example>accepts_marketing_email</example>
    public required string Name { get; init; }

    /// <summary>Whether the customer agrees.</summary>
    /// <example>true</example>
    public required bool IsGiven { get; init; }

    /// <summary>Since when, as far as is known.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? Since { get; init; }

    /// <summary>When it was given and taken back, oldest first.</summary>
    public required IReadOnlyList<ExportedConsentChange> Changes { get; init; }
}

/// <summary>That a consent was given or taken back.</summary>
public sealed record ExportedConsentChange
{
    /// <summary>When.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime At { get; init; }

    /// <summary>Whether it was given.</summary>
    /// <example>true</example>
    public required bool IsGiven { get; init; }

    /// <summary>By whom: <c>customer</c>, <c>admin</c>, <c>anonymous</c> (with the registration) or <c>command_line</c>.</summary>
    /// <example>customer</example>
    public required string By { get; init; }
}

/// <summary>A session: what began with signing in.</summary>
public sealed record ExportedSession
{
    /// <summary>Its id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>When the customer signed in.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime BeganAt { get; init; }

    /// <summary>When it was last renewed; null where it never was.</summary>
    /// <example>2025-10-16T08:00:00Z</example>
    public required DateTime? LastUsedAt { get; init; }

    /// <summary>When it ends by itself.</summary>
    /// <example>2025-10-30T08:00:00Z</example>
    public required DateTime ExpiresAt { get; init; }
}

namespace Clientele.Client;

/// <summary>Which customers, in what order. Filters can be combined; what is null does not filter.</summary>
public sealed record CustomerQuery : PageQuery
{
    /// <summary>Active or inactive customers.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Verified accounts or the others.</summary>
    public bool? IsVerified { get; init; }

    /// <summary>VIP customers or the others.</summary>
    public bool? IsVip { get; init; }

    /// <summary>Admins or the others.</summary>
    public bool? IsStaff { get; init; }

    /// <summary>Customers whose phone is verified, or the others.</summary>
    public bool? PhoneVerified { get; init; }

    /// <summary>The loyalty tier: <c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c> unless configured otherwise.</summary>
    public string? LoyaltyTier { get; init; }

    /// <summary>Consent to marketing by e-mail.</summary>
    public bool? AcceptsMarketingEmail { get; init; }

    /// <summary>Consent to marketing by SMS.</summary>
    public bool? AcceptsMarketingSms { get; init; }

    /// <summary>At least so many orders.</summary>
    public long? MinOrders { get; init; }

    /// <summary>At most so many orders.</summary>
    public long? MaxOrders { get; init; }

    /// <summary>At least so much spent, in the store's currency.</summary>
    public decimal? MinSpent { get; init; }

    /// <summary>At most so much spent, in the store's currency.</summary>
    public decimal? MaxSpent { get; init; }

    /// <summary>At least so many points.</summary>
    public long? MinPoints { get; init; }

    /// <summary>At most so many points.</summary>
    public long? MaxPoints { get; init; }

    /// <summary>Joined at or after.</summary>
    public DateTimeOffset? JoinedAfter { get; init; }

    /// <summary>Joined at or before.</summary>
    public DateTimeOffset? JoinedBefore { get; init; }

    /// <summary>Last order at or after.</summary>
    public DateTimeOffset? LastOrderAfter { get; init; }

    /// <summary>Last order at or before.</summary>
    public DateTimeOffset? LastOrderBefore { get; init; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    public string? PreferredCurrency { get; init; }

    /// <summary>The gender, without regard to case.</summary>
    public string? Gender { get; init; }

    /// <summary>Customers with the tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Members of the group.</summary>
    public long? Group { get; init; }

    /// <summary>Just these customers, at most 1000.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Every term must occur in username, e-mail, names or phone; case, accents and the punctuation of phones do not matter.</summary>
    public string? Search { get; init; }

    /// <summary>What to order by, the most important first; ties are broken by id and missing values come last. By default the newest first.</summary>
    public IReadOnlyList<CustomerOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("is_active", IsActive);
        parameters.Add("is_verified", IsVerified);
        parameters.Add("is_vip", IsVip);
        parameters.Add("is_staff", IsStaff);
        parameters.Add("phone_verified", PhoneVerified);
        parameters.Add("loyalty_tier", LoyaltyTier);
        parameters.Add("accepts_marketing_email", AcceptsMarketingEmail);
        parameters.Add("accepts_marketing_sms", AcceptsMarketingSms);
        parameters.Add("min_orders", MinOrders);
        parameters.Add("max_orders", MaxOrders);
        parameters.Add("min_spent", MinSpent);
        parameters.Add("max_spent", MaxSpent);
        parameters.Add("min_points", MinPoints);
        parameters.Add("max_points", MaxPoints);
        parameters.Add("joined_after", JoinedAfter);
        parameters.Add("joined_before", JoinedBefore);
        parameters.Add("last_order_after", LastOrderAfter);
        parameters.Add("last_order_before", LastOrderBefore);
        parameters.Add("preferred_language", PreferredLanguage);
        parameters.Add("preferred_currency", PreferredCurrency);
        parameters.Add("gender", Gender);
        parameters.Add("tag", Tag);
        parameters.Add("group", Group);
        parameters.Add("ids", Ids);
        parameters.Add("search", Search);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum CustomerOrdering
{
    /// <summary>The longest-standing first.</summary>
    DateJoined,

    /// <summary>The newest first.</summary>
    DateJoinedDescending,

    /// <summary>The fewest orders first.</summary>
    TotalOrders,

    /// <summary>The most orders first.</summary>
    TotalOrdersDescending,

    /// <summary>The lowest spending first.</summary>
    TotalSpent,

    /// <summary>The highest spending first.</summary>
    TotalSpentDescending,

    /// <summary>The oldest last order first.</summary>
    LastOrderDate,

    /// <summary>The most recent last order first.</summary>
    LastOrderDateDescending,
}

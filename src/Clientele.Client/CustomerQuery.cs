using System.Text.Json;

namespace Clientele.Client;

/// <summary>Filters and ordering of a list of customers. Filters can be combined; null means no filter.</summary>
public sealed record CustomerQuery : PageQuery
{
    /// <summary>Only active, or only inactive customers.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Only verified accounts, or only the others.</summary>
    public bool? IsVerified { get; init; }

    /// <summary>Only VIP customers, or only the others.</summary>
    public bool? IsVip { get; init; }

    /// <summary>Only admins, or only the others.</summary>
    public bool? IsStaff { get; init; }

    /// <summary>Only customers whose phone is verified, or only the others.</summary>
    public bool? PhoneVerified { get; init; }

    /// <summary>The loyalty tier: <c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c> unless configured otherwise.</summary>
    public string? LoyaltyTier { get; init; }

    /// <summary>Whether the customer consents to marketing by e-mail.</summary>
    public bool? AcceptsMarketingEmail { get; init; }

    /// <summary>Whether the customer consents to marketing by SMS.</summary>
    public bool? AcceptsMarketingSms { get; init; }

    /// <summary>At least this many orders.</summary>
    public long? MinOrders { get; init; }

    /// <summary>At most this many orders.</summary>
    public long? MaxOrders { get; init; }

    /// <summary>At least this amount spent, in the store's currency.</summary>
    public decimal? MinSpent { get; init; }

    /// <summary>At most this amount spent, in the store's currency.</summary>
    public decimal? MaxSpent { get; init; }

    /// <summary>At least this many points.</summary>
    public long? MinPoints { get; init; }

    /// <summary>At most this many points.</summary>
    public long? MaxPoints { get; init; }

    /// <summary>Joined at or after this instant.</summary>
    public DateTimeOffset? JoinedAfter { get; init; }

    /// <summary>Joined at or before this instant.</summary>
    public DateTimeOffset? JoinedBefore { get; init; }

    /// <summary>Last order at or after this instant.</summary>
    public DateTimeOffset? LastOrderAfter { get; init; }

    /// <summary>Last order at or before this instant.</summary>
    public DateTimeOffset? LastOrderBefore { get; init; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    public string? PreferredCurrency { get; init; }

    /// <summary>The gender, regardless of case.</summary>
    public string? Gender { get; init; }

    /// <summary>The customer with this username, regardless of case.</summary>
    public string? Username { get; init; }

    /// <summary>The customer with this e-mail address, regardless of case.</summary>
    public string? Email { get; init; }

    /// <summary>Customers with this phone number, with its country code; its punctuation is ignored.</summary>
    public string? Phone { get; init; }

    /// <summary>The customer with this uuid.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The source, regardless of case.</summary>
    public string? Source { get; init; }

    /// <summary>Profile or addresses changed at or after this instant.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Profile or addresses changed at or before this instant.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>Customers with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Members of this group.</summary>
    public long? Group { get; init; }

    /// <summary>Only the customers with these ids, at most 1000.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Every term must occur in username, e-mail, names or phone; case, accents and the punctuation of phones are ignored.</summary>
    public string? Search { get; init; }

    /// <summary>The orderings, the most important first. Rows with equal values are ordered by id; missing values come last. Default: newest first.</summary>
    public IReadOnlyList<CustomerOrdering>? OrderBy { get; init; }

    /// <summary>The filters in the form of <see cref="BulkRequest.Filters"/>, without ordering and page.</summary>
    public IReadOnlyDictionary<string, JsonElement> ToFilters()
    {
        var parameters = new QueryParameters();
        (this with { OrderBy = null }).Write(parameters);
        return parameters.Values.ToDictionary(
            parameter => parameter.Key, parameter => JsonSerializer.SerializeToElement(parameter.Value, WireJson.Default.String));
    }

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
        parameters.Add("username", Username);
        parameters.Add("email", Email);
        parameters.Add("phone", Phone);
        parameters.Add("uuid", Uuid?.ToString());
        parameters.Add("source", Source);
        parameters.Add("updated_after", UpdatedAfter);
        parameters.Add("updated_before", UpdatedBefore);
        parameters.Add("tag", Tag);
        parameters.Add("group", Group);
        parameters.Add("ids", Ids);
        parameters.Add("search", Search);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum CustomerOrdering
{
    /// <summary>The oldest customers first.</summary>
    DateJoined,

    /// <summary>The newest first.</summary>
    DateJoinedDescending,

    /// <summary>The longest unchanged first.</summary>
    UpdatedAt,

    /// <summary>The most recently changed first.</summary>
    UpdatedAtDescending,

    /// <summary>By last name and then first name, A to Z.</summary>
    Name,

    /// <summary>By last name and then first name, Z to A.</summary>
    NameDescending,

    /// <summary>By e-mail address, A to Z.</summary>
    Email,

    /// <summary>By e-mail address, Z to A.</summary>
    EmailDescending,

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

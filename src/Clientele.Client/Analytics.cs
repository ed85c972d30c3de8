namespace Clientele.Client;

/// <summary>Figures about all customers: <c>GET /api/customers/analytics/</c>.</summary>
public sealed record AnalyticsResponse
{
    /// <summary>The instant of the snapshot that all figures come from; at most a minute ago.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime AsOf { get; init; }

    /// <summary>All customers.</summary>
    /// <example>1000</example>
    public required long Total { get; init; }

    /// <summary>Customers whose account is active.</summary>
    /// <example>950</example>
    public required long Active { get; init; }

    /// <summary>Customers whose account is not active.</summary>
    /// <example>50</example>
    public required long Inactive { get; init; }

    /// <summary>Customers whose account is verified.</summary>
    /// <example>800</example>
    public required long Verified { get; init; }

    /// <summary>VIP customers.</summary>
    /// <example>20</example>
    public required long Vip { get; init; }

    /// <summary>The figures of each tier, from the lowest to the highest.</summary>
    public required IReadOnlyList<TierFigures> ByTier { get; init; }

    /// <summary>The share of customers who consent to marketing, from 0 to 1.</summary>
    public required MarketingRates Marketing { get; init; }

    /// <summary>How many customers joined in each period; periods without new customers are left out.</summary>
    public required IReadOnlyList<JoinedFigures> Joined { get; init; }

    /// <summary>The groups and their sizes.</summary>
    public required IReadOnlyList<GroupFigures> Groups { get; init; }
}

/// <summary>The figures of a tier.</summary>
public sealed record TierFigures
{
    /// <summary>The tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The number of customers in the tier.</summary>
    /// <example>120</example>
    public required long Customers { get; init; }

    /// <summary>Their total spending divided by their number of orders, to the cent.</summary>
    /// <example>"163.33"</example>
    public required decimal AverageOrderValue { get; init; }

    /// <summary>Their total spending, in the store's currency.</summary>
    /// <example>"816650.00"</example>
    public required decimal TotalSpent { get; init; }
}

/// <summary>The share of customers who consent to marketing.</summary>
public sealed record MarketingRates
{
    /// <summary>The share of customers who consent to e-mail.</summary>
    /// <example>0.42</example>
    public required double Email { get; init; }

    /// <summary>The share of customers who consent to SMS.</summary>
    /// <example>0.17</example>
    public required double Sms { get; init; }
}

/// <summary>How many customers joined in a period.</summary>
public sealed record JoinedFigures
{
    /// <summary>The first day of the period (a week begins on Monday), in UTC.</summary>
    /// <example>2025-10-01</example>
    public required DateOnly Period { get; init; }

    /// <summary>How many customers joined.</summary>
    /// <example>31</example>
    public required long Customers { get; init; }
}

/// <summary>A group and its size.</summary>
public sealed record GroupFigures
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>Its name.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>How many members it has.</summary>
    /// <example>1</example>
    public required long MembersCount { get; init; }
}

namespace Clientele.Client;

/// <summary>The base in figures: <c>GET /api/customers/analytics/</c>.</summary>
public sealed record AnalyticsResponse
{
    /// <summary>The instant of the snapshot that all figures are of; at most a minute old.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime AsOf { get; init; }

    /// <summary>All customers.</summary>
    /// <example>1000</example>
    public required long Total { get; init; }

    /// <summary>Customers whose account is active.</summary>
    /// <example>950</example>
    public required long Active { get; init; }

    /// <summary>The others.</summary>
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

    /// <summary>The rates of consent, 0 to 1.</summary>
    public required MarketingRates Marketing { get; init; }

    /// <summary>How many joined in each period; periods in which nobody did are left out.</summary>
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

    /// <summary>Its customers.</summary>
    /// <example>120</example>
    public required long Customers { get; init; }

    /// <summary>What they have spent by how many orders, to the cent.</summary>
    /// <example>"163.33"</example>
    public required decimal AverageOrderValue { get; init; }

    /// <summary>What they have spent, in the store's currency.</summary>
    /// <example>"816650.00"</example>
    public required decimal TotalSpent { get; init; }
}

/// <summary>Rates of consent to marketing.</summary>
public sealed record MarketingRates
{
    /// <summary>The share of customers who consent to e-mail.</summary>
    /// <example>0.42</example>
    public required double Email { get; init; }

    /// <summary>The share of customers who consent to SMS.</summary>
    /// <example>0.17</example>
    public required double Sms { get; init; }
}

/// <summary>How many joined in a period.</summary>
public sealed record JoinedFigures
{
    /// <summary>The first day of the period (a week begins on Monday), in UTC.</summary>
    /// <example>2025-10-01</example>
    public required DateOnly Period { get; init; }

    /// <summary>How many joined in it.</summary>
    /// <example>31</example>
    public required long Customers { get; init; }
}

/// <summary>A group and its size.</summary>
public sealed record GroupFigures
{
    /// <summary>The group's number.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>Its name.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>How many members it has.</summary>
    /// <example>1</example>
    public required long MembersCount { get; init; }
}

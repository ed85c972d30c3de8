using Clientele.Server.Loyalty;

namespace Clientele.Server.Analytics;

/// <summary>The figures of one instant, all read from one snapshot of the database.</summary>
internal sealed record Snapshot(
    DateTime AsOf, IReadOnlyList<Snapshot.TierTotals> Tiers, IReadOnlyDictionary<DateOnly, long> JoinedByDay, IReadOnlyList<GroupFigures> Groups)
{
    public static async Task<Snapshot> TakeAsync(ClienteleDb db, DateTime now, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        var tiers = await db.Customers.TagWith("scatter: analytics").GroupBy(c => c.LoyaltyTier).Select(tier => new TierTotals(
            tier.Key,
            tier.LongCount(),
            tier.LongCount(c => c.IsActive),
            tier.LongCount(c => c.IsVerified),
            tier.LongCount(c => c.IsVip),
            tier.LongCount(c => c.AcceptsMarketingEmail),
            tier.LongCount(c => c.AcceptsMarketingSms),
            tier.Sum(c => (long)c.TotalOrders),
            tier.Sum(c => c.TotalSpent))).ToListAsync(cancellationToken);
        var joined = await db.Customers.TagWith("scatter: analytics").GroupBy(c => c.DateJoined.Date)
            .Select(day => new { Day = day.Key, Customers = day.LongCount() }).ToListAsync(cancellationToken);
        var groups = await db.Groups.Join(db.GroupCounts, g => g.Id, c => c.GroupId, (g, c) => new { g.Id, g.Name, g.NameKey, c.Members })
            .OrderBy(g => g.NameKey).Select(g => new GroupFigures { Id = g.Id, Name = g.Name, MembersCount = g.Members }).ToListAsync(cancellationToken);
        return new(now, tiers, joined.ToDictionary(day => DateOnly.FromDateTime(day.Day), day => day.Customers), groups);
    }

    public AnalyticsResponse ToResponse(Programme programme, string granularity, DateOnly from, DateOnly to)
    {
        var total = Tiers.Sum(tier => tier.Customers);
        return new AnalyticsResponse
        {
            AsOf = AsOf,
            Total = total,
            Active = Tiers.Sum(tier => tier.Active),
            Inactive = total - Tiers.Sum(tier => tier.Active),
            Verified = Tiers.Sum(tier => tier.Verified),
            Vip = Tiers.Sum(tier => tier.Vip),
            ByTier = [.. Names(programme).Select(name => Figures(name, Tiers.FirstOrDefault(tier => tier.Tier == name)))],
            Marketing = new MarketingRates { Email = Rate(Tiers.Sum(tier => tier.Email), total), Sms = Rate(Tiers.Sum(tier => tier.Sms), total) },
            Joined =
            [
                .. JoinedByDay.Where(day => day.Key >= from && day.Key <= to).GroupBy(day => Periods.Of(day.Key, granularity), day => day.Value)
                    .OrderBy(period => period.Key).Select(period => new JoinedFigures { Period = period.Key, Customers = period.Sum() }),
            ],
            Groups = Groups,
        };
    }

    /// <summary>The configured tiers, including empty ones, then tiers that are no longer configured but still in use.</summary>
    private IEnumerable<string> Names(Programme programme) => programme.Ladder.Select(tier => tier.Name).Union(Tiers.Select(tier => tier.Tier));

    private static TierFigures Figures(string name, TierTotals? tier) => new()
    {
        LoyaltyTier = name,
        Customers = tier?.Customers ?? 0,
        AverageOrderValue = Customer.Average(tier?.Spent ?? 0, tier?.Orders ?? 0),
        TotalSpent = (tier?.Spent ?? 0) / 100m,
    };

    private static double Rate(long part, long total) => total == 0 ? 0 : Math.Round((double)part / total, 4);

    internal sealed record TierTotals(string Tier, long Customers, long Active, long Verified, long Vip, long Email, long Sms, long Orders, long Spent);
}

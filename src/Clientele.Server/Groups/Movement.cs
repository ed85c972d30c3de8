namespace Clientele.Server.Groups;

/// <summary>How many customers entered and left groups in a time. Current members have entered, and finished periods have both ends.</summary>
internal static class Movement
{
    private const string Why = "scatter: who came and went";

    /// <summary>The numbers of those who entered and left each group; groups without any are left out.</summary>
    public static async Task<Dictionary<long, (long Entered, long Left)>> ByGroupAsync(
        ClienteleDb db, long[] groups, DateTime start, DateTime end, CancellationToken cancellationToken)
    {
        var (present, past) = (db.Memberships.Where(m => groups.Contains(m.GroupId)), db.MembershipPeriods.Where(p => groups.Contains(p.GroupId)));
        var entered = await Entries(present, past, start, end)
            .GroupBy(entry => entry.GroupId).Select(group => new { Id = group.Key, Customers = group.LongCount() }).TagWith(Why)
            .ToDictionaryAsync(group => group.Id, group => group.Customers, cancellationToken);
        var left = await db.MembershipPeriods.Where(p => groups.Contains(p.GroupId) && p.LeftAt >= start && p.LeftAt < end)
            .GroupBy(p => p.GroupId).Select(group => new { Id = group.Key, Customers = group.LongCount() }).TagWith(Why)
            .ToDictionaryAsync(group => group.Id, group => group.Customers, cancellationToken);
        return entered.Keys.Union(left.Keys).ToDictionary(id => id, id => (entered.GetValueOrDefault(id), left.GetValueOrDefault(id)));
    }

    public static Task<Dictionary<DateOnly, long>> EnteredByDayAsync(
        ClienteleDb db, long group, DateTime start, DateTime end, CancellationToken cancellationToken) => ByDayAsync(
        Entries(db.Memberships.Where(m => m.GroupId == group), db.MembershipPeriods.Where(p => p.GroupId == group), start, end).Select(entry => entry.At),
        cancellationToken);

    public static Task<Dictionary<DateOnly, long>> LeftByDayAsync(
        ClienteleDb db, long group, DateTime start, DateTime end, CancellationToken cancellationToken) => ByDayAsync(
        db.MembershipPeriods.Where(p => p.GroupId == group && p.LeftAt >= start && p.LeftAt < end).Select(p => p.LeftAt), cancellationToken);

    private static async Task<Dictionary<DateOnly, long>> ByDayAsync(IQueryable<DateTime> instants, CancellationToken cancellationToken)
    {
        var days = await instants.GroupBy(at => at.Date).Select(day => new { Day = day.Key, Customers = day.LongCount() }).TagWith(Why)
            .ToListAsync(cancellationToken);
        return days.ToDictionary(day => DateOnly.FromDateTime(day.Day), day => day.Customers);
    }

    private static IQueryable<Entry> Entries(IQueryable<Membership> members, IQueryable<MembershipPeriod> periods, DateTime start, DateTime end) => members
        .Where(m => m.IsMember && m.EnteredAt >= start && m.EnteredAt < end).Select(m => new Entry { GroupId = m.GroupId, At = m.EnteredAt!.Value })
        .Concat(periods.Where(p => p.EnteredAt >= start && p.EnteredAt < end).Select(p => new Entry { GroupId = p.GroupId, At = p.EnteredAt }));

    private sealed class Entry
    {
        public required long GroupId { get; init; }

        public required DateTime At { get; init; }
    }
}

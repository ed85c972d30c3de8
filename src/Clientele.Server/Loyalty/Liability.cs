namespace Clientele.Server.Loyalty;

/// <summary>
/// The points outstanding, from the ledger alone. The sum of all entries is the points of all customers less their debts. The debts are added back: they
/// do not reduce the points of others.
/// </summary>
internal static class Liability
{
    private const string Everybody = "scatter: the whole programme";

    /// <summary>The points outstanding at an instant.</summary>
    public static async Task<long> AtAsync(ClienteleDb db, DateTime instant, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        var entries = db.PointsEntries.TagWith(Everybody).Where(e => e.CreatedAt <= instant);
        var net = await entries.Where(e => e.Kind != PointsEntryKind.Release).SumAsync(e => e.Points, cancellationToken);
        var owed = await entries
            .Where(e => e.Debt > 0 && !db.PointsEntries.Any(later => later.CustomerId == e.CustomerId && later.Id > e.Id && later.CreatedAt <= instant))
            .SumAsync(e => e.Debt, cancellationToken);
        return net + owed;
    }

    /// <summary>By how much the points outstanding changed on each day (in UTC) before an instant. The sums are the points outstanding.</summary>
    public static async Task<IEnumerable<(DateOnly Day, long Change)>> ChangesAsync(ClienteleDb db, DateTime end, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        var entries = db.PointsEntries.TagWith(Everybody).Where(e => e.CreatedAt < end);
        var net = await entries.Where(e => e.Kind != PointsEntryKind.Release).GroupBy(e => e.CreatedAt.Date)
            .Select(day => new { Day = day.Key, Points = day.Sum(e => e.Points) }).ToListAsync(cancellationToken);

        // A debt lasts until the customer's next entry, which has the next id and a debt of its own.
        var debts = entries.Where(e => e.Debt > 0);
        var begun = await debts.GroupBy(e => e.CreatedAt.Date).Select(day => new { Day = day.Key, Points = day.Sum(e => e.Debt) })
            .ToListAsync(cancellationToken);
        var ended = await debts
            .Join(entries, e => new { e.CustomerId, e.Id }, next => new { next.CustomerId, Id = next.Id - 1 }, (e, next) => new { next.CreatedAt, e.Debt })
            .GroupBy(debt => debt.CreatedAt.Date).Select(day => new { Day = day.Key, Points = -day.Sum(debt => debt.Debt) })
            .ToListAsync(cancellationToken);
        return net.Concat(begun).Concat(ended).GroupBy(day => DateOnly.FromDateTime(day.Day), day => day.Points).Select(day => (day.Key, day.Sum()));
    }
}

using System.Data.Common;

namespace Clientele.Server.Loyalty;

/// <summary>Opens the accounts of locked, tracked customers. Changes of the accounts are saved with the transaction.</summary>
internal sealed class Ledger(ClienteleDb db, IOptions<Programme> programme, TimeProvider clock)
{
    /// <summary>Reads the open lots together with the lock. This saves a round trip if points are going to be taken.</summary>
    public static ReadAlong OpenLots(List<PointsLot> lots) => new(
        """
        SELECT customer_id, entry_id, order_number, points, rest, expired, created_at, available_at, expires_at, state
        FROM points_lots WHERE customer_id = @id AND state <> 3
        """,
        row => lots.Add(new PointsLot
        {
            CustomerId = row.GetInt64(0),
            EntryId = row.GetInt64(1),
            OrderNumber = row.IsDBNull(2) ? null : row.GetString(2),
            Points = row.GetInt64(3),
            Rest = row.GetInt64(4),
            Expired = row.GetInt64(5),
            CreatedAt = Instant(row, 6)!.Value,
            AvailableAt = Instant(row, 7),
            ExpiresAt = Instant(row, 8),
            State = (PointsLotState)row.GetInt32(9),
        }));

    /// <summary>Opens an account as of now, with its <see cref="OpenLots"/>.</summary>
    public PointsAccount Open(Customer customer, List<PointsLot> lots)
    {
        db.AttachRange(lots);
        var account = Of(customer, lots);
        account.AdvanceTo(clock.Now());
        return account;
    }

    /// <summary>Opens an account as of now: points that are due are released or expire first.</summary>
    /// <param name="customer">The customer, locked.</param>
    /// <param name="takes">Whether points are going to be taken, which requires the lots.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="alsoLots">Lots that are required even if they are closed.</param>
    public async Task<PointsAccount> OpenAsync(Customer customer, bool takes, CancellationToken cancellationToken, params long[] alsoLots)
    {
        var now = clock.Now();
        var lots = takes || customer.LoyaltyDueAt <= now
            ? await db.PointsLots.AsTracking()
                .Where(l => l.CustomerId == customer.Id && (l.State != PointsLotState.Closed || alsoLots.Contains(l.EntryId)))
                .ToListAsync(cancellationToken)
            : null;
        var account = Of(customer, lots);
        account.AdvanceTo(now);
        return account;
    }

    /// <summary>Opens accounts for the points of orders, with at most two statements. The caller must call <c>AdvanceTo</c> to process what is due.</summary>
    /// <param name="customers">The customers, locked.</param>
    /// <param name="changed">The customers that may lose points, or get back points that they have lost.</param>
    /// <param name="orderNumbers">The orders of these. Their lots are required even if they are closed, and those that they took points from.</param>
    /// <param name="now">The instant of the changes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Dictionary<long, PointsAccount>> OpenAsync(
        IReadOnlyCollection<Customer> customers, IReadOnlySet<long> changed, string[] orderNumbers, DateTime now, CancellationToken cancellationToken)
    {
        var taken = changed.Count == 0 || orderNumbers.Length == 0 ? [] : await TakenAsync([.. changed], orderNumbers, cancellationToken);
        var takenFrom = taken.Select(points => points.LotId).Distinct().ToArray();
        var ids = customers.Where(customer => changed.Contains(customer.Id) || customer.LoyaltyDueAt <= now).Select(customer => customer.Id).ToHashSet();
        var lots = ids.Count == 0
            ? []
            : await db.PointsLots.AsTracking()
                .Where(l => ids.Contains(l.CustomerId)
                    && (l.State != PointsLotState.Closed || orderNumbers.Contains(l.OrderNumber) || takenFrom.Contains(l.EntryId)))
                .ToListAsync(cancellationToken);
        var (lotsOf, takenOf) = (lots.ToLookup(lot => lot.CustomerId), taken.ToLookup(points => points.CustomerId));
        return customers.ToDictionary(
            customer => customer.Id, customer => Of(customer, ids.Contains(customer.Id) ? lotsOf[customer.Id] : null, takenOf[customer.Id]));
    }

    /// <summary>What orders have taken from lots, and returned. An earning that only repays a debt takes points as well, but not for its order.</summary>
    private Task<List<TakenPoints>> TakenAsync(long[] customers, string[] orderNumbers, CancellationToken cancellationToken) =>
        db.PointsEntries
            .Where(e => customers.Contains(e.CustomerId) && e.SourceType == PointsSources.Order && orderNumbers.Contains(e.SourceId))
            .Join(
                db.PointsAllocations.Where(a => customers.Contains(a.CustomerId)),
                e => new { e.CustomerId, EntryId = e.Id },
                a => new { a.CustomerId, a.EntryId },
                (e, a) => new { e.CustomerId, e.SourceId, e.Kind, a.LotId, a.Points })
            .Where(a => a.Kind == PointsEntryKind.Reverse || (a.Kind == PointsEntryKind.Earn && a.Points < 0))
            .Select(a => new TakenPoints(a.CustomerId, a.SourceId, a.LotId, a.Points))
            .ToListAsync(cancellationToken);

    private static DateTime? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    private PointsAccount Of(Customer customer, IEnumerable<PointsLot>? lots, IEnumerable<TakenPoints>? taken = null) =>
        new(customer, programme.Value, lots, taken ?? [], row => db.Add(row));
}

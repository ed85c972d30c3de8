using System.Data.Common;

namespace Clientele.Server.Loyalty;

/// <summary>Opens the accounts of locked, tracked customers. Changes of the accounts are saved with the transaction.</summary>
internal sealed class Ledger(ClienteleDb db, IOptions<Programme> programme, TimeProvider clock)
{
    /// <summary>Reads the open lots together with the lock. This saves a round trip if points are going to be taken.</summary>
    public static ReadAlong OpenLots(List<PointsLot> lots) => new(
        """
        SELECT customer_id, entry_id, order_number, points, rest, expired, created_at, available_at, expires_at, state
        FROM points_lots WHERE customer_id = {0} AND state <> 3
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
        account.Begin(clock.Now());
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
        account.Begin(now);
        return account;
    }

    /// <summary>Opens accounts for the points of orders, with at most one statement. The caller must call <c>Begin</c> to process what is due.</summary>
    /// <param name="customers">The customers, locked.</param>
    /// <param name="takes">The customers that may lose points.</param>
    /// <param name="orderNumbers">The orders. Their lots are required even if they are closed.</param>
    /// <param name="now">The instant of the changes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Dictionary<long, PointsAccount>> OpenAsync(
        IReadOnlyCollection<Customer> customers, IReadOnlySet<long> takes, string[] orderNumbers, DateTime now, CancellationToken cancellationToken)
    {
        var ids = customers.Where(customer => takes.Contains(customer.Id) || customer.LoyaltyDueAt <= now).Select(customer => customer.Id).ToHashSet();
        var lots = ids.Count == 0
            ? []
            : await db.PointsLots.AsTracking()
                .Where(l => ids.Contains(l.CustomerId) && (l.State != PointsLotState.Closed || orderNumbers.Contains(l.OrderNumber)))
                .ToListAsync(cancellationToken);
        var byCustomer = lots.ToLookup(lot => lot.CustomerId);
        return customers.ToDictionary(customer => customer.Id, customer => Of(customer, ids.Contains(customer.Id) ? byCustomer[customer.Id] : null));
    }

    private static DateTime? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    private PointsAccount Of(Customer customer, IEnumerable<PointsLot>? lots) => new(customer, programme.Value, lots, row => db.Add(row));
}

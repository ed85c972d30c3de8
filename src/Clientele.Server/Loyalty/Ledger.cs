using System.Data.Common;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Loyalty;

/// <summary>Opens the accounts of locked, tracked customers. What is done to them is saved with the transaction.</summary>
internal sealed class Ledger(ClienteleDb db, IOptions<Programme> programme, TimeProvider clock)
{
    /// <summary>The open lots, to be read with the lock: it saves a round trip where points are going to be taken.</summary>
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

    /// <summary>An account as of now, by its <see cref="OpenLots"/>.</summary>
    public PointsAccount Open(Customer customer, List<PointsLot> lots)
    {
        db.AttachRange(lots);
        var account = Of(customer, lots);
        account.Begin(clock.Now());
        return account;
    }

    /// <summary>An account as of now: what is due has been released and has expired.</summary>
    /// <param name="customer">Whose it is, locked.</param>
    /// <param name="takes">Whether points are going to be taken, which needs the lots.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="alsoLots">Lots that are needed though they may be closed.</param>
    public async Task<PointsAccount> OpenAsync(Customer customer, bool takes, CancellationToken cancellationToken, params long[] alsoLots)
    {
        var now = clock.Now();
        var lots = takes || customer.LoyaltyDueAt <= now
            ? await db.PointsLots.AsTracking().Where(l => l.CustomerId == customer.Id && (l.State != PointsLotState.Closed || alsoLots.Contains(l.EntryId))).ToListAsync(cancellationToken)
            : null;
        var account = Of(customer, lots);
        account.Begin(now);
        return account;
    }

    /// <summary>Accounts for what orders earn, by one statement at most. What is due by then is for the caller to begin with.</summary>
    /// <param name="customers">Whose they are, locked.</param>
    /// <param name="takes">The customers from whom points may be taken.</param>
    /// <param name="orderNumbers">The orders: their lots are needed though they may be closed.</param>
    /// <param name="now">The instant of the changes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Dictionary<long, PointsAccount>> OpenAsync(
        IReadOnlyCollection<Customer> customers, IReadOnlySet<long> takes, string[] orderNumbers, DateTime now, CancellationToken cancellationToken)
    {
        var ids = customers.Where(customer => takes.Contains(customer.Id) || customer.LoyaltyDueAt <= now).Select(customer => customer.Id).ToHashSet();
        var lots = ids.Count == 0
            ? []
            : await db.PointsLots.AsTracking().Where(l => ids.Contains(l.CustomerId) && (l.State != PointsLotState.Closed || orderNumbers.Contains(l.OrderNumber))).ToListAsync(cancellationToken);
        var byCustomer = lots.ToLookup(lot => lot.CustomerId);
        return customers.ToDictionary(customer => customer.Id, customer => Of(customer, ids.Contains(customer.Id) ? byCustomer[customer.Id] : null));
    }

    private static DateTime? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    private PointsAccount Of(Customer customer, IEnumerable<PointsLot>? lots) => new(customer, programme.Value, lots, row => db.Add(row));
}

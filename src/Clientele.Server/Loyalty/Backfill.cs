using Clientele.Server.History;

namespace Clientele.Server.Loyalty;

/// <summary>
/// Gives points for orders that arrived before orders earned points. It processes them in the order in which they were placed, each with
/// the multiplier of the tier that the customer's earlier orders qualify for.
/// </summary>
internal sealed class Backfill(ClienteleDb db, Ledger ledger, IOptions<Programme> programme, TimeProvider clock) : ISweep
{
    public string Name => Sweep.Points;

    public string Fingerprint => programme.Value.FillingFingerprint();

    public async Task<long?> RunAsync(long after, int most, CancellationToken cancellationToken)
    {
        var any = programme.Value.EarnOn == EarnOn.Counts;
        var last = await db.Orders.TagWith("scatter: the last customer with orders").MaxAsync(o => (long?)o.CustomerId, cancellationToken) ?? 0;
        var ids = await db.Orders.TagWith("scatter: orders without points")
            .Where(o => o.CustomerId > after && o.CustomerId <= after + Sweep.Stretch && o.Counts && (any || Order.Delivered.Contains(o.Status))
                && !db.PointsOrders.Any(p => p.CustomerId == o.CustomerId && p.OrderNumber == o.OrderNumber))
            .Select(o => o.CustomerId).Distinct().OrderBy(id => id).Take(most).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return Sweep.Next(after, ids, most, last);
        }

        var customers = await db.LockAllAsync<Customer>(ids, cancellationToken);
        var orders = (await db.Orders.Where(o => ids.Contains(o.CustomerId) && o.Counts).ToListAsync(cancellationToken)).ToLookup(order => order.CustomerId);
        var earned = await db.PointsOrders.Where(o => ids.Contains(o.CustomerId)).Select(o => o.OrderNumber).ToHashSetAsync(cancellationToken);
        var now = clock.Now();
        var accounts = await ledger.OpenAsync(customers, new HashSet<long>(), [], now, cancellationToken);
        foreach (var customer in customers)
        {
            var spent = 0L;
            accounts[customer.Id].AdvanceTo(now);
            foreach (var order in orders[customer.Id].OrderBy(order => order.PlacedAt).ThenBy(order => order.OrderNumber, StringComparer.Ordinal))
            {
                if (programme.Value.Earns(order) && !earned.Contains(order.OrderNumber))
                {
                    var points = programme.Value.PointsOrderFor(order, programme.Value.For(spent / 100m).Name);
                    db.Add(points);
                    accounts[customer.Id].SetPoints(points, points.Worth(order.Counts, order.Net));
                }

                spent += order.Net;
            }
        }

        return Sweep.Next(after, ids, most, last);
    }
}

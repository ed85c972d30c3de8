using System.Runtime.CompilerServices;
using Clientele.Server.History;
using Clientele.Server.Operations;

namespace Clientele.Server.Loyalty;

/// <summary>Replays the ledgers of customers, including erased ones, and compares them with the points and with what the orders have earned.</summary>
internal sealed class PointsCheck(ClienteleDb db, IOptions<Programme> programme) : ICustomerCheck
{
    public async IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filled = await Sweep.IsDoneAsync(db, Sweep.Points, programme.Value.FillingFingerprint(), cancellationToken);
        var kept = await db.Customers.TagWith(Check.Everything).Where(c => c.Id > after && c.Id <= upTo).OrderBy(c => c.Id)
            .Select(c => new { c.Id, Points = new PointsHeld(c.LoyaltyPoints, c.LoyaltyPending, c.LoyaltyDebt, c.LoyaltyEntries, c.LoyaltyDueAt) })
            .ToDictionaryAsync(c => c.Id, c => c.Points, cancellationToken);
        var orders = await RowsAsync(db.Orders, o => o.CustomerId);
        var earned = await RowsAsync(db.PointsOrders, o => o.CustomerId);
        var ledgers = await RowsAsync(db.PointsEntries, e => e.CustomerId);
        var lots = await RowsAsync(db.PointsLots, l => l.CustomerId);
        var taken = await RowsAsync(db.PointsAllocations, a => a.CustomerId);
        foreach (var id in kept.Keys.Union(ledgers.Select(ledger => ledger.Key)))
        {
            var entries = ledgers[id].OrderBy(entry => entry.Id).ToList();
            if (LedgerReplay.Drift(kept.GetValueOrDefault(id), entries, [.. lots[id]], [.. taken[id]]) is { } drift)
            {
                yield return (id, drift);
            }

            foreach (var fault in kept.ContainsKey(id) ? OrderFaults(orders[id], earned[id], entries, filled) : [])
            {
                yield return (id, fault);
            }
        }

        async Task<ILookup<long, T>> RowsAsync<T>(IQueryable<T> rows, Func<T, long> customer)
            where T : class =>
            (await rows.TagWith(Check.Everything)
                .Where(row => EF.Property<long>(row, nameof(Order.CustomerId)) > after && EF.Property<long>(row, nameof(Order.CustomerId)) <= upTo)
                .ToListAsync(cancellationToken)).ToLookup(customer);
    }

    private IEnumerable<string> OrderFaults(IEnumerable<Order> orders, IEnumerable<PointsOrder> pointsOrders, List<PointsEntry> entries, bool filled)
    {
        var earned = pointsOrders.ToDictionary(order => order.OrderNumber);
        var written = entries.Where(entry => entry is { SourceType: PointsSources.Order, Kind: PointsEntryKind.Earn or PointsEntryKind.Reverse })
            .GroupBy(entry => entry.SourceId).ToDictionary(same => same.Key, same => same.Sum(entry => entry.Points));
        foreach (var order in orders)
        {
            if (!earned.TryGetValue(order.OrderNumber, out var points))
            {
                if (filled && programme.Value.EarnOn == EarnOn.Counts && programme.Value.Earns(order))
                {
                    yield return $"order {order.OrderNumber} has not earned points";
                }
            }
            else if (points.Kept != points.Worth(order.Counts, order.Net) || written.GetValueOrDefault(order.OrderNumber) != points.Kept + points.Forgiven)
            {
                yield return $"the points of order {order.OrderNumber} do not match the ledger";
            }
        }
    }
}

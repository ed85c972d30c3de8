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
        var rows = await ReadAsync(after, upTo, cancellationToken);
        foreach (var id in kept.Keys.Union(rows.Entries.Select(entries => entries.Key)))
        {
            var entries = rows.Entries[id].ToList();
            if (LedgerReplay.Drift(kept.GetValueOrDefault(id), entries, [.. rows.Lots[id]], [.. rows.Allocations[id]]) is { } drift)
            {
                yield return (id, drift);
            }

            foreach (var fault in kept.ContainsKey(id) ? OrderFaults(rows.Orders[id], rows.PointsOrders[id], entries, filled) : [])
            {
                yield return (id, fault);
            }
        }
    }

    private async Task<Rows> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        var orders = await db.Orders.TagWith(Check.Everything).Where(o => o.CustomerId > after && o.CustomerId <= upTo).ToListAsync(cancellationToken);
        var earned = await db.PointsOrders.TagWith(Check.Everything).Where(o => o.CustomerId > after && o.CustomerId <= upTo).ToListAsync(cancellationToken);
        var entries = await db.PointsEntries.TagWith(Check.Everything).Where(e => e.CustomerId > after && e.CustomerId <= upTo)
            .OrderBy(e => e.CustomerId).ThenBy(e => e.Id).ToListAsync(cancellationToken);
        var lots = await db.PointsLots.TagWith(Check.Everything).Where(l => l.CustomerId > after && l.CustomerId <= upTo).ToListAsync(cancellationToken);
        var taken = await db.PointsAllocations.TagWith(Check.Everything).Where(a => a.CustomerId > after && a.CustomerId <= upTo)
            .ToListAsync(cancellationToken);
        return new(
            orders.ToLookup(o => o.CustomerId),
            earned.ToLookup(o => o.CustomerId),
            entries.ToLookup(e => e.CustomerId),
            lots.ToLookup(l => l.CustomerId),
            taken.ToLookup(a => a.CustomerId));
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

    private sealed record Rows(
        ILookup<long, Order> Orders,
        ILookup<long, PointsOrder> PointsOrders,
        ILookup<long, PointsEntry> Entries,
        ILookup<long, PointsLot> Lots,
        ILookup<long, PointsAllocation> Allocations);
}

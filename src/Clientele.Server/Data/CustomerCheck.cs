using System.Globalization;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Data;

/// <summary>
/// Recomputes all customers' statistics and points from orders and ledger, and verifies their audit, in the order of their ids, a few thousand at a
/// time.
/// </summary>
internal sealed class CustomerCheck(ClienteleDb db, AuditCheck audit, IOptions<Programme> programme)
{
    private const int Chunk = 2000;
    private const int MostTold = 100;
    private const string Everything = "scatter: the check reads everything";

    /// <summary>Adds a finding for each difference of a customer, up to a readable number.</summary>
    public async Task RunAsync(List<string> findings, Action<int> progress, CancellationToken cancellationToken)
    {
        var filled = await Sweep.IsDoneAsync(db, Sweep.Points, programme.Value.FillingFingerprint(), cancellationToken);
        var (drifted, done) = (0, 0);
        for (long? after = 0, upTo; after is not null; after = upTo)
        {
            var from = after.Value;
            var kept = await db.Customers.TagWith(Everything).Where(c => c.Id > from).OrderBy(c => c.Id).Take(Chunk)
                .Select(c => new Kept(
                    c.Id, c.AuditEntries, c.TotalOrders, c.TotalSpent, c.LastOrderDate, new PointsHeld(c.LoyaltyPoints, c.LoyaltyPending, c.LoyaltyDebt, c.LoyaltyEntries, c.LoyaltyDueAt)))
                .ToDictionaryAsync(c => c.Id, cancellationToken);
            upTo = kept.Count < Chunk ? null : kept.Keys.Max();
            var rows = await ReadAsync(from, upTo ?? long.MaxValue, cancellationToken);
            foreach (var id in kept.Keys.Union(rows.Entries.Select(entries => entries.Key)))
            {
                foreach (var drift in Drift(kept.GetValueOrDefault(id), id, rows, filled))
                {
                    Tell(id, drift);
                }
            }

            var counted = kept.Values.ToDictionary(c => c.Id, c => c.AuditEntries);
            await foreach (var (id, fault) in audit.FaultsAsync(from, upTo ?? long.MaxValue, counted, cancellationToken))
            {
                Tell(id, fault);
            }

            done += kept.Count;
            if (kept.Count > 0)
            {
                progress(done);
            }
        }

        if (drifted > MostTold)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"… and {drifted - MostTold} more of this kind."));
        }

        void Tell(long id, string drift)
        {
            drifted++;
            if (drifted <= MostTold)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"Customer {id}: {drift}."));
            }
        }
    }

    private async Task<Rows> ReadAsync(long after, long upTo, CancellationToken cancellationToken) => new(
        (await db.Orders.TagWith(Everything).Where(o => o.CustomerId > after && o.CustomerId <= upTo).ToListAsync(cancellationToken)).ToLookup(o => o.CustomerId),
        (await db.PointsOrders.TagWith(Everything).Where(o => o.CustomerId > after && o.CustomerId <= upTo).ToListAsync(cancellationToken)).ToLookup(o => o.CustomerId),
        (await db.PointsEntries.TagWith(Everything).Where(e => e.CustomerId > after && e.CustomerId <= upTo)
            .OrderBy(e => e.CustomerId).ThenBy(e => e.Id).ToListAsync(cancellationToken)).ToLookup(e => e.CustomerId),
        (await db.PointsLots.TagWith(Everything).Where(l => l.CustomerId > after && l.CustomerId <= upTo).ToListAsync(cancellationToken)).ToLookup(l => l.CustomerId),
        (await db.PointsAllocations.TagWith(Everything).Where(a => a.CustomerId > after && a.CustomerId <= upTo).ToListAsync(cancellationToken)).ToLookup(a => a.CustomerId));

    private IEnumerable<string> Drift(Kept? kept, long id, Rows rows, bool filled)
    {
        var entries = rows.Entries[id].ToList();
        if (LedgerReplay.Drift(kept?.Points, entries, [.. rows.Lots[id]], [.. rows.Allocations[id]]) is { } drift)
        {
            yield return drift;
        }

        if (kept is null)
        {
            yield break;
        }

        var orders = rows.Orders[id].ToList();
        var counting = orders.Where(order => order.Counts).ToList();
        if (kept.Orders != counting.Count || kept.Spent != counting.Sum(order => order.Net) || kept.LastOrder != counting.Max(order => (DateTime?)order.PlacedAt))
        {
            yield return "the statistics do not match the orders";
        }

        var earned = rows.PointsOrders[id].ToDictionary(order => order.OrderNumber);
        var written = entries.Where(entry => entry is { SourceType: PointsSources.Order, Kind: PointsEntryKind.Earn or PointsEntryKind.Reverse })
            .GroupBy(entry => entry.SourceId).ToDictionary(same => same.Key, same => same.Sum(entry => entry.Points));
        foreach (var order in orders)
        {
            if (order.Net != OrderInput.Store(order.Total - order.Refunded, order.ExchangeRate / Rates.Scale))
            {
                yield return $"the net of order {order.OrderNumber} is not (total - refunded) × rate";
            }

            if (order.Counts != OrderInput.IsCounting(order.Status, order.Total, order.Refunded))
            {
                yield return $"order {order.OrderNumber} counts although it should not, or the other way round";
            }

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

    private sealed record Kept(long Id, long AuditEntries, int Orders, long Spent, DateTime? LastOrder, PointsHeld Points);

    private sealed record Rows(
        ILookup<long, Order> Orders, ILookup<long, PointsOrder> PointsOrders, ILookup<long, PointsEntry> Entries, ILookup<long, PointsLot> Lots, ILookup<long, PointsAllocation> Allocations);
}

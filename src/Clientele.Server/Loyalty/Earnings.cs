using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Loyalty;

/// <summary>What orders earn: a function of their newest revision, at the rate and multiplier of when they first earned.</summary>
internal sealed class Earnings(ClienteleDb db, Ledger ledger, IOptions<Programme> programme, TimeProvider clock)
{
    /// <summary>Opens what the orders of a batch need. No statement where all are new and nothing is due, and two at most.</summary>
    /// <param name="customers">Whose orders they are, locked.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="anyKnown">Whether any of the orders is there already.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Batch> OpenAsync(
        IReadOnlyDictionary<long, Customer> customers, IReadOnlyCollection<OrderInput> inputs, bool anyKnown, CancellationToken cancellationToken)
    {
        var (ids, numbers) = (customers.Keys.ToArray(), inputs.Select(input => input.Number).Distinct().ToArray());
        var orders = anyKnown
            ? await db.PointsOrders.AsTracking().Where(o => ids.Contains(o.CustomerId) && numbers.Contains(o.OrderNumber)).ToDictionaryAsync(o => o.OrderNumber, cancellationToken)
            : [];

        // An order that loses points takes them from lots, and one that is in the batch twice may lose what it has just earned.
        var takes = numbers.Length < inputs.Count
            ? [.. ids]
            : inputs.Where(input => orders.TryGetValue(input.Number, out var order) && order.Worth(input.Counts, input.Net) < order.Kept)
                .Select(input => orders[input.Number].CustomerId).ToHashSet();
        var now = clock.Now();
        return new Batch(orders, await ledger.OpenAsync([.. customers.Values], takes, numbers, now, cancellationToken), now);
    }

    /// <summary>Gives or takes what the order's newest revision makes different.</summary>
    /// <param name="batch">What is open.</param>
    /// <param name="order">The order as it is now.</param>
    /// <param name="tier">The customer's tier before this revision: its multiplier holds for an order that earns for the first time.</param>
    public void Follow(Batch batch, Order order, string tier)
    {
        var account = batch.Accounts[order.CustomerId];
        account.Begin(batch.Now);
        if (!batch.Orders.TryGetValue(order.OrderNumber, out var points))
        {
            if (!programme.Value.Earns(order))
            {
                return;
            }

            points = batch.Orders[order.OrderNumber] = programme.Value.Begin(order, tier);
            db.Add(points);
        }

        account.Keep(points, points.Worth(order.Counts, order.Net));
    }

    /// <summary>Orders and accounts that are open.</summary>
    internal sealed record Batch(Dictionary<string, PointsOrder> Orders, Dictionary<long, PointsAccount> Accounts, DateTime Now);
}

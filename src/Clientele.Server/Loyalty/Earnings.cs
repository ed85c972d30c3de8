using Clientele.Server.History;

namespace Clientele.Server.Loyalty;

/// <summary>The points that orders earn. They depend on an order's newest revision and on the rate and multiplier of its first earning.</summary>
internal sealed class Earnings(ClienteleDb db, Ledger ledger, IOptions<Programme> programme, TimeProvider clock)
{
    /// <summary>Opens what the orders of a batch need. No statement if all orders are new and nothing is due, otherwise at most three.</summary>
    /// <param name="customers">The customers of the orders, locked.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="anyKnown">Whether any of the orders is stored already.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Batch> OpenAsync(
        IReadOnlyDictionary<long, Customer> customers, IReadOnlyCollection<OrderInput> inputs, bool anyKnown, CancellationToken cancellationToken)
    {
        var (ids, numbers) = (customers.Keys.ToArray(), inputs.Select(input => input.Number).Distinct().ToArray());
        var orders = anyKnown
            ? await db.PointsOrders.AsTracking().Where(o => ids.Contains(o.CustomerId) && numbers.Contains(o.OrderNumber))
                .ToDictionaryAsync(o => o.OrderNumber, cancellationToken)
            : [];

        // An order that loses points takes them from lots, and one that gets them back returns them. An order that is in the batch twice may lose points
        // that it has only just earned.
        var changed = numbers.Length < inputs.Count
            ? [.. ids]
            : inputs.Where(input => orders.TryGetValue(input.Number, out var order) && order.Worth(input.Counts, input.Net) != order.Kept)
                .Select(input => orders[input.Number].CustomerId).ToHashSet();
        var now = clock.Now();
        return new Batch(orders, await ledger.OpenAsync([.. customers.Values], changed, numbers, now, cancellationToken), now);
    }

    /// <summary>Adds or takes points for the difference that the order's newest revision makes.</summary>
    /// <param name="batch">The open batch.</param>
    /// <param name="order">The order as it is now.</param>
    /// <param name="tier">The customer's tier before this revision. Its multiplier applies if the order earns for the first time.</param>
    public void Apply(Batch batch, Order order, string tier)
    {
        var account = batch.Accounts[order.CustomerId];
        account.AdvanceTo(batch.Now);
        if (!batch.Orders.TryGetValue(order.OrderNumber, out var points))
        {
            if (!programme.Value.Earns(order))
            {
                return;
            }

            points = batch.Orders[order.OrderNumber] = programme.Value.PointsOrderFor(order, tier);
            db.Add(points);
        }

        account.SetPoints(points, points.Worth(order.Counts, order.Net));
    }

    /// <summary>The open orders and accounts.</summary>
    internal sealed record Batch(Dictionary<string, PointsOrder> Orders, Dictionary<long, PointsAccount> Accounts, DateTime Now);
}

using System.Runtime.CompilerServices;
using Clientele.Server.Operations;

namespace Clientele.Server.History;

/// <summary>Recomputes customers' statistics from their orders, and what each order counts.</summary>
internal sealed class OrderCheck(ClienteleDb db) : ICustomerCheck
{
    public async IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var customers = await db.Customers.TagWith(Check.Everything).Where(c => c.Id > after && c.Id <= upTo).OrderBy(c => c.Id)
            .Select(c => new Kept(c.Id, c.TotalOrders, c.TotalSpent, c.LastOrderDate)).ToListAsync(cancellationToken);
        var orders = await db.Orders.TagWith(Check.Everything).Where(o => o.CustomerId > after && o.CustomerId <= upTo).ToListAsync(cancellationToken);
        var byCustomer = orders.ToLookup(o => o.CustomerId);
        foreach (var customer in customers)
        {
            foreach (var fault in Faults(customer, [.. byCustomer[customer.Id]]))
            {
                yield return (customer.Id, fault);
            }
        }
    }

    private static IEnumerable<string> Faults(Kept kept, List<Order> orders)
    {
        var counting = orders.Where(order => order.Counts).ToList();
        if (kept.Orders != counting.Count || kept.Spent != counting.Sum(order => order.Net)
            || kept.LastOrder != counting.Max(order => (DateTime?)order.PlacedAt))
        {
            yield return "the statistics do not match the orders";
        }

        foreach (var order in orders)
        {
            if (order.Net != OrderInput.ToStoreCurrency(order.Total - order.Refunded, order.ExchangeRate / Rates.Scale))
            {
                yield return $"the net of order {order.OrderNumber} is not (total - refunded) × rate";
            }

            if (order.Counts != OrderInput.IsCounting(order.Status, order.Total, order.Refunded))
            {
                yield return $"order {order.OrderNumber} counts although it should not, or the other way round";
            }
        }
    }

    private sealed record Kept(long Id, int Orders, long Spent, DateTime? LastOrder);
}

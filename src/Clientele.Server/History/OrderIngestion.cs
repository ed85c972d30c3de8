using Clientele.Server.Loyalty;

namespace Clientele.Server.History;

/// <summary>
/// Writes orders and, in the same transaction, the statistics and points that are derived from them. The save also queues the customers for their
/// segments: <c>Segments/SegmentQueue</c>. Only the newest revision of an order
/// counts, so the sequence, duplication and loss of deliveries do not matter.
/// </summary>
internal sealed class OrderIngestion(ClienteleDb db, CustomerLookup lookup, TierLadder tiers, Earnings earnings, TimeProvider clock)
{
    /// <summary>Must run in a transaction. The orders of a batch are applied one after the other.</summary>
    public async Task<List<Outcome>> ApplyAsync(IReadOnlyList<OrderInput> inputs, CancellationToken cancellationToken)
    {
        var owners = await lookup.FindAsync(inputs.Select(input => input.Customer), cancellationToken);

        // Claims are made in the order of the numbers, then customers are locked in the order of their ids: two batches cannot deadlock.
        var claims = inputs.Where(input => owners.ContainsKey(input.Customer))
            .GroupBy(input => input.Number, (number, same) => (Number: number, Owner: owners[same.First().Customer]))
            .OrderBy(claim => claim.Number, StringComparer.Ordinal).ToArray();
        if (claims.Length == 0)
        {
            return [.. inputs.Select(_ => new Outcome(StatusCodes.Status400BadRequest, null, []))];
        }

        var numbers = Array.ConvertAll(claims, claim => claim.Number);
        var fresh = await OrderNumber.ClaimAsync(db, numbers, Array.ConvertAll(claims, claim => claim.Owner), cancellationToken);
        var isNew = fresh.Count == numbers.Length;
        var claimed = isNew
            ? claims.ToDictionary(claim => claim.Number, claim => claim.Owner)
            : await db.OrderNumbers.Where(n => numbers.Contains(n.Number)).ToDictionaryAsync(n => n.Number, n => n.CustomerId, cancellationToken);
        var customers = (await db.LockAllAsync<Customer>([.. claimed.Values.Distinct()], cancellationToken)).ToDictionary(customer => customer.Id);

        var ids = customers.Keys.ToArray();
        var present = isNew || ids.Length == 0
            ? []
            : await db.Orders.AsTracking().Where(o => ids.Contains(o.CustomerId) && numbers.Contains(o.OrderNumber))
                .ToDictionaryAsync(o => o.OrderNumber, cancellationToken);
        var items = present.Count == 0
            ? []
            : (await db.OrderItems.Where(l => ids.Contains(l.CustomerId) && numbers.Contains(l.OrderNumber)).ToListAsync(cancellationToken))
                .GroupBy(item => item.OrderNumber).ToDictionary(lines => lines.Key, lines => lines.ToList());
        var accepted = inputs.Where(input => claimed.TryGetValue(input.Number, out var id) && customers.ContainsKey(id));
        var points = await earnings.OpenAsync(customers, [.. accepted], present.Count > 0, cancellationToken);
        var work = new Batch(present, items, customers, points);
        var outcomes = inputs.Select(input => Apply(input, owners, claimed, work)).ToList();
        await WriteAsync(work, [.. fresh.Where(number => !customers.ContainsKey(claimed[number]))], cancellationToken);
        return outcomes;
    }

    private Outcome Apply(OrderInput input, Dictionary<CustomerReference, long> owners, Dictionary<string, long> claimed, Batch work)
    {
        if (!owners.TryGetValue(input.Customer, out var owner) || !work.Customers.TryGetValue(claimed[input.Number], out var customer))
        {
            return new(StatusCodes.Status400BadRequest, null, []);
        }

        if (owner != customer.Id)
        {
            // The order belongs to another customer. An id that nobody has also ends here, if the order is known.
            return new(StatusCodes.Status409Conflict, null, []);
        }

        var known = work.Orders.TryGetValue(input.Number, out var order);
        if (known && input.Revision <= order!.Revision)
        {
            return new(StatusCodes.Status200OK, order, work.Items.GetValueOrDefault(input.Number, []));
        }

        (bool Counts, long Net, DateTime PlacedAt) before = known ? (order!.Counts, order.Net, order.PlacedAt) : (false, 0, default);
        if (!known)
        {
            order = work.Orders[input.Number] = Create(input, owner);
            db.Add(order);
        }

        // The order of these steps matters: points are earned with the tier from before this order, and the tier follows the new totals.
        var now = clock.Now();
        tiers.EndLock(customer, now);
        Assign(order!, input, now);
        work.Replace(order!, input);
        earnings.Follow(work.Points, order!, customer.LoyaltyTier);
        Count(customer, before, order!, work);
        tiers.Follow(customer, $"order {input.Number}", now);
        return new(known ? StatusCodes.Status200OK : StatusCodes.Status201Created, order, work.Items[input.Number]);
    }

    /// <summary>Updates the customer's statistics for an order that has changed.</summary>
    private static void Count(Customer customer, (bool Counts, long Net, DateTime PlacedAt) before, Order order, Batch work)
    {
        customer.TotalOrders += (order.Counts ? 1 : 0) - (before.Counts ? 1 : 0);
        customer.TotalSpent += (order.Counts ? order.Net : 0) - (before.Counts ? before.Net : 0);
        if (order.Counts && !(customer.LastOrderDate > order.PlacedAt))
        {
            customer.LastOrderDate = order.PlacedAt;
        }
        else if (before.Counts && before.PlacedAt == customer.LastOrderDate)
        {
            work.LostNewest.Add(customer.Id);
        }
    }

    /// <summary>The transaction saves what is written here.</summary>
    private async Task WriteAsync(Batch work, string[] ownerless, CancellationToken cancellationToken)
    {
        if (ownerless.Length > 0)
        {
            // These numbers were claimed for customers who turned out not to exist.
            await db.OrderNumbers.Where(n => ownerless.Contains(n.Number)).ExecuteDeleteAsync(cancellationToken);
        }

        if (work.Replaced.Count > 0)
        {
            var ids = work.Replaced.Select(order => order.CustomerId).Distinct().ToArray();
            var numbers = work.Replaced.Select(order => order.OrderNumber).Distinct().ToArray();
            await db.OrderItems.Where(l => ids.Contains(l.CustomerId) && numbers.Contains(l.OrderNumber)).ExecuteDeleteAsync(cancellationToken);
        }

        db.AddRange(work.Written.SelectMany(number => work.Items[number]));
        if (work.LostNewest.Count > 0)
        {
            await FindNewestAsync(work, cancellationToken);
        }
    }

    /// <summary>
    /// Finds the newest order of customers whose newest order may no longer count, or has moved. The orders are saved first; the transaction saves
    /// the rest.
    /// </summary>
    private async Task FindNewestAsync(Batch work, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        var ids = work.LostNewest.ToArray();
        var newest = await db.Orders.Where(o => ids.Contains(o.CustomerId) && o.Counts)
            .GroupBy(o => o.CustomerId, (id, orders) => new { Id = id, PlacedAt = orders.Max(o => o.PlacedAt) })
            .ToDictionaryAsync(o => o.Id, o => o.PlacedAt, cancellationToken);
        foreach (var id in ids)
        {
            work.Customers[id].LastOrderDate = newest.TryGetValue(id, out var placedAt) ? placedAt : null;
        }
    }

    private static Order Create(OrderInput input, long owner) => new Order
    {
        CustomerId = owner,
        OrderNumber = input.Number,
        Status = "",
        Currency = "",
        ExchangeRate = 0,
        Total = 0,
        Refunded = 0,
        Net = 0,
        Counts = false,
        PlacedAt = default,
        Revision = 0,
        ReceivedAt = default,
    }.Index();

    private static void Assign(Order order, OrderInput input, DateTime now)
    {
        order.Status = input.Status;
        order.Currency = input.Currency;
        order.ExchangeRate = (long)(input.Rate * Rates.Scale);
        order.Total = input.Total;
        order.Refunded = input.Refunded;
        order.Net = input.Net;
        order.Counts = input.Counts;
        order.PlacedAt = input.PlacedAt;
        order.Revision = input.Revision;
        order.ReceivedAt = now;
    }

    /// <summary>The result for an order: the status that its PUT would have, and the order as it is stored now.</summary>
    internal sealed record Outcome(int Status, Order? Order, List<OrderItem> Items)
    {
        public OrderResponse ToResponse() => Order!.ToResponse(Items);
    }

    private sealed record Batch(
        Dictionary<string, Order> Orders, Dictionary<string, List<OrderItem>> Items, Dictionary<long, Customer> Customers, Earnings.Batch Points)
    {
        /// <summary>Numbers of the orders whose lines must be written.</summary>
        public HashSet<string> Written { get; } = [];

        /// <summary>Orders whose old lines must be deleted.</summary>
        public HashSet<Order> Replaced { get; } = [];

        /// <summary>Customers whose newest order may have changed.</summary>
        public HashSet<long> LostNewest { get; } = [];

        public void Replace(Order order, OrderInput input)
        {
            if (Items.ContainsKey(order.OrderNumber))
            {
                Replaced.Add(order);
            }

            Written.Add(order.OrderNumber);
            Items[order.OrderNumber] =
            [
                .. input.Lines.Select(line => new OrderItem
                {
                    CustomerId = order.CustomerId,
                    OrderNumber = order.OrderNumber,
                    LineNumber = line.LineNumber,
                    ProductId = line.ProductId,
                    Sku = line.Sku,
                    Name = line.Name,
                    Category = line.Category,
                    Quantity = line.Quantity,
                    UnitPrice = OrderInput.Minor(line.UnitPrice),
                    RefundedQuantity = line.RefundedQuantity,
                    Amount = OrderInput.Store((line.Quantity - line.RefundedQuantity) * OrderInput.Minor(line.UnitPrice), input.Rate),
                }.Index()),
            ];
        }
    }
}

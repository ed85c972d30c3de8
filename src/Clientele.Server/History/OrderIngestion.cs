using Clientele.Server.Loyalty;

namespace Clientele.Server.History;

/// <summary>
/// Writes orders and, in the same transaction, the statistics and points that are derived from them. The save also queues the customers for their
/// segments: <c>Segments/SegmentQueue</c>. Only the newest revision of an order counts, so the sequence, duplication and loss of deliveries do not
/// matter.
/// </summary>
internal sealed class OrderIngestion(ClienteleDb db, CustomerLookup lookup, TierLadder tiers, Earnings earnings, Caller caller, TimeProvider clock)
{
    private const string Record = "order";

    /// <summary>Must run in a transaction. The orders of a batch are applied one after the other.</summary>
    public async Task<List<Outcome>> ApplyAsync(IReadOnlyList<OrderInput> inputs, CancellationToken cancellationToken)
    {
        var named = await lookup.FindAsync(inputs.Select(input => input.Customer).OfType<CustomerReference>(), cancellationToken);
        var (owners, locked) = inputs is [{ Customer: { } reference } only] && CustomerLookup.IsLasting(reference) && named.TryGetValue(reference, out var id)
            ? await ClaimOneAsync(only.Number, id, cancellationToken)
            : await ClaimAsync(inputs, named, cancellationToken);
        var customers = locked.Where(customer => !caller.IsHidden(customer)).ToDictionary(customer => customer.Id);
        var (ids, numbers) = (customers.Keys.ToArray(), owners.Ids.Keys.ToArray());
        var present = owners.New.Count == numbers.Length || ids.Length == 0
            ? []
            : await db.Orders.AsTracking().Where(o => ids.Contains(o.CustomerId) && numbers.Contains(o.OrderNumber))
                .ToDictionaryAsync(o => o.OrderNumber, cancellationToken);
        var items = present.Count == 0
            ? []
            : (await db.OrderItems.Where(l => ids.Contains(l.CustomerId) && numbers.Contains(l.OrderNumber)).ToListAsync(cancellationToken))
                .GroupBy(item => item.OrderNumber).ToDictionary(lines => lines.Key, lines => lines.ToList());
        var accepted = inputs.Where(input => owners.Ids.TryGetValue(input.Number, out var id) && customers.ContainsKey(id));
        var points = await earnings.OpenAsync(customers, [.. accepted], present.Count > 0, cancellationToken);
        var work = new Batch(present, items, customers, points);
        var outcomes = inputs.Select(input => Apply(input, named, owners, work)).ToList();
        await WriteAsync(work, [.. owners.New.Where(number => !work.Orders.ContainsKey(number))], cancellationToken);
        return outcomes;
    }

    /// <summary>
    /// Claims the number and locks the customer in one round trip. If the number is another customer's, the order is refused, so that customer is read
    /// without a lock.
    /// </summary>
    private async Task<(Owners Owners, List<Customer> Customers)> ClaimOneAsync(string number, long named, CancellationToken cancellationToken)
    {
        var isNew = false;
        var customer = await db.LockAsync<Customer>(named, [OrderNumber.Claim(number, () => isNew = true)], [], cancellationToken);
        var owner = isNew
            ? named
            : await db.OrderNumbers.Where(n => n.Number == number).Select(n => n.CustomerId).SingleAsync(cancellationToken);
        var customers = owner != named ? await db.Customers.Where(c => c.Id == owner).ToListAsync(cancellationToken)
            : customer is null ? []
            : [customer];
        return (new(new() { [number] = owner }, isNew ? [number] : []), customers);
    }

    /// <summary>
    /// Finds and locks the customers of the orders. A new order gets the customer that it names. A known one keeps its customer, whatever it names.
    /// </summary>
    private async Task<(Owners Owners, List<Customer> Customers)> ClaimAsync(
        IReadOnlyList<OrderInput> inputs, Dictionary<CustomerReference, long> named, CancellationToken cancellationToken)
    {
        // Claims are made in the order of the numbers, then customers are locked in the order of their ids: two batches cannot deadlock.
        var claims = inputs.Where(input => input.Customer is { } reference && named.ContainsKey(reference))
            .GroupBy(input => input.Number, (number, same) => (Number: number, Owner: named[same.First().Customer!.Value]))
            .OrderBy(claim => claim.Number, StringComparer.Ordinal).ToArray();
        var created = claims.Length == 0
            ? []
            : await OrderNumber.ClaimAsync(
                db, Array.ConvertAll(claims, claim => claim.Number), Array.ConvertAll(claims, claim => claim.Owner), cancellationToken);
        var numbers = inputs.Select(input => input.Number).Distinct().ToArray();
        var owners = created.Count == numbers.Length
            ? claims.ToDictionary(claim => claim.Number, claim => claim.Owner)
            : await db.OrderNumbers.Where(n => numbers.Contains(n.Number)).ToDictionaryAsync(n => n.Number, n => n.CustomerId, cancellationToken);
        var customers = owners.Count == 0 ? [] : await db.LockAllAsync<Customer>([.. owners.Values.Distinct()], cancellationToken);
        return (new(owners, [.. created]), customers);
    }

    private static Problem? Refusal(OrderInput input, Dictionary<CustomerReference, long> named, Owners owners, Batch work)
    {
        long? customer = input.Customer is { } reference && named.TryGetValue(reference, out var id) ? id : null;
        var isKnown = owners.Ids.TryGetValue(input.Number, out var owner) && (!owners.New.Contains(input.Number) || work.Orders.ContainsKey(input.Number));
        return !isKnown && input.Customer is null ? CustomerLookup.Missing(Record)
            : (!isKnown && customer is null) || !work.Customers.ContainsKey(owner) ? CustomerLookup.Unknown(Record)
            : customer != owner && input.Customer is { } other && CustomerLookup.IsLasting(other) ? CustomerLookup.Changed(Record)
            : null;
    }

    private Outcome Apply(OrderInput input, Dictionary<CustomerReference, long> named, Owners owners, Batch work)
    {
        if (Refusal(input, named, owners, work) is { } refused)
        {
            return Outcome.Of(refused);
        }

        var customer = work.Customers[owners.Ids[input.Number]];
        var known = work.Orders.TryGetValue(input.Number, out var order);
        if (known && input.Revision <= order!.Revision)
        {
            return new(StatusCodes.Status200OK, order, work.Items.GetValueOrDefault(input.Number, []));
        }

        if (NewlyWrong(input, order) is { } wrong)
        {
            return Outcome.Of(wrong);
        }

        (bool Counts, long Net, DateTime PlacedAt) before = known ? (order!.Counts, order.Net, order.PlacedAt) : (false, 0, default);
        if (!known)
        {
            order = work.Orders[input.Number] = Create(input, customer.Id);
            db.Add(order);
        }

        // The order of these steps matters: points are earned with the tier from before this order, and the tier follows the new totals.
        var now = clock.Now();
        tiers.EndLock(customer, now);
        Assign(order!, input, now);
        work.Replace(order!, input);
        earnings.Apply(work.Points, order!, customer.LoyaltyTier);
        Count(customer, before, order!, work);
        tiers.Update(customer, $"order {input.Number}", now);
        return new(known ? StatusCodes.Status200OK : StatusCodes.Status201Created, order, work.Items[input.Number]);
    }

    /// <summary>What is wrong, unless the order is stored with it: earlier releases took it, or it was right then.</summary>
    private static Problem? NewlyWrong(OrderInput input, Order? stored) =>
        !input.HasKnownCurrency && input.Currency != stored?.Currency ? Problems.Invalid("currency", OrderInput.CurrencyRule)
        : !input.HasPossibleDate && input.PlacedAt != stored?.PlacedAt ? Problems.Invalid("placed_at", OrderInput.DateRule)
        : null;

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
    private async Task WriteAsync(Batch work, string[] unused, CancellationToken cancellationToken)
    {
        if (unused.Length > 0)
        {
            // These numbers were claimed for orders that were refused afterwards.
            await db.OrderNumbers.Where(n => unused.Contains(n.Number)).ExecuteDeleteAsync(cancellationToken);
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
    }.DeriveKeys();

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
    internal sealed record Outcome(int Status, Order? Order, List<OrderItem> Items, Problem? Refused = null)
    {
        public static Outcome Of(Problem refused) => new(refused.StatusCode, null, [], refused);

        public OrderResponse ToResponse() => Order!.ToResponse(Items);
    }

    /// <summary>The customers of orders by their numbers, and the numbers that nobody had before this batch.</summary>
    private sealed record Owners(Dictionary<string, long> Ids, HashSet<string> New);

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
                    UnitPrice = OrderInput.ToMinorUnits(line.UnitPrice),
                    RefundedQuantity = line.RefundedQuantity,
                    Amount = OrderInput.ToStoreCurrency((line.Quantity - line.RefundedQuantity) * OrderInput.ToMinorUnits(line.UnitPrice), input.Rate),
                }.DeriveKeys()),
            ];
        }
    }
}

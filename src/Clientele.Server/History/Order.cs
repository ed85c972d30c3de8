namespace Clientele.Server.History;

/// <summary>A compact copy of an order that another system owns.</summary>
[Table("orders", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(OrderNumber))]
[Index(nameof(CustomerId), nameof(PlacedAt))]
[Index(nameof(PlacedAt))]
internal sealed class Order
{
    /// <summary>The statuses of an order that has been delivered, as far as a single revision shows.</summary>
    public static readonly string[] Delivered = ["delivered", "partially_refunded"];

    public required long CustomerId { get; init; }

    public required string OrderNumber { get; init; }

    /// <summary>The number in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string NumberKey { get; private set; } = "";

    public required string Status { get; set; }

    public required string Currency { get; set; }

    /// <summary>In units of 10⁻¹⁰.</summary>
    public required long ExchangeRate { get; set; }

    /// <summary>In minor units of the order's currency, like <see cref="Refunded"/>.</summary>
    public required long Total { get; set; }

    public required long Refunded { get; set; }

    /// <summary>The total less refunds, in minor units of the store's currency, rounded once.</summary>
    public required long Net { get; set; }

    /// <summary>Whether the order counts in the statistics.</summary>
    public required bool Counts { get; set; }

    public required DateTime PlacedAt { get; set; }

    public required long Revision { get; set; }

    /// <summary>When this revision was received.</summary>
    public required DateTime ReceivedAt { get; set; }

    /// <summary>Derives the values that rules compare.</summary>
    public Order DeriveKeys()
    {
        NumberKey = TextFolding.NameKey(OrderNumber);
        return this;
    }

    public OrderResponse ToResponse(IEnumerable<OrderItem> items) => new()
    {
        OrderNumber = OrderNumber,
        Customer = CustomerId,
        Status = Status,
        Currency = Currency,
        ExchangeRate = ExchangeRate / Rates.Scale,
        Total = Total / 100m,
        Refunded = Refunded / 100m,
        PlacedAt = PlacedAt,
        Revision = Revision,
        Lines = [.. items.OrderBy(item => item.LineNumber).Select(item => item.ToLine())],
    };

    /// <summary>A customer's orders with their lines.</summary>
    public static async Task<IEnumerable<OrderResponse>> ToResponsesAsync(
        ClienteleDb db, long customerId, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        var numbers = orders.Select(order => order.OrderNumber).ToArray();
        var items = numbers.Length == 0
            ? []
            : await db.OrderItems.Where(l => l.CustomerId == customerId && numbers.Contains(l.OrderNumber)).ToListAsync(cancellationToken);
        var byOrder = items.ToLookup(item => item.OrderNumber);
        return orders.Select(order => order.ToResponse(byOrder[order.OrderNumber]));
    }
}

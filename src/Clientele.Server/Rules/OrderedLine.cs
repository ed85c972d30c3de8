using Clientele.Server.History;

namespace Clientele.Server.Rules;

/// <summary>An order line with its order; a fully refunded line is not one.</summary>
internal sealed class OrderedLine
{
    public required OrderItem Line { get; init; }

    public required Order Order { get; init; }

    public static IQueryable<OrderedLine> In(ClienteleDb db) => db.OrderItems.Join(
        db.Orders, l => new { l.CustomerId, l.OrderNumber }, o => new { o.CustomerId, o.OrderNumber }, (l, o) => new OrderedLine { Line = l, Order = o });
}

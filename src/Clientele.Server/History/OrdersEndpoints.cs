using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.History;

internal static class OrdersEndpoints
{
    public static readonly string[] Statuses = ["pending", "paid", "processing", "shipped", "delivered", "cancelled", "partially_refunded", "refunded"];

    public static readonly ListDefinition<Order> List = new ListDefinition<Order>(o => o.PlacedAt, o => o.OrderNumber, "-placed_at")
        .OneOf("status", "The status", Statuses, "delivered", value => o => o.Status == value)
        .Text("order_number", "The order with this number.", "1001", text => o => o.OrderNumber == text)
        .Text("search", "Orders whose number contains this text, regardless of case.", "01", Contains)
        .Instant("placed_after", "Placed at or after this instant.", value => o => o.PlacedAt >= value)
        .Instant("placed_before", "Placed at or before this instant.", value => o => o.PlacedAt <= value)
        .Money("min_total", "At least this total, in the order's currency.", value => o => o.Total >= value)
        .Money("max_total", "At most this total, in the order's currency.", value => o => o.Total <= value);

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("History").WithId("orders", "The order's number in the shop's order system, at most 100 characters.", "1001");
        group.MapGet("/api/customers/customers/{id:long}/orders/", ListOrders).WithName(nameof(ListOrders)).For(Who.OwnerOrAdmin, KeyScope.OrdersRead)
            .Lists(List).Answers(400, 404);
        group.MapGet("/api/orders/{order_number}/", GetOrder).WithName(nameof(GetOrder)).For(Who.Admin, KeyScope.OrdersRead).Answers(400, 404);
        group.MapPut("/api/orders/{order_number}/", PutOrder).WithName(nameof(PutOrder)).For(Who.Admin, KeyScope.OrdersWrite)
            .Answers("customer_unknown", "customer_changed");
        group.MapPost("/api/orders/batch/", PutOrders).WithName(nameof(PutOrders)).For(Who.Admin, KeyScope.OrdersWrite).WithoutIdempotencyKey()
            .AcceptsLines<OrderBatchRequest, BatchedOrder>().WithMetadata(new RequestSizeLimitAttribute(OrderBatch.LargestStream));
    }

    private static Expression<Func<Order, bool>> Contains(string text)
    {
        var key = TextFolding.NameKey(text);
        return o => o.NumberKey.Contains(key);
    }

    /// <summary>List a customer's orders</summary>
    /// <remarks>The copies of orders that the shop's order system has sent, newest first.</remarks>
    internal static async Task<Results<PageResult<OrderResponse>, Problem>> ListOrders(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? await list.PageAsync(
                List, db.Orders.Where(o => o.CustomerId == id), o => o, orders => Order.ToResponsesAsync(db, id, orders, cancellationToken), cancellationToken)
            : Problems.NotFound();

    /// <summary>Get an order</summary>
    /// <remarks>The stored copy of the order of any customer.</remarks>
    internal static async Task<Results<Ok<OrderResponse>, Problem>> GetOrder(
        [FromRoute(Name = "order_number")] string orderNumber, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!OrderInput.IsId(orderNumber))
        {
            return Problems.Invalid("order_number", OrderInput.IdRule);
        }

        var owner = await db.OrderNumbers.Where(n => n.Number == orderNumber).Select(n => n.CustomerId).SingleOrDefaultAsync(cancellationToken);
        return await caller.MaySeeAsync(owner, cancellationToken)
            && await db.Orders.SingleOrDefaultAsync(o => o.CustomerId == owner && o.OrderNumber == orderNumber, cancellationToken) is { } order
            ? TypedResults.Ok(order.ToResponse(
                await db.OrderItems.Where(l => l.CustomerId == owner && l.OrderNumber == orderNumber).ToListAsync(cancellationToken)))
            : Problems.NotFound();
    }

    /// <summary>Create or update an order</summary>
    /// <remarks>
    /// For the shop's order system. A new order belongs to the customer that it names by id, uuid or proven e-mail. A known order keeps its customer:
    /// an update may leave the customer out, an e-mail is not compared, and the id or uuid of another customer is a 409. A revision that is not newer than
    /// the stored one changes nothing and returns the stored order. Deliveries may therefore come in any order, twice, or again after a loss. The
    /// customer's statistics, points and tier change in the same transaction.
    /// </remarks>
    internal static async Task<Results<Ok<OrderResponse>, Created<OrderResponse>, Problem>> PutOrder(
        [FromRoute(Name = "order_number")] string orderNumber,
        Body<OrderRequest> body,
        RequestTransaction transaction,
        OrderIngestion ingestion,
        IOptions<Store> store,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        if (OrderInput.From(orderNumber, request, store.Value.Currency, clock.Now(), errors) is not { } input)
        {
            return Problems.Invalid(errors);
        }

        return await transaction.RunAsync<Results<Ok<OrderResponse>, Created<OrderResponse>, Problem>>(
            async () =>
            {
                var outcome = (await ingestion.ApplyAsync([input], cancellationToken))[0];
                return outcome.Refused is { } refused ? refused
                    : outcome.Status == StatusCodes.Status201Created ? TypedResults.Created((string?)null, outcome.ToResponse())
                    : TypedResults.Ok(outcome.ToResponse());
            },
            cancellationToken);
    }

    /// <summary>Create or update many orders</summary>
    /// <remarks>
    /// As JSON (<c>{"orders": […]}</c>, at most 1000 orders and 8 MiB): the response has one result for each order, in the same order, with the
    /// status that its PUT would have had. Or as <c>application/x-ndjson</c>, one order per line, up to 64 MiB: the results are streamed, one per
    /// line, with the line's number; blank lines are skipped. An invalid order does not stop the others. Idempotency keys are ignored, because
    /// revisions make repeated requests safe.
    /// </remarks>
    internal static Task<Results<Ok<OrderBatchResponse>, OrderBatch.Stream, Problem>> PutOrders(
        HttpContext context, OrderBatch batch, CancellationToken cancellationToken) =>
        batch.RunAsync(context, cancellationToken);
}

using Clientele.Tests.Support;

namespace Clientele.Tests.History;

public sealed class NumberingOrders(ClienteleApp app)
{
    [Fact]
    public async Task A_number_with_a_slash_is_the_same_order_in_a_path_and_in_a_batch()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var year = Guid.NewGuid().ToString("N");
        var order = new
        {
            order_number = $"{year}/17 a",
            customer = customer.Id,
            status = "paid",
            total = "10.00",
            placed_at = "2025-10-15T14:30:00Z",
            revision = 1,
        };

        var put = (await admin.Put($"/api/orders/{year}%2F17%20a/", order)).Expect(201);
        var batch = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200);

        Assert.Equal(order.order_number, (string)put["order_number"]!);
        Assert.Equal(200, (int)batch["results"][0]!["status"]!);
        Assert.Equal(1, (int)(await customer.Get(customer.Url + "stats/")).Expect(200)["total_orders"]);
    }
}

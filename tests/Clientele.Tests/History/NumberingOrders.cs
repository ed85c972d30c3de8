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

    [Fact]
    public async Task An_id_in_a_path_is_decoded_once()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var id = Guid.NewGuid().ToString("N");
        var order = new { customer = customer.Id, status = "paid", total = 1, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        var review = new { customer = customer.Id, product_id = "p", rating = 5, revision = 1 };
        (string Sent, string Id)[] ids =
        [
            ("%252F1", "%2F1"), ("%2F1", "/1"), ("%252f1", "%2f1"), ("%2f2", "/2"), ("%25252F1", "%252F1"), ("%2525", "%25"), ("%25", "%"), ("%2B", "+"),
            ("%252E%252E", "%2E%2E"), ("%20%2F%25", " /%"),
        ];
        foreach (var (sent, meant) in ids)
        {
            Assert.Equal(id + meant, (string)(await admin.Put($"/api/orders/{id}{sent}/", order)).Expect(201)["order_number"]!);
            Assert.Equal(id + meant, (string)(await admin.Get($"/api/orders/{id}{sent}/?x=%252F")).Expect(200)["order_number"]!);
            Assert.Equal(id + meant, (string)(await admin.Put($"/api/reviews/{id}{sent}/", review)).Expect(201)["review_id"]!);
            Assert.Equal(id + meant, (string)(await admin.Get($"/api/reviews/{id}{sent}/")).Expect(200)["review_id"]!);
            var wish = (await customer.Put($"{customer.Url}wishlist/{id}{sent}/", new { name = "W" })).Expect(201);
            Assert.Equal(id + meant, (string)wish["product_id"]!);
            var batch = new { orders = new[] { new { order_number = id + meant, order.customer, order.status, order.total, order.placed_at, revision = 2 } } };
            Assert.Equal(200, (int)(await admin.Post("/api/orders/batch/", batch)).Expect(200)["results"][0]!["status"]!);
        }
    }

    [Theory]
    [InlineData("%2E%2E")]
    [InlineData("%2e.")]
    [InlineData("..")]
    [InlineData("%2E")]
    [InlineData(".")]
    public async Task A_path_with_dots_reaches_no_other_resource(string id)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        foreach (var line in new[] { $"DELETE {customer.Url}wishlist/{id}/ HTTP/1.1", $"PUT /api/orders/{id}/ HTTP/1.1", $"GET /api/reviews/{id} HTTP/1.1" })
        {
            var answer = await RawHttp.SendAsync(app.Address, [line, $"Authorization: Bearer {admin.Access}"]);
            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        }

        (await customer.Get(customer.Url)).Expect(200);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_number_that_no_path_can_have_is_refused_in_a_batch(string number)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var order = new { order_number = number, customer = customer.Id, status = "paid", total = 1, placed_at = "2025-10-15T14:30:00Z", revision = 1 };

        var result = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200)["results"][0]!;

        Assert.Equal(400, (int)result["status"]!);
        Assert.NotNull(result["errors"]!["order_number"]);
    }
}

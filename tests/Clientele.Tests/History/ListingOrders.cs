using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.History;

/// <summary>Compares every filter of the orders list with a naive model.</summary>
public sealed class ListingOrders(ClienteleApp app)
{
    private static readonly DateTime Start = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Filters_pages_and_the_ordering_are_those_of_the_model()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var orders = await SeedAsync(admin, customer);
        var url = $"{customer.Url}orders/";

        Assert.Equal(Newest(orders), await NumbersAsync(customer, url));
        Assert.Equal(Newest(orders.Where(order => order.Status == "delivered")), await NumbersAsync(customer, $"{url}?status=delivered"));
        Assert.Equal(Newest(orders.Where(order => order.PlacedAt >= Start.AddDays(10))), await NumbersAsync(customer, $"{url}?placed_after=2025-06-11"));
        Assert.Equal(
            Newest(orders.Where(order => order.PlacedAt <= Start.AddDays(10))),
            await NumbersAsync(customer, $"{url}?placed_before=2025-06-11T00:00:00Z"));
        Assert.Equal(Newest(orders.Where(order => order.Total >= 50)), await NumbersAsync(customer, $"{url}?min_total=50"));
        Assert.Equal(Newest(orders.Where(order => order.Total <= 50)), await NumbersAsync(customer, $"{url}?max_total=50.00"));
        Assert.Equal(
            Newest(orders.Where(order => order.Status == "paid" && order.Total >= 20 && order.PlacedAt >= Start.AddDays(3))),
            await NumbersAsync(customer, $"{url}?status=paid&min_total=20&placed_after=2025-06-04"));
        Assert.Equal(Newest(orders), await NumbersAsync(customer, $"{url}?cursor=&page_size=7"));
    }

    [Theory]
    [InlineData("status=lost", "status")]
    [InlineData("placed_after=yesterday", "placed_after")]
    [InlineData("min_total=ten", "min_total")]
    [InlineData("total=5", "total")]
    public async Task What_it_does_not_understand_is_named(string query, string member)
    {
        var customer = await app.CustomerAsync();

        (await customer.Get($"{customer.Url}orders/?{query}")).ExpectProblem(400, member);
    }

    private static async Task<List<Placed>> SeedAsync(Actor admin, Actor customer)
    {
        var placed = new List<Placed>();
        var batch = new JsonArray();
        for (var i = 0; i < 40; i++)
        {
            var status = i % 3 == 0 ? "delivered" : i % 3 == 1 ? "paid" : "pending";
            var order = new Placed($"list-{customer.Id}-{i:D2}", status, i * 7 % 100, Start.AddHours(12 * (i * 11 % 40)));
            placed.Add(order);
            batch.Add(new JsonObject
            {
                ["order_number"] = order.Number,
                ["customer"] = customer.Id,
                ["status"] = order.Status,
                ["total"] = order.Total,
                ["placed_at"] = order.PlacedAt.ToString("O", CultureInfo.InvariantCulture),
                ["revision"] = 1,
            });
        }

        (await admin.Post("/api/orders/batch/", new JsonObject { ["orders"] = batch })).Expect(200);
        return placed;
    }

    private static IEnumerable<string> Newest(IEnumerable<Placed> orders) =>
        orders.OrderByDescending(order => order.PlacedAt).ThenByDescending(order => order.Number, StringComparer.Ordinal).Select(order => order.Number);

    private static async Task<List<string>> NumbersAsync(Actor caller, string url)
    {
        var numbers = new List<string>();
        for (var next = url; next is not null;)
        {
            var page = (await caller.Get(next)).Expect(200);
            numbers.AddRange(page["results"].AsArray().Select(order => (string)order!["order_number"]!));
            next = (string?)page.Json["next"];
        }

        return numbers;
    }

    private sealed record Placed(string Number, string Status, decimal Total, DateTime PlacedAt);
}

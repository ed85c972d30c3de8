using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.History;

/// <summary>A wrong order is refused with the place of each error, and with what would be right.</summary>
public sealed class CheckingOrders(ClienteleApp app)
{
    [Theory]
    [InlineData("quantity", "0", "Must be at least 1.")]
    [InlineData("quantity", "\"many\"", "Must be a whole number.")]
    [InlineData("quantity", "null", "Must be a whole number.")]
    [InlineData("quantity", null, "This member is required.")]
    [InlineData("quantity", "3000000000", "Must be a whole number.")]
    [InlineData("unit_price", "\"1.234\"", "Must be a number with at most two decimal places, such as \"12.50\".")]
    [InlineData("unit_price", "-1", "Must not be negative.")]
    [InlineData("name", "7", "Must be text.")]
    [InlineData("name", "null", "This member may not be null.")]
    [InlineData("product_id", "\"..\"", "Must have 1 to 100 characters, without control characters, and may not be . or ..")]
    [InlineData("refunded_quantity", "2", "Must not be more than quantity.")]
    public async Task Every_error_of_a_line_names_its_place(string member, string? json, string message)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var order = Order(customer, Enumerable.Range(1, 6));
        foreach (var line in new[] { 3, 5 })
        {
            order["lines"]![line]!.AsObject().Remove(member);
            if (json is not null)
            {
                order["lines"]![line]![member] = JsonNode.Parse(json);
            }
        }

        var errors = (await admin.Put($"/api/orders/{Guid.NewGuid()}/", order)).ExpectProblem(400)["errors"].AsObject();
        order["order_number"] = $"{Guid.NewGuid()}";
        var result = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200)["results"][0]!;

        Assert.Equal([$"lines/3/{member}", $"lines/5/{member}"], errors.Select(error => error.Key));
        Assert.All(errors, error => Assert.Equal(message, (string)error.Value![0]!));
        Assert.Equal(errors.ToJsonString(), result["errors"]!.ToJsonString());
    }

    [Fact]
    public async Task An_order_is_placed_between_1990_and_24_hours_ahead()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (admin, customer, now) = (await own.AdminAsync(), await own.CustomerAsync(), own.Clock.GetUtcNow().UtcDateTime);
        foreach (var (instant, right) in new[]
        {
            (new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc), true), (new DateTime(1989, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc), false),
            (DateTime.MinValue, false), (DateTime.MaxValue, false), (now, true), (now.AddHours(23.9), true), (now.AddHours(24.1), false),
        })
        {
            var text = DateTime.SpecifyKind(instant, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
            var order = Order(customer, []);
            order["placed_at"] = text;
            var put = await admin.Put($"/api/orders/{Guid.NewGuid()}/", order);
            order["order_number"] = $"{Guid.NewGuid()}";
            var batch = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200)["results"][0]!;

            Assert.Equal((right ? 201 : 400, right ? 201 : 400), ((int)put.Status, (int)batch["status"]!));
            Assert.True(right || (put.Json["errors"]!["placed_at"] is not null && batch["errors"]!["placed_at"] is not null), put.Text);
        }
    }

    [Fact]
    public async Task A_withdrawn_currency_of_an_order_stays_until_it_changes()
    {
        var (admin, customer, number) = (await app.AdminAsync(), await app.CustomerAsync(), $"{Guid.NewGuid()}");
        var order = Order(customer, []);
        (order["order_number"], order["currency"], order["exchange_rate"]) = (number, "EUR", "0.5");
        (await admin.Put($"/api/orders/{number}/", order)).Expect(201);
        await app.WithDatabaseAsync(async db =>
        {
            (await db.Orders.AsTracking().SingleAsync(o => o.CustomerId == customer.Id)).Currency = "DEM";
            return await db.SaveChangesAsync();
        });

        (order["currency"], order["refunded"], order["revision"]) = ("DEM", "2.00", 2);
        Assert.Equal("DEM", (string)(await admin.Put($"/api/orders/{number}/", order)).Expect(200)["currency"]!);
        (order["refunded"], order["revision"]) = ("4.00", 3);
        var result = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200)["results"][0]!;
        Assert.Equal(200, (int)result["status"]!);
        Assert.Equal("3.00", (string)(await customer.Get(customer.Url + "stats/")).Expect(200)["total_spent"]!);

        (order["currency"], order["revision"]) = ("FRF", 4);
        (await admin.Put($"/api/orders/{number}/", order)).ExpectProblem(400, "currency");
        order["revision"] = 3;
        Assert.Equal("DEM", (string)(await admin.Put($"/api/orders/{number}/", order)).Expect(200)["currency"]!);
    }

    [Fact]
    public async Task A_date_that_no_new_order_can_have_stays_until_it_changes()
    {
        var (admin, customer, number) = (await app.AdminAsync(), await app.CustomerAsync(), $"{Guid.NewGuid()}");
        var order = Order(customer, []);
        order["order_number"] = number;
        (await admin.Put($"/api/orders/{number}/", order)).Expect(201);
        await app.WithDatabaseAsync(async db =>
        {
            (await db.Orders.AsTracking().SingleAsync(o => o.CustomerId == customer.Id)).PlacedAt = new(1987, 3, 1, 9, 0, 0, DateTimeKind.Utc);
            return await db.SaveChangesAsync();
        });

        (order["placed_at"], order["refunded"], order["revision"]) = ("1987-03-01T09:00:00Z", "2.00", 2);
        Assert.Equal("2.00", (string)(await admin.Put($"/api/orders/{number}/", order)).Expect(200)["refunded"]!);
        (order["placed_at"], order["revision"]) = ("1987-03-02T09:00:00Z", 3);
        (await admin.Put($"/api/orders/{number}/", order)).ExpectProblem(400, "placed_at");
    }

    [Fact]
    public async Task A_new_order_in_an_unknown_currency_is_refused_and_its_number_stays_free()
    {
        var (admin, customer, another, number) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync(), $"{Guid.NewGuid()}");
        var order = Order(customer, []);
        (order["order_number"], order["currency"]) = (number, "DEM");
        (await admin.Put($"/api/orders/{number}/", order)).ExpectProblem(400, "currency");
        order["exchange_rate"] = "0.5";
        (await admin.Put($"/api/orders/{number}/", order)).ExpectProblem(400, "currency");

        var result = (await admin.Post("/api/orders/batch/", new { orders = new[] { order } })).Expect(200)["results"][0]!;
        Assert.Equal((400, "validation_failed"), ((int)result["status"]!, (string)result["code"]!));
        Assert.NotNull(result["errors"]!["currency"]);

        (order["customer"], order["currency"]) = (another.Id, "EUR");
        (await admin.Put($"/api/orders/{number}/", order)).Expect(201);
    }

    private static JsonObject Order(Actor customer, IEnumerable<int> lines) => new()
    {
        ["customer"] = customer.Id,
        ["status"] = "paid",
        ["total"] = "10.00",
        ["placed_at"] = "2025-10-15T14:30:00Z",
        ["revision"] = 1,
        ["lines"] = new JsonArray([.. lines.Select(number => new JsonObject
        {
            ["line_number"] = number,
            ["product_id"] = "p",
            ["name"] = "P",
            ["quantity"] = 1,
            ["unit_price"] = 1,
        })]),
    };
}

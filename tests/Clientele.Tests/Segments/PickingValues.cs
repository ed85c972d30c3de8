using System.Text.Json.Nodes;
using Clientele.Server.History;
using Clientele.Server.Rules;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>The service suggests values for a rule: those that the field has had recently.</summary>
public sealed class PickingValues(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Values = "/api/customers/groups/values/";

    private static readonly string[] Hostile = ["50%_off", "100\\%", "<img src=x onerror=alert(1)>", "' OR 1=1 --", "ümlaut ☃"];

    [Fact]
    public async Task The_most_common_tags_come_first()
    {
        await TagAsync(["pick rare", "pick common"], ["pick common"], ["other"]);

        Assert.Equal([("pick common", 2), ("pick rare", 1)], await FindAsync("field=tags&search=pick"));
    }

    [Fact]
    public async Task Values_that_are_equally_common_come_in_their_order()
    {
        await TagAsync(["even c", "even a", "even b"]);

        Assert.Equal([("even a", 1), ("even b", 1), ("even c", 1)], await FindAsync("field=tags&search=even"));
    }

    [Fact]
    public async Task Case_makes_no_difference_but_accents_do()
    {
        await TagAsync(["Straße"], ["STRASSE"], ["strässe"]);

        var found = Assert.Single(await FindAsync("field=tags&search=sTRASS"));

        Assert.Equal(("strasse", 2), (found.Value.ToUpperInvariant() is "STRASSE" or "STRAßE" ? "strasse" : found.Value, found.Count));
    }

    [Fact]
    public async Task There_are_at_most_twenty()
    {
        await TagAsync([.. Enumerable.Range(10, 25).Select(number => $"many {number}")]);

        var found = await FindAsync("field=tags&search=many");

        Assert.Equal(Enumerable.Range(10, 20).Select(number => $"many {number}"), found.Select(value => value.Value));
    }

    [Fact]
    public async Task Products_of_orders_have_their_names()
    {
        var customer = await app.CustomerAsync();
        await OrderAsync(customer.Id, ("Boot-01", "Hiking boot"), ("boot-02", "Rubber boot"));
        await OrderAsync(customer.Id, ("boot-01", "Hiking boot"));

        var found = (await (await app.AdminAsync()).Get($"{Values}?related=order_lines&field=product_id&search=BOOT")).Expect(200)["results"].AsArray();

        Assert.Equal(
            [("BOOT-01", "Hiking boot", 2), ("BOOT-02", "Rubber boot", 1)],
            found.Select(value => (((string)value!["value"]!).ToUpperInvariant(), (string)value["label"]!, (int)value["count"]!)));
        Assert.Equal([("Hiking boot", 2), ("Rubber boot", 1)], await FindAsync("related=order_lines&field=name&search=boot"));
    }

    [Fact]
    public async Task Products_of_wishlists_and_reviews_are_offered()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await customer.Put($"{customer.Url}wishlist/lamp-1/", new { name = "Lamp" })).Expect(201);
        var review = new { customer = customer.Id, product_id = "lamp-2", rating = 5, created_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await admin.Put($"/api/reviews/{Guid.NewGuid()}/", review)).Expect(201);

        Assert.Equal([("lamp-1", 1)], await FindAsync("related=wishlist&field=product_id&search=lamp"));
        Assert.Equal([("lamp-2", 1)], await FindAsync("related=reviews&field=product_id&search=lamp"));
    }

    [Fact]
    public async Task Every_field_that_says_so_has_values_to_pick_from()
    {
        var admin = await app.AdminAsync();
        var vocabulary = (await admin.Get("/api/customers/groups/fields/")).Expect(200);
        var asked = 0;
        foreach (var (related, field) in vocabulary["fields"].AsArray().Select(field => ((string?)null, field!)).Concat(
            vocabulary["relations"].AsArray().SelectMany(relation => relation!["members"]!.AsArray().Select(field => ((string?)relation["name"], field!)))))
        {
            var answer = await admin.Get($"{Values}?field={field["name"]}{(related is null ? "" : $"&related={related}")}&search=x");
            asked += (bool)field["suggests_values"]! ? 1 : 0;

            answer.Expect((bool)field["suggests_values"]! ? 200 : 400);
        }

        Assert.Equal(16, asked);
    }

    [Fact]
    public async Task Without_a_text_the_most_common_values_are_offered()
    {
        await app.CustomerAsync(with: new { source = "newsletter" });

        Assert.Contains("newsletter", (await FindAsync("field=source")).Select(value => value.Value));
        Assert.Contains("newsletter", (await FindAsync("field=source&search=")).Select(value => value.Value));
    }

    [Theory]
    [InlineData("", "field", "tags")]
    [InlineData("?field=", "field", "tags")]
    [InlineData("?field=username", "field", "source")]
    [InlineData("?field=metadata.size", "field", "source")]
    [InlineData("?field=tags&related=order_lines", "field", "sku")]
    [InlineData("?field=product_id&related=points", "related", "wishlist")]
    [InlineData("?field=tags&related=", "related", "order_lines")]
    [InlineData("?field=tags&search=%00", "search", "NUL")]
    [InlineData("?field=tags&field=source", "field", "twice")]
    [InlineData("?field=tags&page=2", "page", "Unknown")]
    public async Task What_is_wrong_is_named_with_what_would_be_right(string query, string parameter, string right)
    {
        var problem = (await (await app.AdminAsync()).Get(Values + query)).ExpectProblem(400, parameter);

        Assert.Contains(right, (string)problem["errors"][parameter]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_of_more_than_a_hundred_characters_is_refused()
    {
        var admin = await app.AdminAsync();

        (await admin.Get($"{Values}?field=tags&search={new string('x', 100)}")).Expect(200);
        (await admin.Get($"{Values}?field=tags&search={new string('x', 101)}")).ExpectProblem(400, "search");
    }

    [Fact]
    public async Task Hostile_texts_are_found_as_they_are()
    {
        await TagAsync(Hostile);
        foreach (var text in Hostile)
        {
            Assert.Equal([(text, 1)], await FindAsync($"field=tags&search={Uri.EscapeDataString(text)}"));
        }

        Assert.Empty(await FindAsync($"field=tags&search={Uri.EscapeDataString("5_%_off")}"));
    }

    [Fact]
    public async Task Only_the_newest_rows_are_read()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var start = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await own.WithDatabaseAsync(async db =>
        {
            db.AddRange(Enumerable.Range(0, SeenValues.Considered + 1).Select(number => new WishlistItem
            {
                CustomerId = customer.Id,
                ProductId = number < 2 ? $"old {number}" : $"new {number}",
                Name = "Anything",
                AddedAt = start.AddSeconds(number),
            }.DeriveKeys()));
            return await db.SaveChangesAsync();
        });

        Assert.Equal([("old 1", 1)], await FindAsync("related=wishlist&field=product_id&search=old", own));
    }

    [Fact]
    public async Task Staff_do_not_exist_for_keys()
    {
        var (staff, key) = (await app.NewAdminAsync(), await app.KeyAsync("groups:read"));
        (await staff.Patch(staff.Url, new { tags = new[] { "staff only" }, source = "staff source" })).Expect(200);
        (await staff.Put($"{staff.Url}wishlist/staff-product/", new { name = "Badge" })).Expect(201);
        (await staff.Post("/api/customers/addresses/", Given.Address(city: "Staffville"))).Expect(201);
        await OrderAsync(staff.Id, ("staff-product", "Badge"));

        foreach (var query in new[]
        {
            "field=tags&search=staff", "field=source&search=staff", "related=wishlist&field=product_id&search=staff",
            "related=order_lines&field=product_id&search=staff", "related=addresses&field=city&search=staff",
        })
        {
            Assert.Single(await FindAsync(query));
            Assert.Empty((await key.Get($"{Values}?{query}")).Expect(200)["results"].AsArray());
        }
    }

    [Fact]
    public async Task A_key_sees_what_customers_have()
    {
        await TagAsync(["for keys"]);

        var found = (await (await app.KeyAsync("groups:read")).Get($"{Values}?field=tags&search=for keys")).Expect(200)["results"].AsArray();

        Assert.Equal("for keys", (string)Assert.Single(found)!["value"]!);
    }

    private async Task<IReadOnlyList<(string Value, int Count)>> FindAsync(string query, ClienteleApp? other = null) =>
        [.. (await (await (other ?? app).AdminAsync()).Get($"{Values}?{query}")).Expect(200)["results"].AsArray()
            .Select(value => ((string)value!["value"]!, (int)value["count"]!))];

    /// <summary>Customers with these tags.</summary>
    private async Task TagAsync(params string[][] customers)
    {
        foreach (var tags in customers)
        {
            var customer = await app.CustomerAsync();
            (await (await app.AdminAsync()).Patch(customer.Url, new { tags })).Expect(200);
        }
    }

    private async Task OrderAsync(long customer, params (string Id, string Name)[] products)
    {
        var lines = new JsonArray([.. products.Select((product, i) => new JsonObject
        {
            ["line_number"] = i + 1,
            ["product_id"] = product.Id,
            ["name"] = product.Name,
            ["quantity"] = 1,
            ["unit_price"] = "10.00",
        })]);
        var order = new { customer, status = "paid", total = "10.00", placed_at = "2025-10-15T14:30:00Z", revision = 1, lines };
        (await (await app.AdminAsync()).Put($"/api/orders/{Guid.NewGuid()}/", order)).Expect(201);
    }
}

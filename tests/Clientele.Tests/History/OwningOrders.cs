using System.Text;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.History;

/// <summary>An order and a review belong to one customer for good. An e-mail says who that is only once, and only if it is proven.</summary>
public sealed class OwningOrders(ClienteleApp app)
{
    private static readonly string[] Records = ["orders", "reviews"];

    [Fact]
    public async Task A_refund_with_the_old_email_reaches_the_customer_after_the_email_has_changed()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await VerifyAsync(admin, customer);
        var number = $"moved-{customer.Id}";
        (await admin.Put($"/api/orders/{number}/", Order(customer.Email, 1))).Expect(201);
        (await admin.Patch(customer.Url, new { email = $"new-{customer.Email}" })).Expect(200);

        (await admin.Put($"/api/orders/{number}/", Order(customer.Email, 2, refunded: "4.00"))).Expect(200);
        var stranger = await app.CustomerAsync(with: new { email = customer.Email });
        await VerifyAsync(admin, stranger);
        var refunded = (await admin.Put($"/api/orders/{number}/", Order(customer.Email, 3, refunded: "6.00"))).Expect(200);

        Assert.Equal(customer.Id, (long)refunded["customer"]);
        Assert.Equal("4.00", (string)(await customer.Get(customer.Url + "stats/")).Expect(200)["total_spent"]!);
        Assert.Equal(0, (int)(await stranger.Get(stranger.Url + "stats/")).Expect(200)["total_orders"]);
    }

    [Fact]
    public async Task Registering_an_email_first_does_not_bring_its_next_orders()
    {
        var admin = await app.AdminAsync();
        var victim = $"victim-{Guid.NewGuid():N}@example.com";
        var thief = await app.CustomerAsync(with: new { email = victim });
        foreach (var (record, email) in Records.SelectMany(record => new[] { (record, victim), (record, "nobody@example.com") }))
        {
            var refused = await admin.Put($"/api/{record}/{Guid.NewGuid()}/", Record(record, email, 1));
            Assert.Equal("customer_unknown", refused.ExpectProblem(400, "customer").Code);
            Assert.Contains("id, the uuid or the proven e-mail", (string)refused["errors"]["customer"]![0]!, StringComparison.Ordinal);
        }

        await VerifyAsync(admin, thief);
        (await admin.Put($"/api/orders/{Guid.NewGuid()}/", Order(victim, 1))).Expect(201);
        (await admin.Put($"/api/reviews/{Guid.NewGuid()}/", Review(victim.ToUpperInvariant(), 1))).Expect(201);
    }

    [Fact]
    public async Task A_known_record_keeps_its_customer_whatever_an_update_names()
    {
        var (admin, customer, another) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync());
        await VerifyAsync(admin, another);
        var (own, others) = (await UuidAsync(customer), await UuidAsync(another));
        foreach (var record in Records)
        {
            var url = $"/api/{record}/kept-{customer.Id}/";
            (await admin.Put(url, Record(record, customer.Id, 1))).Expect(201);
            var revision = 2;
            foreach (var reference in new JsonNode?[] { null, customer.Id, $"{customer.Id}", own, own.ToUpperInvariant(), another.Email, "no@where.example" })
            {
                var kept = (await admin.Put(url, Record(record, reference, revision++))).Expect(200);
                Assert.Equal((customer.Id, revision - 1), ((long)kept["customer"], (int)kept["revision"]));
            }

            foreach (var reference in new JsonNode[] { another.Id, others, 999_999_999, Guid.NewGuid().ToString() })
            {
                Assert.Equal("customer_changed", (await admin.Put(url, Record(record, reference, 100))).ExpectProblem(409, "customer").Code);
            }
        }
    }

    [Fact]
    public async Task A_new_record_needs_its_customer()
    {
        var admin = await app.AdminAsync();
        foreach (var record in Records)
        {
            var url = $"/api/{record}/{Guid.NewGuid()}/";
            Assert.Equal("validation_failed", (await admin.Put(url, Record(record, null, 1))).ExpectProblem(400, "customer").Code);
            (await admin.Get(url)).ExpectProblem(404);
        }
    }

    [Fact]
    public async Task A_batch_is_applied_one_order_after_the_other()
    {
        var (admin, customer, another) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync());
        var number = $"twice-{customer.Id}";
        JsonObject[] orders =
        [
            Named(number, null, 1), Named(number, "nobody@example.com", 2), Named(number, customer.Id, 3), Named(number, null, 4),
            Named(number, "nobody@example.com", 5), Named(number, another.Id, 6),
        ];

        var results = (await admin.Post("/api/orders/batch/", new { orders })).Expect(200)["results"].AsArray();

        Assert.Equal(
            ["400 validation_failed", "400 customer_unknown", "201 ", "200 ", "200 ", "409 customer_changed"],
            results.Select(result => $"{result!["status"]} {result["code"]}"));
        Assert.Equal(
            ["order_number", "status", "code", "errors"],
            results[1]!.AsObject().Select(member => member.Key));
        Assert.Equal(5, (int)(await admin.Get($"/api/orders/{number}/")).Expect(200)["revision"]);
    }

    [Fact]
    public async Task A_line_of_a_batch_that_is_refused_gives_its_order_to_nobody()
    {
        var (admin, customer, another) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync());
        var early = Named($"early-{customer.Id}", another.Id, 1);
        early["placed_at"] = app.Clock.GetUtcNow().AddDays(3).ToString("O");
        JsonObject[] orders =
        [
            Named($"missing-{customer.Id}", 999_999_999, 1), Named($"missing-{customer.Id}", customer.Id, 2),
            early, Named($"early-{customer.Id}", customer.Id, 2),
        ];

        var results = (await admin.Post("/api/orders/batch/", new { orders })).Expect(200)["results"].AsArray();

        Assert.Equal(
            ["400 customer_unknown", "201 ", "400 validation_failed", "201 "], results.Select(result => $"{result!["status"]} {result["code"]}"));
        Assert.Equal(customer.Id, (long)(await admin.Get($"/api/orders/early-{customer.Id}/")).Expect(200)["customer"]);
    }

    [Fact]
    public async Task Simultaneous_first_deliveries_for_two_customers_have_one_winner()
    {
        var (admin, customer, another) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync());
        foreach (var record in Records)
        {
            var url = $"/api/{record}/race-{Guid.NewGuid()}/";
            var answers = await Crowd.AtOnceAsync(12, i => admin.Put(url, Record(record, (i % 2 == 0 ? customer : another).Id, 1)));

            var owner = (long)(await admin.Get(url)).Expect(200)["customer"];
            Assert.Single(answers, answer => (int)answer.Status == 201);
            Assert.All(answers.Index(), answer => Assert.Equal((answer.Index % 2 == 0 ? customer : another).Id == owner, (int)answer.Item.Status < 300));
        }
    }

    [Fact]
    public async Task Every_result_of_a_stream_has_the_line_of_its_order()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var good = Named($"line-{customer.Id}", customer.Id, 1).ToJsonString();
        var unknown = Named($"nobodys-{customer.Id}", "nobody@example.com", 1).ToJsonString();
        var content = "\uFEFF" + string.Join('\n', good, "", "  \t\r", "{", unknown, good, "", "");
        using var body = new StringContent(content, Encoding.UTF8, "application/x-ndjson");

        var answer = (await admin.SendContent(HttpMethod.Post, "/api/orders/batch/", body)).Expect(200);

        var results = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
        Assert.Equal(
            ["1: 201 ", "4: 400 validation_failed", "5: 400 customer_unknown", "6: 200 "],
            results.Select(result => $"{result["line"]}: {result["status"]} {result["code"]}"));
    }

    private static Task<Answer> VerifyAsync(Actor admin, Actor customer) => admin.Post(customer.Url + "verify/");

    private static async Task<string> UuidAsync(Actor customer) => (string)(await customer.Get(customer.Url)).Expect(200)["uuid"]!;

    private static JsonObject Record(string kind, JsonNode? customer, int revision) =>
        kind == "orders" ? Order(customer?.DeepClone(), revision) : Review(customer?.DeepClone(), revision);

    private static JsonObject Order(JsonNode? customer, int revision, string refunded = "0") => With(customer, new()
    {
        ["status"] = "delivered",
        ["total"] = "10.00",
        ["refunded"] = refunded,
        ["placed_at"] = "2025-10-15T14:30:00Z",
        ["revision"] = revision,
    });

    private static JsonObject Review(JsonNode? customer, int revision) =>
        With(customer, new() { ["product_id"] = "p", ["rating"] = 5, ["revision"] = revision });

    private static JsonObject Named(string number, JsonNode? customer, int revision)
    {
        var order = Order(customer, revision);
        order["order_number"] = number;
        return order;
    }

    private static JsonObject With(JsonNode? customer, JsonObject record)
    {
        if (customer is not null)
        {
            record["customer"] = customer;
        }

        return record;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.History;

/// <summary>The final state is the same, whatever the order, duplication and loss of deliveries.</summary>
public sealed class DeliveringOrders(ClienteleApp app)
{
    private static readonly string[] Statuses = ["pending", "paid", "processing", "shipped", "delivered", "cancelled", "partially_refunded", "refunded"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Shuffled_duplicated_and_retried_on_two_nodes_they_end_in_the_statistics_of_the_newest_revisions(int seed)
    {
        await using var other = await ClienteleApp.StartAsync(new() { Database = app.Database, Clock = app.Clock });
        var admins = new[] { await app.AdminAsync(), await other.NewAdminAsync() };
        var customers = new[] { await app.CustomerAsync(), await app.CustomerAsync() };
        var chance = new Random(seed);
        var revisions = Revisions(chance, customers, seed);

        // Half of the deliveries are sent twice. All are sent in random order, to two nodes, by eight senders, one by one and in batches.
        var deliveries = revisions.Concat(revisions.Where(_ => chance.Next(2) == 0)).OrderBy(_ => chance.Next()).ToArray();
        var queue = new Queue<Delivery[]>(deliveries.Chunk(3));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            while (true)
            {
                Delivery[] chunk;
                lock (queue)
                {
                    if (!queue.TryDequeue(out chunk!))
                    {
                        return;
                    }
                }

                await DeliverAsync(admins[sender % 2], chunk, asBatch: sender % 4 == 3);
            }
        }));

        foreach (var customer in customers)
        {
            var newest = revisions.Where(delivery => delivery.Customer == customer.Id).GroupBy(delivery => delivery.Number)
                .Select(order => order.MaxBy(delivery => delivery.Revision)!).Where(Counts).ToArray();
            var stats = (await customer.Get($"{customer.Url}stats/")).Expect(200);

            Assert.Equal(newest.Length, (int)stats["total_orders"]);
            Assert.Equal(newest.Sum(Net), decimal.Parse((string)stats["total_spent"]!, CultureInfo.InvariantCulture));
            Assert.Equal(
                newest.Length == 0 ? null : newest.Max(order => order.PlacedAt).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                (string?)stats.Json["last_order_date"]);
            Assert.Equal(Tier(newest.Sum(Net)), (string)stats["loyalty_tier"]!);
            Assert.Equal(newest.Sum(order => Math.Floor(Net(order))), (long)stats["loyalty_points"]);
        }
    }

    [Fact]
    public async Task A_revision_that_is_not_newer_changes_nothing_and_answers_with_what_is_stored()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var number = $"again-{customer.Id}";
        (await admin.Put($"/api/orders/{number}/", Order(customer.Id, 2, "50.00"))).Expect(201);

        var stale = (await admin.Put($"/api/orders/{number}/", Order(customer.Id, 2, "99.00"))).Expect(200);

        Assert.Equal("50.00", (string)stale["total"]!);
    }

    [Fact]
    public async Task The_customer_of_an_order_never_changes()
    {
        var (admin, customer, another) = (await app.AdminAsync(), await app.CustomerAsync(), await app.CustomerAsync());
        var number = $"fixed-{customer.Id}";
        (await admin.Put($"/api/orders/{number}/", Order(customer.Id, 1, "50.00"))).Expect(201);

        var answer = await admin.Put($"/api/orders/{number}/", Order(another.Id, 2, "50.00"));

        answer.ExpectProblem(409, "customer");
    }

    [Fact]
    public async Task A_redelivery_after_an_erasure_finds_nobody()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var number = $"late-{customer.Id}";
        (await admin.Put($"/api/orders/{number}/", Order(customer.Id, 1, "50.00"))).Expect(201);
        (await admin.Delete(customer.Url)).Expect(204);

        (await admin.Put($"/api/orders/{number}/", Order(customer.Id, 2, "60.00"))).ExpectProblem(400, "customer");
    }

    [Fact]
    public async Task Another_currency_needs_its_rate_which_is_applied_half_to_even()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var order = Order(customer.Id, 1, "10.05");
        order["currency"] = "EUR";
        (await admin.Put($"/api/orders/euro-{customer.Id}/", order)).ExpectProblem(400, "exchange_rate");

        order["exchange_rate"] = "0.5";
        (await admin.Put($"/api/orders/euro-{customer.Id}/", order)).Expect(201);

        // 5.025 is between two cents; it is rounded to the even one.
        Assert.Equal("5.02", (string)(await customer.Get($"{customer.Url}stats/")).Expect(200)["total_spent"]!);
    }

    [Theory]
    [InlineData("""{"order_number":"\ud83d"}""")]
    [InlineData("""{"order_number":"twice","order_number":"twice"}""")]
    [InlineData("""{"order_number":"null","status":"\u0000"}""")]
    public async Task One_order_of_a_batch_that_cannot_be_stored_does_not_stop_the_others(string bad)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var (first, last) = (Named($"b1-{customer.Id}", customer.Id).ToJsonString(), Named($"b2-{customer.Id}", customer.Id).ToJsonString());

        var answer = (await admin.Post("/api/orders/batch/", $$"""{"orders":[{{first}},{{bad}},{{last}}]}""")).Expect(200);

        Assert.Equal([201, 400, 201], answer["results"].AsArray().Select(result => (int)result!["status"]!));
        (await admin.Post("/api/orders/batch/", """{"orders":[],"orders":[]}""")).ExpectProblem(400, "orders");
    }

    [Fact]
    public async Task One_bad_order_of_a_stream_does_not_stop_the_others()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var lines = new[]
        {
            Named($"s1-{customer.Id}", customer.Id).ToJsonString(), "{", Named($"s2-{customer.Id}", 999_999_999).ToJsonString(),
            Named($"s3-{customer.Id}", customer.Id).ToJsonString(),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders/batch/")
        {
            Content = new StringContent(string.Join('\n', lines), System.Text.Encoding.UTF8, "application/x-ndjson"),
        };
        request.Headers.Authorization = new("Bearer", admin.Access);

        using var response = await admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var results = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([201, 400, 400, 201], results.Select(result => (int)JsonNode.Parse(result)!["status"]!));
    }

    private static async Task DeliverAsync(Actor admin, Delivery[] chunk, bool asBatch)
    {
        if (asBatch)
        {
            var batch = new JsonObject { ["orders"] = new JsonArray([.. chunk.Select(delivery => Json(delivery, delivery.Number))]) };
            var answer = (await admin.Post("/api/orders/batch/", batch)).Expect(200);
            Assert.All(answer["results"].AsArray(), result => Assert.InRange((int)result!["status"]!, 200, 201));
            return;
        }

        foreach (var delivery in chunk)
        {
            Assert.InRange((int)(await admin.Put($"/api/orders/{delivery.Number}/", Json(delivery))).Status, 200, 201);
        }
    }

    /// <summary>Thirty orders with up to four revisions each.</summary>
    private static Delivery[] Revisions(Random chance, Actor[] customers, int seed) =>
    [
        .. Enumerable.Range(0, 30).SelectMany(order =>
        {
            var customer = customers[chance.Next(customers.Length)].Id;
            return Enumerable.Range(1, chance.Next(1, 5)).Select(revision =>
            {
                var total = chance.Next(0, 60_000) / 100m;
                var refunded = chance.Next(3) == 0 ? Math.Round(total * chance.Next(0, 101) / 100, 2) : 0;
                return new Delivery(
                    $"{seed}-{customer}-{order}",
                    customer,
                    Statuses[chance.Next(Statuses.Length)],
                    total,
                    refunded,
                    chance.Next(4) == 0 ? chance.Next(1, 30_000) / 10_000m : null,
                    new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(chance.Next(5000)),
                    revision);
            });
        }),
    ];

    private static JsonObject Json(Delivery delivery, string? number = null)
    {
        var json = new JsonObject
        {
            ["customer"] = delivery.Customer,
            ["status"] = delivery.Status,
            ["total"] = delivery.Total,
            ["refunded"] = delivery.Refunded,
            ["placed_at"] = delivery.PlacedAt.ToString("O", CultureInfo.InvariantCulture),
            ["revision"] = delivery.Revision,
        };
        if (number is not null)
        {
            json["order_number"] = number;
        }

        if (delivery.Rate is { } rate)
        {
            (json["currency"], json["exchange_rate"]) = ("EUR", rate);
        }

        return json;
    }

    private static bool Counts(Delivery order) =>
        order.Status is not ("pending" or "cancelled" or "refunded") && !(order.Refunded > 0 && order.Refunded == order.Total);

    private static decimal Net(Delivery order) => Math.Round((order.Total - order.Refunded) * (order.Rate ?? 1), 2, MidpointRounding.ToEven);

    private static string Tier(decimal spent) => spent switch
    {
        >= 10_000 => "platinum",
        >= 5_000 => "gold",
        >= 1_000 => "silver",
        _ => "bronze",
    };

    private static JsonObject Order(long customer, int revision, string total) => new()
    {
        ["customer"] = customer,
        ["status"] = "delivered",
        ["total"] = total,
        ["placed_at"] = "2025-10-15T14:30:00Z",
        ["revision"] = revision,
    };

    private static JsonObject Named(string number, long customer)
    {
        var order = Order(customer, 1, "10.00");
        order["order_number"] = number;
        return order;
    }

    private sealed record Delivery(
        string Number, long Customer, string Status, decimal Total, decimal Refunded, decimal? Rate, DateTime PlacedAt, int Revision);
}

using System.Globalization;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A shop in which anything may happen, with every kind of write to a customer.</summary>
internal sealed class RandomShop
{
    private static readonly string[] Tags = ["red", "green", "blue"];
    private static readonly string[] Statuses = ["paid", "delivered", "cancelled", "refunded", "pending"];

    private readonly List<long> _customers = [];
    private readonly List<long> _groups = [];
    private readonly List<long> _segments = [];
    private int _names;

    private RandomShop()
    {
    }

    public IReadOnlyList<long> Segments => _segments;

    public IEnumerable<long> Groups => _groups.Concat(_segments);

    /// <summary>Creates some customers, two groups with manual members, and a segment for each rule.</summary>
    public static async Task<RandomShop> OpenAsync(Actor admin, Actor stranger)
    {
        var shop = new RandomShop();
        for (var i = 0; i < 8; i++)
        {
            await shop.RegisterAsync(stranger);
        }

        for (var i = 0; i < 2; i++)
        {
            shop._groups.Add((long)(await admin.Post(Lists.Groups, new { name = $"Group {Guid.NewGuid():n}" })).Expect(201)["id"]);
        }

        foreach (var rule in Rules(shop._groups[0]))
        {
            await AddAsync(rule);
        }

        await AddAsync(Any(In(shop._segments[0]), In(shop._segments[3])));
        await AddAsync(All(Not(In(shop._segments[^1])), Field("is_active", "in", new[] { true, false })));

        // And one that refers to no other group but is evaluated after these.
        await AddAsync(Rules(shop._groups[0]).First());
        return shop;

        async Task AddAsync(object rule) =>
            shop._segments.Add((long)(await admin.Post(
                Lists.Groups,
                new { name = $"Segment {Guid.NewGuid():n}", auto_assign = true, assignment_rules = rule })).Expect(201)["id"]);
    }

    /// <summary>Makes a random call. It may be refused, but must not fail.</summary>
    public async Task StepAsync(Actor admin, Actor stranger, Random chance, DateTime now)
    {
        var answer = await DrawAsync(admin, stranger, chance, now);
        Assert.True((int)answer.Status < 500, answer.Text);
    }

    /// <summary>
    /// Expects that the stored members match the rules now, that the counts match the rows, and that replaying the changes gives the members. All
    /// queues must be empty.
    /// </summary>
    public async Task ExpectRightAsync(ClienteleApp app)
    {
        Assert.Empty(await app.CheckAsync());
        var admin = await app.FreshAdminAsync();
        foreach (var group in Groups)
        {
            var members = await app.MembersAsync(group);
            Assert.Equal(members, Replay((await app.ReadChangesAsync(group, null, 500)).Changes));
            var shown = (await admin.Get(Url(group))).Expect(200);
            if ((bool)shown["auto_assign"])
            {
                Assert.Equal("ready", (string)shown["state"]!);
                var preview = new { group, assignment_rules = shown["assignment_rules"], sample_size = 5 };
                var fresh = (await admin.Post($"{Lists.Groups}preview/", preview)).Expect(200);
                Assert.True(
                    (0, 0, members.Count) == ((int)fresh["entering"], (int)fresh["leaving"], (int)fresh["staying"]),
                    $"{group} {shown["assignment_rules"].ToJsonString()}: {fresh.Text}\n{string.Join(' ', members)}");
            }
        }
    }

    private static object Field(string field, string op, object value) => new { field, op, value };

    private static IEnumerable<object> Rules(long group)
    {
        yield return Vip;
        yield return Spent(100);
        yield return Ordered(30, "minute");
        yield return All(Field("tags", "contains_any", new[] { "red" }), Not(In(group)));
        yield return new
        {
            related = "orders",
            where = Field("total", "gte", 50),
            within = new { on = "placed_at", last = new { n = 2, unit = "hour" } },
            at_least = 2,
        };
        yield return Any(new { related = "wishlist", at_least = 1 }, new { related = "reviews", where = Field("rating", "gte", 4) });
        yield return new { not = new { related = "addresses", where = Field("country", "eq", "USA") } };
        yield return All(Field("loyalty_points", "gte", 100), Field("loyalty_tier", "gte", "silver"));
        yield return Field("last_login", "within_last", new { n = 1, unit = "hour" });
        yield return All(Field("date_joined", "not_within_last", new { n = 20, unit = "minute" }), Field("metadata.seats", "gte", 3));
        yield return new { related = "points", having = new { agg = "sum", of = "points", op = "gte", value = 50 } };
        yield return Field("is_active", "eq", false);
    }

    private async Task<Answer> DrawAsync(Actor admin, Actor stranger, Random chance, DateTime now)
    {
        var customer = Pick(chance, _customers);
        var url = $"{Lists.Customers}{customer}/";
        var n = chance.Next(4);
        switch (chance.Next(26))
        {
            case 0 or 1:
                return await admin.Patch(url, new { is_vip = chance.Next(2) == 0 });
            case 2 or 3:
                return await admin.Patch(url, new { tags = Tags.Where(_ => chance.Next(2) == 0) });
            case 4:
                return await admin.Patch(url, new { metadata = new { seats = chance.Next(6) } });
            case 5 or 6 or 7 or 8:
                var order = chance.Next(60);
                return await admin.Put($"/api/orders/{order}/", new
                {
                    customer = _customers[order % _customers.Count],
                    status = Pick(chance, Statuses),
                    total = chance.Next(200),
                    placed_at = now.AddMinutes(chance.Next(-180, 60)).ToString("O", CultureInfo.InvariantCulture),
                    revision = chance.Next(1, 1000),
                });
            case 9:
                var orders = Enumerable.Range(0, 5).Select(_ => chance.Next(60)).Distinct().Select(number => new
                {
                    order_number = $"{number}",
                    customer = _customers[number % _customers.Count],
                    status = Pick(chance, Statuses),
                    total = chance.Next(200),
                    placed_at = now,
                    revision = chance.Next(1, 1000),
                });
                return await admin.Post("/api/orders/batch/", new { orders });
            case 10:
                return await admin.Post($"{url}add_loyalty_points/", new { points = chance.Next(1, 120), reason = "x" });
            case 11:
                return await admin.Post($"{url}redeem_loyalty_points/", new { points = chance.Next(1, 60), reason = "x" });
            case 12:
                return await admin.Post($"{url}update_loyalty_tier/", new { loyalty_tier = Pick(chance, ["bronze", "silver", "gold"]), reason = "x" });
            case 13:
                return chance.Next(3) == 0 ? await admin.Delete($"{url}wishlist/p{n}/") : await admin.Put($"{url}wishlist/p{n}/", new { name = "x" });
            case 14:
                return chance.Next(3) == 0
                    ? await admin.Delete($"/api/reviews/{n}-{customer}/")
                    : await admin.Put(
                        $"/api/reviews/{n}-{customer}/",
                        new { customer, product_id = "p", rating = chance.Next(1, 6), revision = chance.Next(1, 1000) });
            case 15:
                return await admin.Post(Lists.Addresses, Given.Address(customer: customer));
            case 16:
                var addresses = (await admin.Get($"{Lists.Addresses}?customer={customer}")).Expect(200).Ids();
                return addresses.Length == 0 ? await admin.Get(url)
                    : n < 2 ? await admin.Delete($"{Lists.Addresses}{addresses[0]}/")
                    : await admin.Post($"{Lists.Addresses}{addresses[^1]}/set_default/");
            case 17:
                return await admin.Post(url + (chance.Next(2) == 0 ? "deactivate/" : "reactivate/"));
            case 18:
                return await stranger.Post("/api/auth/token/", new { username = $"{customer}", password = "wrong horse" });
            case 19:
                return await SignInAsync(stranger, customer);
            case 20:
                return chance.Next(4) == 0 ? await RegisterAsync(stranger)
                    : chance.Next(4) == 0 && customer != _customers[0] ? await EraseAsync(admin, customer)
                    : await admin.Get(url);
            case 21 or 22:
                return await admin.Post($"{Url(Pick(chance, [.. Groups]))}{Pick(chance, ["add", "remove", "reset"])}_member/", new { customer_id = customer });
            case 23:
                return await admin.Post(
                    $"{Url(Pick(chance, [.. Groups]))}{Pick(chance, ["add", "remove", "reset"])}_member/",
                    new { customer_ids = _customers.Take(5).ToArray() });
            case 24:
                return await admin.Patch(Url(Pick(chance, _segments)), new { auto_assign = chance.Next(4) > 0 });
            default:
                return n < 2
                    ? await admin.Patch(Url(_segments[1]), new { assignment_rules = Spent(chance.Next(50, 300)) })
                    : await admin.Post($"{Url(Pick(chance, _segments))}rebuild/");
        }
    }

    private async Task<Answer> RegisterAsync(Actor stranger)
    {
        var answer = (await stranger.Post("/api/customers/register/", Given.Registration($"random-{Interlocked.Increment(ref _names)}"))).Expect(201);
        lock (_customers)
        {
            _customers.Add((long)answer["id"]);
        }

        return answer;
    }

    /// <summary>Signs the customer in; not every customer may do that.</summary>
    private async Task<Answer> SignInAsync(Actor stranger, long customer)
    {
        var number = _customers.IndexOf(customer) + 1;
        return await stranger.Post("/api/auth/token/", new { username = $"random-{number}", password = ClienteleApp.Password });
    }

    private static Task<Answer> EraseAsync(Actor admin, long customer) => admin.Delete($"{Lists.Customers}{customer}/");

    private static T Pick<T>(Random chance, IReadOnlyList<T> from) => from[chance.Next(from.Count)];
}

using Clientele.Tests.House;
using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Members enter and leave only because time passes.</summary>
public sealed class FollowingTheClock
{
    [Fact]
    public async Task Whose_last_order_is_too_long_ago_leaves_when_the_time_comes()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (early, late) = (await own.NewCustomerAsync(), await own.NewCustomerAsync());
        var now = own.Clock.GetUtcNow().UtcDateTime;
        (await own.OrderAsync(early, "o1", 1, now.AddHours(-80))).Expect(201);
        (await own.OrderAsync(late, "o2", 1, now)).Expect(201);
        var segment = await own.SegmentAsync(Ordered(90, "hour"));
        await own.ExpectAsync(segment, early, late);

        own.Clock.Advance(TimeSpan.FromHours(10) - TimeSpan.FromSeconds(1));
        await own.ExpectAsync(segment, early, late);
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await own.ExpectAsync(segment, late);
        own.Clock.Advance(TimeSpan.FromHours(100));
        await own.ExpectAsync(segment);

        Assert.Equal([$"{early} left clock", $"{late} left clock"], (await own.ChangesAsync(segment)).Skip(2));
        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task A_node_that_starts_finds_what_the_clock_did_meanwhile()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.NewCustomerAsync();
        (await own.OrderAsync(customer, "o1", 1, own.Clock.GetUtcNow().UtcDateTime)).Expect(201);
        var segment = await own.SegmentAsync(Ordered(1, "hour"));
        await own.ExpectAsync(segment, customer);

        own.Clock.Advance(TimeSpan.FromHours(2));
        await using var second = await own.SecondNodeAsync();
        await second.DrainAsync();

        Assert.Empty(await own.MembersAsync(segment));
    }

    [Fact]
    public async Task What_a_clock_that_is_ahead_dates_tomorrow_counts_at_once()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (admin, customer, tomorrow) = (await own.FreshAdminAsync(), await own.NewCustomerAsync(), own.Clock.GetUtcNow().UtcDateTime.AddDays(1));
        var line = new { line_number = 1, product_id = "p", name = "P", quantity = 1, unit_price = 1 };
        var order = new { customer, status = "paid", total = 1, placed_at = tomorrow, revision = 1, lines = new[] { line } };
        (await admin.Put("/api/orders/o1/", order)).Expect(201);
        (await admin.Put("/api/reviews/r1/", new { customer, product_id = "p", rating = 5, created_at = tomorrow, revision = 1 })).Expect(201);
        long[] segments =
        [
            await own.SegmentAsync(Ordered(1, "hour")),
            await own.SegmentAsync(new { related = "orders", within = LastHour("placed_at") }),
            await own.SegmentAsync(new { related = "order_lines", within = LastHour("order.placed_at") }),
            await own.SegmentAsync(
                new { related = "reviews", having = new { agg = "max", of = "created_at", op = "within_last", value = new { n = 1, unit = "hour" } } }),
        ];
        (TimeSpan Until, long[] Members)[] steps =
        [
            (TimeSpan.Zero, [customer]), (TimeSpan.FromDays(1) + TimeSpan.FromMinutes(59), [customer]), (TimeSpan.FromMinutes(1), []),
        ];
        foreach (var (until, members) in steps)
        {
            own.Clock.Advance(until);
            foreach (var segment in segments)
            {
                await own.ExpectAsync(segment, members);
            }
        }

        static object LastHour(string on) => new { on, last = new { n = 1, unit = "hour" } };
    }

    [Fact]
    public async Task Every_birthday_is_within_a_year_also_from_a_leap_day_on()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.NewCustomerAsync();
        await own.PatchAsync(customer, new { date_of_birth = "1990-02-28" });
        own.Clock.AdvanceTo(new DateTime(RuleWorld.LeapYear, 2, 28, 12, 0, 0, DateTimeKind.Utc));
        var segment = await own.SegmentAsync(new { field = "date_of_birth", op = "anniversary_within_next", value = new { n = 1, unit = "year" } });
        await own.ExpectAsync(segment, customer);

        own.Clock.Advance(TimeSpan.FromDays(1));

        await own.ExpectAsync(segment, customer);
    }

    [Fact]
    public async Task Those_who_leave_by_the_clock_leave_the_groups_that_ask_for_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.NewCustomerAsync();
        (await own.OrderAsync(customer, "o1", 1, own.Clock.GetUtcNow().UtcDateTime)).Expect(201);
        var recent = await own.SegmentAsync(Ordered(1, "minute"));
        var lapsed = await own.SegmentAsync(All(Not(In(recent)), new { field = "total_orders", op = "gte", value = 1 }));
        await own.ExpectAsync(lapsed);

        own.Clock.Advance(TimeSpan.FromMinutes(1));

        await own.ExpectAsync(lapsed, customer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_crowd_that_comes_and_goes_at_one_instant_is_settled_like_anybody(int ordersEach)
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (admin, now, crowd) = (await own.FreshAdminAsync(), own.Clock.GetUtcNow().UtcDateTime, new List<long>());
        for (var i = 0; i < 230; i++)
        {
            crowd.Add(await own.RegisterAsync($"crowd-{i}"));
        }

        for (var i = 0; i < ordersEach; i++)
        {
            var orders = crowd
                .Select(customer => new { order_number = $"o{customer}-{i}", customer, status = "paid", total = 1, placed_at = now, revision = 1 })
                .ToArray();
            (await admin.Post("/api/orders/batch/", new { orders })).Expect(200);
        }

        var (recent, ordered) = (await own.SegmentAsync(Ordered(1, "hour")), new { field = "total_orders", op = "gte", value = 1 });
        var lapsed = await own.SegmentAsync(All(Not(Ordered(1, "hour")), ordered));
        var dependent = await own.SegmentAsync(All(Not(In(recent)), ordered));
        var (kept, refused, idle) = (crowd[0], crowd[1], crowd[2]);
        await own.DecideAsync("remove", recent, kept);
        await own.DecideAsync("add", recent, kept);
        await own.DecideAsync("remove", lapsed, refused);
        await own.PatchAsync(idle, new { is_active = false });
        await own.ExpectAsync(recent, [.. crowd.Except([idle])]);

        own.Clock.Advance(TimeSpan.FromHours(1));

        await own.ExpectAsync(recent, kept);
        await own.ExpectAsync(lapsed, [.. crowd.Except([refused, idle])]);
        await own.ExpectAsync(dependent, [.. crowd.Except([kept, idle])]);
        Assert.Equal(crowd.Skip(1).Except([idle]).Select(customer => $"{customer} left clock").Order(), (await own.ChangesAsync(recent)).TakeLast(228).Order());
        Assert.All((await own.ChangesAsync(lapsed)).TakeLast(228), change => Assert.EndsWith("entered clock", change, StringComparison.Ordinal));
        Assert.All((await own.ChangesAsync(dependent)).TakeLast(228), change => Assert.EndsWith("entered group", change, StringComparison.Ordinal));
        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task Without_anybody_asking_the_service_follows_within_two_seconds()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.NewCustomerAsync();
        (await own.OrderAsync(customer, "o1", 1, own.Clock.GetUtcNow().UtcDateTime)).Expect(201);
        var segment = await own.SegmentAsync(Ordered(1, "hour"));
        await own.ExpectAsync(segment, customer);

        own.Clock.Advance(TimeSpan.FromHours(1));

        // The test does not drain: the worker must run by itself. The deadline allows for a busy machine.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((int)(await (await own.FreshAdminAsync()).Get(Url(segment))).Expect(200)["members_count"] > 0)
        {
            Assert.False(patience.IsCancellationRequested, string.Join("\n", own.Log.Lines));
        }
    }

    [Fact]
    public async Task What_was_being_evaluated_when_the_clock_came_by_is_found_a_little_later()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.NewCustomerAsync();
        var segment = await own.SegmentAsync(Ordered(1, "hour"));
        await own.ExpectAsync(segment);
        var ordered = own.Clock.GetUtcNow().UtcDateTime;
        own.Clock.Advance(TimeSpan.FromHours(1));
        await own.DrainAsync();

        // As if the order had been evaluated just before the hour, and committed after the sweep.
        var instant = $"{ordered:yyyy-MM-dd HH:mm:ss.fff}{(TestDatabase.Kind is DatabaseKind.Postgres ? "Z" : "")}";
        await own.Database.ExecuteAsync($"UPDATE customers SET last_order_date = '{instant}' WHERE id = {customer}");
        await own.DecideAsync("add", segment, customer);
        await own.Database.ExecuteAsync($"UPDATE memberships SET origin = 2 WHERE customer_id = {customer}");
        await own.ExpectAsync(segment, customer);
        own.Clock.Advance(TimeSpan.FromMinutes(3));

        await own.ExpectAsync(segment);
    }
}

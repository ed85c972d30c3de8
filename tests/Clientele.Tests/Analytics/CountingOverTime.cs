using System.Globalization;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;

namespace Clientele.Tests.Analytics;

/// <summary>Figures over time are what somebody counts who watches every day.</summary>
public sealed class CountingOverTime
{
    private const string Series = "/api/customers/analytics/series/";
    private const string Movement = "/api/customers/analytics/movement/";

    [Fact]
    public async Task New_customers_are_counted_on_their_day_and_in_their_week_and_month()
    {
        // A Thursday.
        var (app, admin, customer) = await Shop.AtAsync("2027-01-28T12:00:00Z");
        await using var _ = app;
        foreach (var (instant, customers) in new[] { ("2027-01-31T23:59:59Z", 2), ("2027-02-01T00:00:00Z", 3), ("2027-02-09T08:00:00Z", 1) })
        {
            (admin, customer) = await app.GoToAsync(instant, admin, customer);
            for (var i = 0; i < customers; i++)
            {
                await app.CustomerAsync($"c{instant[..10]}-{i}");
            }
        }

        // The admin and the first customer joined on the Thursday.
        Assert.Equal(
            ["2027-01-28 2", "2027-01-29 0", "2027-01-30 0", "2027-01-31 2", "2027-02-01 3"],
            await SeriesAsync(admin, "from=2027-01-28&to=2027-02-01"));
        Assert.Equal(["2027-01-25 4", "2027-02-01 3", "2027-02-08 1"], await SeriesAsync(admin, "interval=week&from=2027-01-28&to=2027-02-28"));
        Assert.Equal(["2026-12-01 0", "2027-01-01 4", "2027-02-01 4"], await SeriesAsync(admin, "interval=month&from=2026-12-15"));
        Assert.Equal(["2027-01-25 2", "2027-02-01 3"], await SeriesAsync(admin, "interval=week&from=2027-01-29&to=2027-02-05"));
    }

    [Fact]
    public async Task By_default_it_is_the_last_thirty_intervals()
    {
        var (app, admin, _) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var started = app;

        var answer = (await admin.Get(Series)).Expect(200);

        Assert.Equal(("joined", "day", "2027-01-31", "2027-03-01"), (
            (string)answer["metric"]!, (string)answer["interval"]!, (string)answer["from"]!, (string)answer["to"]!));
        Assert.Equal(30, answer["values"].AsArray().Count);
        Assert.Equal(30, (await SeriesAsync(admin, "interval=month")).Count);
    }

    [Fact]
    public async Task Points_at_the_end_of_each_day_are_the_liability_of_that_day()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", ("Loyalty:PendingDays", "3"));
        await using var _ = app;
        var another = await app.CustomerAsync();
        await admin.OrderAsync(customer, "first", 1, "100.00");
        (admin, customer) = await app.GoToAsync("2027-01-14T12:00:00Z", admin, customer);
        await app.MaintainAsync();
        await admin.AdjustAsync(another, 70);
        await admin.RedeemAsync(customer, 90);
        (admin, customer) = await app.GoToAsync("2027-01-16T12:00:00Z", admin, customer);

        // Ninety points are owed now, until the next order.
        await admin.OrderAsync(customer, "first", 2, "100.00", status: "cancelled");
        (admin, customer) = await app.GoToAsync("2027-01-18T12:00:00Z", admin, customer);
        await admin.AdjustAsync(customer, 50);
        (admin, customer) = await app.GoToAsync("2027-01-20T12:00:00Z", admin, customer);
        (await admin.Delete(customer.Url)).Expect(204);

        var days = await SeriesAsync(admin, "metric=points&from=2027-01-08");
        Assert.Equal(13, days.Count);
        foreach (var day in days.Select(day => day.Split(' ')))
        {
            Assert.Equal(await admin.LiabilityAsync(day[0]), long.Parse(day[1], CultureInfo.InvariantCulture));
        }

        Assert.Equal(["2027-01-04 100", "2027-01-11 70", "2027-01-18 70"], await SeriesAsync(admin, "metric=points&interval=week&from=2027-01-10"));
    }

    [Fact]
    public async Task Who_enters_and_leaves_a_group_is_counted_as_its_changes_tell()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z");
        await using var _ = app;
        var others = new[] { await app.CustomerAsync(), await app.CustomerAsync() };
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = "Watched" })).Expect(201)["id"];
        (await admin.Post("/api/customers/groups/", new { name = "Another" })).Expect(201);
        await ChangeAsync("add", others[0], others[1]);
        (admin, customer) = await app.GoToAsync("2027-01-12T12:00:00Z", admin, customer);
        await ChangeAsync("add", customer);
        await ChangeAsync("remove", others[0], customer);
        (admin, customer) = await app.GoToAsync("2027-01-19T00:00:00Z", admin, customer);
        await ChangeAsync("add", customer);

        var changes = (await admin.Get($"/api/customers/groups/{group}/changes/")).Expect(200)["results"].AsArray();
        foreach (var (metric, change) in new[] { ("entered", "entered"), ("left", "left") })
        {
            foreach (var day in (await SeriesAsync(admin, $"metric={metric}&group={group}&from=2027-01-09")).Select(day => day.Split(' ')))
            {
                var expected = changes.Count(one => (string)one!["change"]! == change && ((string)one["at"]!).StartsWith(day[0], StringComparison.Ordinal));
                Assert.Equal((day[0], expected), (day[0], int.Parse(day[1], CultureInfo.InvariantCulture)));
            }
        }

        Assert.Equal(["Another 0 0 0", "Watched 2 1 0"], await MovementAsync(admin, ""));
        Assert.Equal(["Another 0 0 0", "Watched 2 4 2"], await MovementAsync(admin, "?from=2027-01-10"));
        Assert.Equal(["Another 0 0 0", "Watched 2 3 2"], await MovementAsync(admin, "?from=2027-01-01&to=2027-01-18"));

        async Task ChangeAsync(string verb, params Actor[] members) =>
            (await admin.Post($"/api/customers/groups/{group}/{verb}_member/", new { customer_ids = members.Select(member => member.Id) })).Expect(200);
    }

    [Theory]
    [InlineData("metric=visits", "metric")]
    [InlineData("interval=year", "interval")]
    [InlineData("from=2027-01", "from")]
    [InlineData("to=tomorrow", "to")]
    [InlineData("from=2027-02-02&to=2027-02-01", "from")]
    [InlineData("from=2020-01-01", "from")]
    [InlineData("interval=month&from=1990-01-01", "from")]
    [InlineData("metric=entered", "group")]
    [InlineData("metric=left&group=vip", "group")]
    [InlineData("metric=joined&group=1", "group")]
    [InlineData("since=2027-01-01", "since")]
    [InlineData("from=2027-01-01&from=2027-01-02", "from")]
    public async Task A_parameter_that_makes_no_sense_is_named(string query, string member)
    {
        var (app, admin, _) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var started = app;

        (await admin.Get($"{Series}?{query}")).ExpectProblem(400, member);
    }

    [Theory]
    [InlineData("from=2027-02-02&to=2027-02-01", "from")]
    [InlineData("to=2027", "to")]
    [InlineData("group=1", "group")]
    public async Task The_movement_names_a_parameter_that_makes_no_sense(string query, string member)
    {
        var (app, admin, _) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var started = app;

        (await admin.Get($"{Movement}?{query}")).ExpectProblem(400, member);
    }

    [Fact]
    public async Task Four_hundred_intervals_are_possible()
    {
        var (app, admin, _) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var started = app;

        Assert.Equal(400, (await SeriesAsync(admin, "from=2026-01-26")).Count);
        (await admin.Get($"{Series}?from=2026-01-25")).ExpectProblem(400, "from");
    }

    [Fact]
    public async Task A_group_that_does_not_exist_is_not_found()
    {
        var (app, admin, _) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var started = app;

        (await admin.Get($"{Series}?metric=left&group=4711")).ExpectProblem(404);
    }

    [Fact]
    public async Task The_backlog_shows_messages_that_wait()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-03-01T12:00:00Z");
        await using var _ = app;
        await app.FailAMessageAsync(customer.Id);

        var backlog = (await admin.Get("/api/customers/analytics/backlog/")).Expect(200);

        Assert.Equal("2027-03-01T12:00:00Z", (string)backlog["as_of"]!);
        Assert.Equal(0, (long)backlog["messages"]["waiting"]!);
        Assert.Null(backlog["messages"]["oldest_at"]);
    }

    private static async Task<List<string>> SeriesAsync(Actor admin, string query) =>
        [.. (await admin.Get($"{Series}?{query}")).Expect(200)["values"].AsArray().Select(value => $"{value!["period"]} {value["value"]}")];

    private static async Task<List<string>> MovementAsync(Actor admin, string query) =>
        [.. (await admin.Get(Movement + query)).Expect(200)["groups"].AsArray()
            .Select(group => $"{group!["name"]} {group["members_count"]} {group["entered"]} {group["left"]}")];
}

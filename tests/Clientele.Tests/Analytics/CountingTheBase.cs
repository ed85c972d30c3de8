using Clientele.Tests.Support;

namespace Clientele.Tests.Analytics;

public sealed class CountingTheBase
{
    [Fact]
    public async Task The_figures_are_those_of_a_snapshot_at_most_a_minute_old()
    {
        await using var app = await ClienteleApp.StartAsync();
        var admin = await app.AdminAsync();
        var customer = await app.CustomerAsync(with: new { accepts_marketing_email = true });
        var order = new { customer = customer.Id, status = "paid", total = "1200.00", placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await admin.Put("/api/orders/a1/", order)).Expect(201);
        (await admin.Post($"{customer.Url}make_vip/")).Expect(200);

        var figures = (await admin.Get("/api/customers/analytics/")).Expect(200);

        Assert.Equal((2, 2, 0, 1, 1), ((int)figures["total"], (int)figures["active"], (int)figures["inactive"], (int)figures["verified"], (int)figures["vip"]));
        var silver = figures["by_tier"].AsArray().Single(tier => (string)tier!["loyalty_tier"]! == "silver")!;
        Assert.Equal((1, "1200.00", "1200.00"), ((int)silver["customers"]!, (string)silver["total_spent"]!, (string)silver["average_order_value"]!));
        Assert.Equal(0.5, (double)figures["marketing"]["email"]!);

        await app.CustomerAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(3, (int)(await admin.Get("/api/customers/analytics/")).Expect(200)["total"]);
    }

    [Fact]
    public async Task A_snapshot_of_a_clock_that_was_ahead_is_not_served_any_more()
    {
        await using var app = await ClienteleApp.StartAsync();
        var admin = await app.AdminAsync();
        app.Clock.Ahead = TimeSpan.FromHours(1);
        Assert.Equal(1, (int)(await admin.Get("/api/customers/analytics/")).Expect(200)["total"]);
        app.Clock.Ahead = TimeSpan.Zero;

        await app.CustomerAsync();

        Assert.Equal(2, (int)(await admin.Get("/api/customers/analytics/")).Expect(200)["total"]);
    }

    [Theory]
    [InlineData("granularity=year", "granularity")]
    [InlineData("from=2025", "from")]
    [InlineData("to=tomorrow", "to")]
    [InlineData("since=2025-01-01", "since")]
    public async Task What_it_does_not_understand_is_named(string query, string member)
    {
        await using var app = await ClienteleApp.StartAsync();

        (await (await app.AdminAsync()).Get($"/api/customers/analytics/?{query}")).ExpectProblem(400, member);
    }
}

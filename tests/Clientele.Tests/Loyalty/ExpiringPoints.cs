using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

public sealed class ExpiringPoints
{
    private static readonly (string, string) Monthly = ("Loyalty:ExpireAfterMonths", "1");

    [Theory]
    [InlineData("2027-01-31T12:00:00Z", "2027-02-28T12:00:00Z")]
    [InlineData("2028-01-31T12:00:00Z", "2028-02-29T12:00:00Z")]
    [InlineData("2027-03-31T12:00:00Z", "2027-04-30T12:00:00Z")]
    public async Task A_month_ends_where_the_calendar_ends_it(string earned, string expires)
    {
        var (app, admin, customer) = await Shop.AtAsync(earned, Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "month", 1, "10.00");
        Assert.Equal(expires, (string)(await customer.RawEntriesAsync())[0]!["expires_at"]!);
        await app.MaintainAsync();
        Assert.Equal((10, 0, 0), await customer.PointsAsync());

        (admin, customer) = await app.GoToAsync(expires, admin, customer);
        await app.MaintainAsync();

        Assert.Equal((0, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 10 → 10, 0", "expire -10 → 0, 0"], await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task A_year_from_29_February_is_28_February()
    {
        var (app, admin, customer) = await Shop.AtAsync("2028-02-29T12:00:00Z", ("Loyalty:ExpireAfterMonths", "12"));
        await using var _ = app;
        await admin.AdjustAsync(customer, 10);

        Assert.Equal("2029-02-28T12:00:00Z", (string)(await customer.RawEntriesAsync())[0]!["expires_at"]!);
    }

    [Fact]
    public async Task Spending_settles_what_is_due_before_it_takes_anything()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-31T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "old", 1, "100.00");
        (admin, customer) = await app.GoToAsync("2027-02-15T12:00:00Z", admin, customer);
        await admin.OrderAsync(customer, "new", 1, "40.00");
        (admin, customer) = await app.GoToAsync("2027-03-01T12:00:00Z", admin, customer);
        Assert.Equal((140, 0, 0), await customer.PointsAsync());

        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 41, reason = "A voucher" })).ExpectProblem(409);
        Assert.Equal(["earn 100 → 100, 0", "earn 40 → 140, 0"], await customer.EntriesAsync());
        await admin.RedeemAsync(customer, 30);

        Assert.Equal(["earn 100 → 100, 0", "earn 40 → 140, 0", "expire -100 → 40, 0", "redeem -30 → 10, 0"], await customer.EntriesAsync());
    }

    [Fact]
    public async Task What_expires_soonest_is_spent_first()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "50.00");
        (admin, customer) = await app.GoToAsync("2027-02-01T12:00:00Z", admin, customer);
        await admin.OrderAsync(customer, "second", 1, "50.00");
        await admin.RedeemAsync(customer, 60);
        Assert.Equal(40, (int)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["expiring_within_30_days"]);

        (admin, customer) = await app.GoToAsync("2027-02-10T12:00:00Z", admin, customer);
        await app.MaintainAsync();

        Assert.Equal((40, 0, 0), await (await app.AgainAsync(customer)).PointsAsync());
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_has_expired_or_released_does_not_block_the_account()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly, ("Loyalty:PendingDays", "10"));
        await using var _ = app;
        await using var ahead = await AheadAsync(app);
        await admin.OrderAsync(customer, "first", 1, "50.00");

        // Released too early, spent there, and given back here.
        var elsewhere = await ahead.AdminAsync();
        await elsewhere.AdjustAsync(customer, 1);
        var redeemed = await elsewhere.RedeemAsync(customer, 30);
        await admin.GiveBackAsync(customer, redeemed, 20);

        (admin, customer) = await app.GoToAsync("2027-01-25T12:00:00Z", admin, customer);
        await admin.AdjustAsync(customer, 1);
        (admin, customer) = await app.GoToAsync("2027-03-25T12:00:00Z", admin, customer);
        await app.MaintainAsync();
        Assert.Equal((0, 0, 0), await customer.PointsAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task What_was_released_too_early_and_all_spent_is_released_again_when_it_is_given_back()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly, ("Loyalty:PendingDays", "10"));
        await using var _ = app;
        await using var ahead = await AheadAsync(app);
        await admin.OrderAsync(customer, "first", 1, "50.00");
        var redeemed = await (await ahead.AdminAsync()).RedeemAsync(customer, 50);
        await admin.GiveBackAsync(customer, redeemed, 20);
        Assert.Equal((0, 20, 0), await customer.PointsAsync());

        (admin, customer) = await app.GoToAsync("2027-01-25T12:00:00Z", admin, customer);
        await admin.AdjustAsync(customer, 1);

        Assert.Equal((21, 0, 0), await customer.PointsAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task What_is_given_back_to_an_expired_lot_expires_at_once()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "50.00");
        var redemption = await admin.RedeemAsync(customer, 20);
        (admin, customer) = await app.GoToAsync("2027-02-20T12:00:00Z", admin, customer);

        Assert.Equal(0, await admin.GiveBackAsync(customer, redemption));

        Assert.Equal(
            ["earn 50 → 50, 0", "redeem -20 → 30, 0", "expire -30 → 0, 0", "reverse 20 → 20, 0", "expire -20 → 0, 0"],
            await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task What_has_expired_is_forgiven_when_the_order_is_refunded()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "expired", 1, "50.00");
        await admin.RedeemAsync(customer, 20);
        (admin, customer) = await app.GoToAsync("2027-02-20T12:00:00Z", admin, customer);

        await admin.OrderAsync(customer, "expired", 2, "50.00", status: "refunded");

        Assert.Equal(["earn 50 → 50, 0", "redeem -20 → 30, 0", "expire -30 → 0, 0", "reverse -20 → 0, 20"], await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task An_order_that_was_cancelled_and_delivered_after_its_points_expired_earns_nothing()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", ("Loyalty:ExpireAfterMonths", "12"));
        await using var _ = app;
        await admin.OrderAsync(customer, "year", 1, "50.00");
        (admin, customer) = await app.GoToAsync("2028-01-11T12:00:00Z", admin, customer);

        await admin.OrderAsync(customer, "year", 2, "50.00", status: "cancelled");
        await admin.OrderAsync(customer, "year", 3, "50.00", status: "delivered");

        Assert.Equal((0, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 50 → 50, 0", "expire -50 → 0, 0"], await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task What_a_refund_took_comes_back_with_its_old_date_and_only_more_than_ever_is_new()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "back", 1, "50.00");
        (admin, customer) = await app.GoToAsync("2027-01-20T12:00:00Z", admin, customer);
        await admin.OrderAsync(customer, "back", 2, "50.00", "30.00", "partially_refunded");

        await admin.OrderAsync(customer, "back", 3, "80.00");

        Assert.Equal(
            ["earn 50 2027-02-10T12:00:00Z", "reverse -30 ", "earn 30 2027-02-10T12:00:00Z", "earn 30 2027-02-20T12:00:00Z"],
            (await customer.RawEntriesAsync()).Select(entry => $"{entry!["kind"]} {entry["points"]} {entry["expires_at"]}"));
        (admin, customer) = await app.GoToAsync("2027-02-10T12:00:00Z", admin, customer);
        await app.MaintainAsync();
        Assert.Equal((30, 0, 0), await (await app.AgainAsync(customer)).PointsAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task A_reinstated_order_returns_the_points_of_others_that_its_cancellation_took()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        await admin.OrderAsync(customer, "spent", 1, "100.00");
        await admin.RedeemAsync(customer, 100);
        (admin, customer) = await app.GoToAsync("2027-01-20T12:00:00Z", admin, customer);
        await admin.OrderAsync(customer, "other", 1, "70.00");
        await admin.OrderAsync(customer, "spent", 2, "100.00", status: "cancelled");
        Assert.Equal((0, 0, 30), await customer.PointsAsync());

        (admin, customer) = await app.GoToAsync("2027-02-15T12:00:00Z", admin, customer);
        await admin.OrderAsync(customer, "spent", 3, "100.00");

        Assert.Equal((70, 0, 0), await customer.PointsAsync());
        (admin, customer) = await app.GoToAsync("2027-02-20T12:00:00Z", admin, customer);
        await app.MaintainAsync();
        Assert.Equal((0, 0, 0), await (await app.AgainAsync(customer)).PointsAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task Points_added_by_hand_can_have_a_date_of_their_own()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", Monthly);
        await using var _ = app;
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = "2027-01-11T08:00:00+02:00" })).Expect(200);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5, expires_at = "2029-01-01T00:00:00Z" })).Expect(200);
        await admin.AdjustAsync(customer, 7);
        Assert.Equal(
            ["2027-01-11T06:00:00Z", "2029-01-01T00:00:00Z", "2027-02-10T12:00:00Z"],
            (await customer.RawEntriesAsync()).Select(entry => (string)entry!["expires_at"]!));

        (admin, customer) = await app.GoToAsync("2027-03-01T12:00:00Z", admin, customer);
        await app.MaintainAsync();
        (admin, customer) = (await app.AgainAsync(admin), await app.AgainAsync(customer));

        Assert.Equal((5, 0, 0), await customer.PointsAsync());
        foreach (var wrong in new object[]
        {
            new { points = 1, expires_at = "2027-03-01T12:00:00Z" }, new { points = 1, expires_at = "2000-01-01T00:00:00Z" },
            new { points = 1, expires_at = "2030-01-01" }, new { points = -1, expires_at = "2030-01-01T00:00:00Z" },
        })
        {
            (await admin.Post($"{customer.Url}add_loyalty_points/", wrong)).ExpectProblem(400, "expires_at");
        }

        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task Two_nodes_share_the_work_and_expire_nothing_twice()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-31T12:00:00Z", Monthly, ("RateLimits:Registration", "100000"));
        await using var _ = app;
        await using var second = await app.SecondNodeAsync();
        var customers = new List<Actor> { customer };
        for (var i = 0; i < 20; i++)
        {
            customers.Add(await app.CustomerAsync());
        }

        await Task.WhenAll(customers.Select(each => admin.OrderAsync(each, "shared", 1, "10.00")));
        app.Clock.AdvanceTo(new DateTimeOffset(2027, 2, 28, 12, 0, 0, TimeSpan.Zero));

        await Task.WhenAll(app.MaintainAsync(), second.MaintainAsync(), app.MaintainAsync(), second.MaintainAsync());

        admin = await app.AgainAsync(admin);
        foreach (var each in customers)
        {
            var entries = (await admin.Get($"{each.Url}loyalty/entries/")).Expect(200)["results"].AsArray();
            Assert.Equal(["expire", "earn"], entries.Select(entry => (string)entry!["kind"]!));
        }

        await app.ExpectNoDriftAsync();
    }

    /// <summary>A node whose clock is eleven days ahead.</summary>
    private static Task<ClienteleApp> AheadAsync(ClienteleApp app)
    {
        var clock = new FakeClock();
        clock.AdvanceTo(app.Clock.GetUtcNow());
        clock.Ahead = TimeSpan.FromDays(11);
        return ClienteleApp.StartAsync(new()
        {
            Database = app.Database,
            Clock = clock,
            Settings = { ["Loyalty:ExpireAfterMonths"] = "1", ["Loyalty:PendingDays"] = "10" },
        });
    }
}

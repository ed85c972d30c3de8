using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

public sealed class EarningByTheProgramme
{
    private static readonly (string, string)[] DoubleForSilver =
    [
        ("Loyalty:Tiers:0:Name", "bronze"), ("Loyalty:Tiers:0:From", "0"),
        ("Loyalty:Tiers:1:Name", "silver"), ("Loyalty:Tiers:1:From", "1000"), ("Loyalty:Tiers:1:PointsMultiplier", "1.5"),
    ];

    [Fact]
    public async Task The_multiplier_is_that_of_the_tier_before_the_order()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", DoubleForSilver);
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "1000.00");
        Assert.Equal((1000, 0, 0), await customer.PointsAsync());

        await admin.OrderAsync(customer, "second", 1, "33.00");

        Assert.Equal((1049, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task An_order_keeps_the_multiplier_that_it_first_earned_by()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", DoubleForSilver);
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "1000.00");
        await admin.OrderAsync(customer, "second", 1, "100.00");

        await admin.OrderAsync(customer, "first", 2, "1000.00", status: "cancelled");
        await admin.OrderAsync(customer, "second", 2, "100.00", "50.00", "partially_refunded");
        Assert.Equal((75, 0, 0), await customer.PointsAsync());

        await admin.OrderAsync(customer, "first", 3, "1000.00");
        Assert.Equal((1075, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Changed_settings_touch_no_recorded_order()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "100.00");
        await using var changed = await ClienteleApp.StartAsync(new()
        {
            Database = app.Database,
            Clock = app.Clock,
            Settings = { ["Loyalty:PointsPerUnit"] = "0.125" },
        });
        admin = changed.Here(admin);

        await admin.OrderAsync(customer, "first", 2, "100.00", "40.00", "partially_refunded");
        await admin.OrderAsync(customer, "second", 1, "100.00");

        Assert.Equal((72, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Where_orders_earn_on_delivery_they_wait_for_it()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", ("Loyalty:EarnOn", "Delivered"));
        await using var _ = app;
        await admin.OrderAsync(customer, "waits", 1, "100.00");
        await admin.OrderAsync(customer, "waits", 2, "100.00", status: "shipped");
        Assert.Equal((0, 0, 0), await customer.PointsAsync());

        await admin.OrderAsync(customer, "waits", 3, "100.00", status: "delivered");
        Assert.Equal((100, 0, 0), await customer.PointsAsync());

        await admin.OrderAsync(customer, "waits", 4, "100.00", status: "refunded");
        Assert.Equal((0, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task The_last_word_on_a_delivery_is_enough()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", ("Loyalty:EarnOn", "Delivered"));
        await using var _ = app;
        await admin.OrderAsync(customer, "late", 3, "100.00", "10.00", "partially_refunded");
        await admin.OrderAsync(customer, "late", 2, "100.00", status: "delivered");

        Assert.Equal((90, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Everybody_can_read_the_programme()
    {
        var (app, _, _) = await Shop.AtAsync("2027-01-01T12:00:00Z", [.. DoubleForSilver, ("Loyalty:ExpireAfterMonths", "12")]);
        await using var started = app;

        var programme = (await app.Stranger.Get("/api/customers/loyalty/tiers/")).Expect(200);

        Assert.Equal("1.5", (string)programme["tiers"][1]!["benefits"]!["points_multiplier"]!);
        Assert.Equal("1000.00", (string)programme["tiers"][1]!["from"]!);
        Assert.Equal(12, (int)programme["expire_after_months"]);
        Assert.Equal("counts", (string)programme["earn_on"]!);
    }
}

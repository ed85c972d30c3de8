using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

public sealed class HoldingPointsBack
{
    private static readonly (string, string) TwoWeeks = ("Loyalty:PendingDays", "14");

    [Fact]
    public async Task Points_are_pending_until_the_return_period_is_over()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", TwoWeeks);
        await using var _ = app;
        await admin.OrderAsync(customer, "held", 1, "100.00");
        Assert.Equal((0, 100, 0), await customer.PointsAsync());
        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 1, reason = "A voucher" })).ExpectProblem(409);

        (admin, customer) = await app.GoToAsync("2027-01-15T12:00:00Z", admin, customer);
        await app.MaintainAsync();

        Assert.Equal((100, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 100 → 0, 0", "release 100 → 100, 0"], await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task A_refund_takes_pending_points_of_the_order_and_nobody_elses()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", TwoWeeks);
        await using var _ = app;
        await admin.AdjustAsync(customer, 30);
        await admin.OrderAsync(customer, "kept", 1, "100.00");
        await admin.OrderAsync(customer, "refunded", 1, "50.00");
        await admin.OrderAsync(customer, "refunded", 2, "50.00", "25.00", "partially_refunded");

        Assert.Equal((30, 125, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task A_debt_is_repaid_when_pending_points_become_available()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", TwoWeeks);
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "100.00");
        (admin, customer) = await app.GoToAsync("2027-01-15T12:00:00Z", admin, customer);
        await admin.RedeemAsync(customer, 100);
        await admin.OrderAsync(customer, "first", 2, "100.00", status: "cancelled");
        await admin.OrderAsync(customer, "second", 1, "150.00");
        Assert.Equal((0, 150, 100), await customer.PointsAsync());

        (admin, customer) = await app.GoToAsync("2027-01-29T12:00:00Z", admin, customer);
        await app.MaintainAsync();

        Assert.Equal((50, 0, 0), await customer.PointsAsync());
        await app.ExpectNoDriftAsync();
    }
}

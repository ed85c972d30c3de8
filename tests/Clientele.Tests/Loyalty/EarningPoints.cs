using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

public sealed class EarningPoints(ClienteleApp app)
{
    [Fact]
    public async Task An_order_earns_a_point_for_each_whole_unit_when_it_counts()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());

        await admin.OrderAsync(customer, "earn", 1, "99.99", status: "pending");
        Assert.Equal((0, 0, 0), await customer.PointsAsync());

        await admin.OrderAsync(customer, "earn", 2, "99.99");
        Assert.Equal((99, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 99 → 99, 0"], await customer.EntriesAsync());
    }

    [Fact]
    public async Task A_redelivery_earns_nothing()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "again", 2, "50.00");
        await admin.OrderAsync(customer, "again", 2, "50.00");
        await admin.OrderAsync(customer, "again", 1, "70.00");

        Assert.Equal(["earn 50 → 50, 0"], await customer.EntriesAsync());
    }

    [Fact]
    public async Task A_full_refund_in_parts_ends_at_zero()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "parts", 1, "100.50");
        await admin.OrderAsync(customer, "parts", 2, "100.50", "33.33", "partially_refunded");
        await admin.OrderAsync(customer, "parts", 3, "100.50", "66.66", "partially_refunded");
        Assert.Equal((33, 0, 0), await customer.PointsAsync());
        await admin.OrderAsync(customer, "parts", 4, "100.50", status: "refunded");

        Assert.Equal(["earn 100 → 100, 0", "reverse -33 → 67, 0", "reverse -34 → 33, 0", "reverse -33 → 0, 0"], await customer.EntriesAsync());
    }

    [Fact]
    public async Task What_was_spent_before_a_refund_is_owed_until_later_earnings_repay_it()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "spent", 1, "100.00");
        await admin.RedeemAsync(customer, 80);
        await admin.OrderAsync(customer, "spent", 2, "100.00", status: "cancelled");
        Assert.Equal((0, 0, 80), await customer.PointsAsync());

        await admin.OrderAsync(customer, "later", 1, "100.00");

        Assert.Equal((20, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 100 → 100, 0", "redeem -80 → 20, 0", "reverse -100 → 0, 80", "earn 100 → 20, 0"], await customer.EntriesAsync());
    }

    [Fact]
    public async Task A_redemption_goes_back_to_the_lots_it_came_from_once()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 30);
        await admin.OrderAsync(customer, "back", 1, "100.00");
        var redemption = await admin.RedeemAsync(customer, 50);

        Assert.Equal(130, await admin.GiveBackAsync(customer, redemption));
        (await admin.Post($"{customer.Url}loyalty/entries/{redemption}/reverse/")).ExpectProblem(409);
        (await admin.Post($"{customer.Url}loyalty/entries/1/reverse/")).ExpectProblem(409);
        (await admin.Post($"{customer.Url}loyalty/entries/99/reverse/")).ExpectProblem(404);
    }
}

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

    [Fact]
    public async Task A_redemption_that_is_sent_again_spends_once()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 100);
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 30, reason = "A voucher", order_number = "A-1" }, key)));

        Assert.All(answers, answer => Assert.Equal(answers[0].Expect(200).Text, answer.Text));
        Assert.Equal((70, 0, 0), await customer.PointsAsync());
        var source = (await customer.RawEntriesAsync())[1]!["source"]!;
        Assert.Equal(("order", "A-1"), ((string)source["type"]!, (string)source["id"]!));
    }

    [Theory]
    [InlineData("""{"reason": "A voucher"}""", "points")]
    [InlineData("""{"points": 0, "reason": "A voucher"}""", "points")]
    [InlineData("""{"points": -5, "reason": "A voucher"}""", "points")]
    [InlineData("""{"points": 1.5, "reason": "A voucher"}""", "points")]
    [InlineData("""{"points": 5}""", "reason")]
    [InlineData("""{"points": 5, "reason": " "}""", "reason")]
    [InlineData("""{"points": 5, "reason": "A voucher", "order_number": ""}""", "order_number")]
    public async Task A_redemption_that_makes_no_sense_is_refused(string body, string member)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 100);

        (await admin.Post($"{customer.Url}redeem_loyalty_points/", body)).ExpectProblem(400, member);
    }

    [Fact]
    public async Task Two_reversals_at_once_give_back_once()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 100);
        var redemption = await admin.RedeemAsync(customer, 40);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.Post($"{customer.Url}loyalty/entries/{redemption}/reverse/")));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => Assert.Equal("already_reversed", answer.ExpectProblem(409).Code));
        Assert.Equal((100, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Revisions_of_one_batch_are_worth_their_last_in_any_order()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        (int Revision, string Status, string Refunded)[] orders =
        [
            (1, "paid", "0"), (3, "cancelled", "0"), (2, "partially_refunded", "30.00"), (4, "partially_refunded", "12.34"),
        ];

        (await admin.Post("/api/orders/batch/", new
        {
            orders = orders.Select(order => new
            {
                order_number = $"batched-{customer.Id}",
                customer = customer.Id,
                status = order.Status,
                total = "100.00",
                refunded = order.Refunded,
                placed_at = "2025-10-15T14:30:00Z",
                revision = order.Revision,
            }),
        })).Expect(200);

        Assert.Equal((87, 0, 0), await customer.PointsAsync());
        Assert.Equal(["earn 100 → 100, 0", "reverse -100 → 0, 0", "earn 87 → 87, 0"], await customer.EntriesAsync());
    }
}

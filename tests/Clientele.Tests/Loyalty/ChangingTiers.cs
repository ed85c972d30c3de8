using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Loyalty;

public sealed class ChangingTiers(ClienteleApp app)
{
    [Fact]
    public async Task The_tier_follows_the_spending_up_and_down()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());

        await OrderAsync(admin, customer, 1, "10000.00");
        Assert.Equal("platinum", await TierAsync(customer));

        await OrderAsync(admin, customer, 2, "999.99");
        Assert.Equal("bronze", await TierAsync(customer));
    }

    [Fact]
    public async Task A_locked_tier_stays_until_it_is_recalculated()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var locked = (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", reason = "Goodwill" })).Expect(200);
        Assert.Equal("gold", (string)locked["loyalty_tier"]!);

        await OrderAsync(admin, customer, 1, "1500.00");
        Assert.Equal("gold", await TierAsync(customer));

        var recalculated = (await admin.Post($"{customer.Url}update_loyalty_tier/")).Expect(200);
        Assert.Equal("silver", (string)recalculated["loyalty_tier"]!);
        Assert.Equal("1500.00", (string)recalculated["total_spent"]!);
    }

    [Fact]
    public async Task Above_a_floor_the_tier_follows_the_spending()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var set = (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "silver", floor = true, reason = "Goodwill" })).Expect(200);
        Assert.Equal("silver", (string)set["loyalty_tier"]!);
        var revision = 0;
        foreach (var (total, tier) in new[] { ("10.00", "silver"), ("6000.00", "gold"), ("20000.00", "platinum"), ("5000.00", "gold"), ("0.00", "silver") })
        {
            await OrderAsync(admin, customer, ++revision, total);
            Assert.Equal(tier, await TierAsync(customer));
        }

        var found = (await customer.Get($"{customer.Url}loyalty/")).Expect(200)["lock"];
        Assert.Equal(("silver", true, "Goodwill"), ((string)found["loyalty_tier"]!, (bool)found["floor"]!, (string)found["reason"]!));

        (await admin.Post($"{customer.Url}update_loyalty_tier/")).Expect(200);
        Assert.Equal("bronze", await TierAsync(customer));
    }

    [Fact]
    public async Task A_floor_below_the_qualified_tier_leaves_the_tier_and_needs_a_tier()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await OrderAsync(admin, customer, 1, "6000.00");

        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { floor = true })).ExpectProblem(400, "loyalty_tier");
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "silver", floor = true })).Expect(200);

        Assert.Equal("gold", await TierAsync(customer));
    }

    [Fact]
    public async Task A_lock_ends_by_the_clock()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        var until = own.Clock.GetUtcNow().AddMinutes(10).ToString("O");
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", until })).Expect(200);

        own.Clock.Advance(TimeSpan.FromMinutes(11));
        await own.MaintainAsync();

        Assert.Equal("bronze", await TierAsync(customer));
    }

    [Fact]
    public async Task Only_a_known_tier_can_be_set()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());

        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "diamond" })).ExpectProblem(400, "loyalty_tier");
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", until = "2020-01-01T00:00:00Z" })).ExpectProblem(400, "until");
    }

    [Fact]
    public async Task Every_change_is_an_interval()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await OrderAsync(admin, customer, 1, "5000.00");
        await OrderAsync(admin, customer, 2, "1000.00");

        await using var scope = app.Services.CreateAsyncScope();
        var tiers = scope.ServiceProvider.GetRequiredService<ClienteleDb>().TierIntervals.Where(interval => interval.CustomerId == customer.Id)
            .OrderBy(interval => interval.Sequence).Select(interval => interval.Tier).ToList();

        Assert.Equal(["bronze", "gold", "silver"], tiers);
    }

    private static async Task OrderAsync(Actor admin, Actor customer, int revision, string total) =>
        Assert.InRange(
            (int)(await admin.Put(
                $"/api/orders/tier-{customer.Id}/",
                new { customer = customer.Id, status = "delivered", total, placed_at = "2025-10-15T14:30:00Z", revision })).Status,
            200,
            201);

    private static async Task<string> TierAsync(Actor customer) => (string)(await customer.Get($"{customer.Url}stats/")).Expect(200)["loyalty_tier"]!;
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>Where a customer's points are, and which tiers the customer has had.</summary>
public sealed class ListingLots(ClienteleApp app)
{
    [Fact]
    public async Task The_rests_of_active_lots_add_up_to_what_can_be_spent()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 500 })).Expect(200);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 300, expires_at = "2999-12-31T00:00:00Z" })).Expect(200);
        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 350, reason = "A voucher" })).Expect(200);

        var active = (await customer.Get($"{customer.Url}loyalty/lots/?state=active")).Expect(200)["results"].AsArray();

        var lot = Assert.Single(active);
        Assert.Equal((1, 500, 450), ((int)lot!["entry_id"]!, (int)lot["points"]!, (int)lot["rest"]!));
        Assert.Equal(2, (int)(await customer.Get($"{customer.Url}loyalty/lots/")).Expect(200)["count"]);
        (await admin.Get($"{customer.Url}loyalty/lots/?state=lost")).ExpectProblem(400, "state");
    }

    [Fact]
    public async Task The_lot_that_expires_soonest_comes_first()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        foreach (var expires in new[] { null, "2998-12-31T00:00:00Z", "2997-12-31T00:00:00Z" })
        {
            (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = expires })).Expect(200);
        }

        Assert.Equal("3 2 1", await EntriesAsync("ordering=expires_at"));
        Assert.Equal("2 3 1", await EntriesAsync("ordering=-expires_at"));
        Assert.Equal("3 2", await EntriesAsync("page_size=2"));

        async Task<string> EntriesAsync(string query) => string.Join(
            ' ', (await customer.Get($"{customer.Url}loyalty/lots/?{query}")).Expect(200)["results"].AsArray().Select(lot => lot!["entry_id"]));
    }

    [Fact]
    public async Task Each_tier_ends_where_the_next_one_begins()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", reason = "Goodwill" })).Expect(200);

        var periods = (await customer.Get($"{customer.Url}loyalty/tiers/")).Expect(200)["results"].AsArray();

        Assert.Equal(["gold", "bronze"], periods.Select(period => (string)period!["loyalty_tier"]!));
        Assert.Null(periods[0]!["to"]);
        Assert.Equal((string)periods[0]!["from"]!, (string)periods[1]!["to"]!);
        var second = (await customer.Get($"{customer.Url}loyalty/tiers/?page=2&page_size=1")).Expect(200)["results"].AsArray();
        Assert.Equal((string)periods[0]!["from"]!, (string)Assert.Single(second)!["to"]!);
    }

    [Fact]
    public async Task For_other_customers_they_do_not_exist()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());

        (await other.Get($"{customer.Url}loyalty/lots/")).ExpectProblem(404);
        (await other.Get($"{customer.Url}loyalty/tiers/")).ExpectProblem(404);
        (await other.Get($"{customer.Url}consents/")).ExpectProblem(404);
    }
}

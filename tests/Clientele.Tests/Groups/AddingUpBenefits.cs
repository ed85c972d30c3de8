using Clientele.Tests.Support;

namespace Clientele.Tests.Groups;

public sealed class AddingUpBenefits(ClienteleApp app)
{
    [Theory]
    [InlineData("bronze", "0.00", false, false, false)]
    [InlineData("silver", "5.00", false, false, false)]
    [InlineData("gold", "10.00", true, false, false)]
    [InlineData("platinum", "15.00", false, true, true)]
    public async Task A_tier_gives_what_is_documented(string tier, string discount, bool support, bool shipping, bool vip)
    {
        var customer = await app.CustomerAsync();
        await app.ChangeRowAsync(customer.Id, row => row.LoyaltyTier = tier);

        var benefits = (await customer.Get(customer.Url + "benefits/")).Expect(200);

        Expect(benefits, discount, support, shipping, vip);
        Assert.Equal(tier == "bronze" ? [] : [$"tier  {tier} {discount}"], Sources(benefits));
    }

    [Fact]
    public async Task The_highest_discount_counts_and_whatever_any_source_gives()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        await app.ChangeRowAsync(customer.Id, row => row.LoyaltyTier = "silver");
        var support = await JoinAsync(admin, customer, "a", 4.5m, support: true);
        var discount = await JoinAsync(admin, customer, "b", 33.33m);
        var shipping = await JoinAsync(admin, customer, "c", 0, shipping: true);
        await JoinAsync(admin, customer, "d", 0);
        var removed = await JoinAsync(admin, customer, "e", 99);
        (await admin.Post($"{Lists.Groups}{removed.Id}/remove_member/", new { customer_id = customer.Id })).Expect(200);

        var benefits = (await customer.Get(customer.Url + "benefits/")).Expect(200);

        Expect(benefits, "33.33", support: true, shipping: true, vip: false);
        Assert.Equal(
            [
                "tier  silver 5.00", $"group {support.Id} {support.Name} 4.50",
                $"group {discount.Id} {discount.Name} 33.33", $"group {shipping.Id} {shipping.Name} 0.00",
            ],
            Sources(benefits));
        Assert.Equal(benefits.Text, (await admin.Get(customer.Url + "benefits/")).Expect(200).Text);
    }

    [Fact]
    public async Task The_tier_counts_where_it_gives_more()
    {
        var customer = await app.CustomerAsync();
        await app.ChangeRowAsync(customer.Id, row => row.LoyaltyTier = "platinum");
        await JoinAsync(await app.AdminAsync(), customer, "a", 14.99m, support: true);

        Expect((await customer.Get(customer.Url + "benefits/")).Expect(200), "15.00", support: true, shipping: true, vip: true);
    }

    [Fact]
    public async Task Nobody_sees_those_of_others()
    {
        var customer = await app.CustomerAsync();
        var other = await app.CustomerAsync();

        (await other.Get(customer.Url + "benefits/")).ExpectProblem(404);
        (await (await app.AdminAsync()).Get($"{Lists.Customers}999999999/benefits/")).ExpectProblem(404);
    }

    private static void Expect(Answer benefits, string discount, bool support, bool shipping, bool vip)
    {
        Assert.Equal(
            ["discount_percentage", "priority_support", "free_shipping", "vip_access", "sources"],
            benefits.Json.AsObject().Select(member => member.Key));
        Assert.Equal(
            (discount, support, shipping, vip),
            ((string)benefits["discount_percentage"]!, (bool)benefits["priority_support"], (bool)benefits["free_shipping"], (bool)benefits["vip_access"]));
    }

    private static IEnumerable<string> Sources(Answer benefits) => benefits["sources"].AsArray()
        .Select(source => $"{source!["type"]} {source["id"]} {source["name"]} {source["discount_percentage"]}");

    private static async Task<(long Id, string Name)> JoinAsync(
        Actor admin, Actor customer, string prefix, decimal discount, bool support = false, bool shipping = false)
    {
        var name = $"{prefix}{Guid.NewGuid():N}";
        var body = new { name, discount_percentage = discount, priority_support = support, free_shipping = shipping };
        var group = (await admin.Post(Lists.Groups, body)).Expect(201);
        (await admin.Post($"{group.Headers["Location"]}add_member/", new { customer_id = customer.Id })).Expect(200);
        return ((long)group["id"], name);
    }
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class ActingOnCustomers(ClienteleApp app)
{
    [Fact]
    public async Task The_actions_are_idempotent_and_answer_with_the_facts()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        for (var time = 0; time < 2; time++)
        {
            var verified = (await admin.Post(customer.Url + "verify/")).Expect(200);
            Assert.Equal((customer.Id, true), ((long)verified["customer_id"], (bool)verified["is_verified"]));
            var vip = (await admin.Post(customer.Url + "make_vip/")).Expect(200);
            Assert.Equal((customer.Id, true), ((long)vip["customer_id"], (bool)vip["is_vip"]));
            Assert.Equal(["message", "customer_id", "is_vip"], vip.Json.AsObject().Select(member => member.Key));
        }

        Assert.True((bool)(await customer.Get(customer.Url))["is_vip"]);
        for (var time = 0; time < 2; time++)
        {
            Assert.False((bool)(await admin.Post(customer.Url + "make_vip/", new { is_vip = false })).Expect(200)["is_vip"]);
            Assert.Equal(["message", "customer_id"], (await admin.Post(customer.Url + "deactivate/")).Expect(200).Json.AsObject().Select(member => member.Key));
        }

        Assert.False((bool)(await admin.Get(customer.Url))["is_active"]);
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(customer.Id, (long)(await admin.Post(customer.Url + "reactivate/")).Expect(200)["customer_id"]);
        }

        var after = (await admin.Get(customer.Url)).Json;
        Assert.Equal((true, true, false), ((bool)after["is_active"]!, (bool)after["is_verified"]!, (bool)after["is_vip"]!));
        (await admin.Post(customer.Url + "make_vip/", new { is_vip = "no" })).ExpectProblem(400, "is_vip");
    }

    [Fact]
    public async Task An_owner_may_deactivate_but_not_reactivate()
    {
        var customer = await app.CustomerAsync();

        (await customer.Post(customer.Url + "reactivate/")).ExpectProblem(403);
        (await customer.Post(customer.Url + "deactivate/")).Expect(200);
        (await customer.Get(customer.Url)).ExpectProblem(401);
        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
    }

    [Theory]
    [InlineData("verify/")]
    [InlineData("make_vip/")]
    [InlineData("deactivate/")]
    [InlineData("reactivate/")]
    public async Task Nobody_can_be_acted_upon_who_is_not_there(string action) =>
        (await (await app.AdminAsync()).Post($"{Lists.Customers}999999999/{action}")).ExpectProblem(404);
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>With <c>Security:StaffNeedFactor</c>, staff set up a second factor before they do anything else.</summary>
public sealed class EnrollingStaff
{
    private const string Customers = "/api/customers/customers/";
    private static readonly Dictionary<string, string?> StaffNeedFactor = new() { ["Security:StaffNeedFactor"] = "true" };

    [Fact]
    public async Task Staff_without_a_factor_are_told_to_set_one_up()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = StaffNeedFactor });
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());

        string[] paths = [Customers, $"{Customers}me/", customer.Url, $"{customer.Url}export/", "/api/customers/analytics/"];
        foreach (var path in paths)
        {
            Assert.Equal("factor_enrolment_required", (await admin.Get(path)).ExpectProblem(403).Code);
        }

        Assert.Equal("factor_enrolment_required", (await admin.Delete(customer.Url)).ExpectProblem(403).Code);
        (await admin.Get("/api/customers/loyalty/tiers/")).Expect(200);
        (await own.Stranger.Post("/api/auth/token/revoke/", new { refresh = admin.Refresh })).Expect(204);
    }

    [Fact]
    public async Task Once_a_factor_is_on_the_same_token_works()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = StaffNeedFactor });
        var admin = await own.AdminAsync();

        await Authenticator.OfAsync(admin, own.Clock);

        (await admin.Get("/api/auth/factors/")).Expect(200);
        (await admin.Get(Customers)).Expect(200);
    }

    [Fact]
    public async Task An_app_that_no_code_has_confirmed_does_not_count()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = StaffNeedFactor });
        var admin = await own.AdminAsync();
        (await admin.Post("/api/auth/factors/totp/")).Expect(200);

        (await admin.Get(Customers)).ExpectProblem(403);
    }

    [Fact]
    public async Task Staff_without_the_factor_again_can_do_nothing_again()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = StaffNeedFactor });
        var admin = await own.AdminAsync();
        await Authenticator.OfAsync(admin, own.Clock);
        (await admin.Delete("/api/auth/factors/totp/")).Expect(204);

        (await admin.Get(Customers)).ExpectProblem(403);
    }

    [Fact]
    public async Task Customers_need_no_factor()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = StaffNeedFactor });
        var customer = await own.CustomerAsync();

        (await customer.Get(customer.Url)).Expect(200);
    }

    [Fact]
    public async Task Without_the_setting_staff_work_without_a_factor()
    {
        await using var own = await ClienteleApp.StartAsync();

        (await (await own.AdminAsync()).Get(Customers)).Expect(200);
    }
}

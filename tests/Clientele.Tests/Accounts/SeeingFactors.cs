using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Admins see which second factors somebody has.</summary>
public sealed class SeeingFactors(ClienteleApp app)
{
    [Fact]
    public async Task Somebody_without_factors_has_none()
    {
        var customer = await app.CustomerAsync();

        var factors = (await (await app.AdminAsync()).Get($"{customer.Url}factors/")).Expect(200);

        Assert.Null(factors.Json["totp"]);
        Assert.Empty(factors["passkeys"].AsArray());
        Assert.Equal(0, (int)factors["recovery_codes_left"]);
    }

    [Fact]
    public async Task An_admin_sees_what_another_admin_sees()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, other) = (await own.AdminAsync(), await own.NewAdminAsync());
        using var phone = new SoftwareAuthenticator();
        (await other.AddPasskeyAsync(phone, "Her phone")).Expect(201);

        var seen = (await admin.Get($"{other.Url}factors/")).Expect(200);

        Assert.Equal("Her phone", (string)seen["passkeys"][0]!["name"]!);
        Assert.Equal((await other.Get("/api/auth/factors/")).Expect(200).Text, seen.Text);
    }

    [Fact]
    public async Task An_app_counts_once_a_code_has_confirmed_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        (await customer.Post("/api/auth/factors/totp/")).Expect(200);
        Assert.Null((await admin.Get($"{customer.Url}factors/")).Expect(200).Json["totp"]);

        await Authenticator.OfAsync(customer, own.Clock);

        Assert.NotNull((await admin.Get($"{customer.Url}factors/")).Expect(200).Json["totp"]);
    }

    [Fact]
    public async Task Nothing_secret_is_shown()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);

        var seen = (await (await own.AdminAsync()).Get($"{customer.Url}factors/")).Expect(200);

        Assert.Equal(["totp", "passkeys", "recovery_codes_left"], seen.Json.AsObject().Select(member => member.Key));
        Assert.Equal(["enabled_at"], seen["totp"].AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Owners_see_their_own()
    {
        var customer = await app.CustomerAsync();

        (await customer.Get($"{customer.Url}factors/")).Expect(200);
    }

    [Fact]
    public async Task For_other_customers_there_is_nothing()
    {
        var (customer, curious) = (await app.CustomerAsync(), await app.CustomerAsync());

        (await curious.Get($"{customer.Url}factors/")).ExpectProblem(404);
    }

    [Fact]
    public async Task Nobody_has_no_factors() =>
        (await (await app.AdminAsync()).Get("/api/customers/customers/999999999999/factors/")).ExpectProblem(404);

    [Fact]
    public async Task Keys_see_nobodys_factors()
    {
        var (customer, key) = (await app.CustomerAsync(), await app.KeyAsync(Keyed.AllScopes));

        (await key.Get($"{customer.Url}factors/")).ExpectProblem(403);
    }
}

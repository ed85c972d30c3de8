using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A passkey is a second factor: for a sign-in with the password, and for a step-up.</summary>
public sealed class ProvingWithAPasskey(ClienteleApp app)
{
    private const string StepUp = "/api/auth/step_up/";

    [Fact]
    public async Task With_a_passkey_the_password_needs_it_too()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);

        var asked = await PasswordAsync(customer);
        Assert.Equal(["passkey", "recovery_code"], asked["factors"].AsArray().Select(kind => (string)kind!));
        var assertion = await UseAsync(phone);
        var pair = (await CompleteAsync(asked, assertion)).Expect(200);

        (await new Actor(app.CreateClient()) { Access = (string)pair["access"]! }.Get(customer.Url)).Expect(200);
        (await CompleteAsync(await PasswordAsync(customer), assertion)).ExpectProblem(401);
    }

    [Fact]
    public async Task A_recovery_code_replaces_a_lost_passkey_once()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        var code = (string)(await customer.AddPasskeyAsync(phone)).Expect(201)["recovery_codes"][0]!;

        foreach (var status in new[] { 200, 401 })
        {
            var challenge = (string)(await PasswordAsync(customer))["challenge"]!;
            (await app.Stranger.Post("/api/auth/token/factor/", new { challenge, code })).Expect(status);
        }
    }

    [Fact]
    public async Task The_passkey_of_another_proves_nothing()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());
        using var phone = new SoftwareAuthenticator();
        using var others = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);
        (await other.AddPasskeyAsync(others)).Expect(201);

        (await CompleteAsync(await PasswordAsync(customer), await UseAsync(others))).ExpectProblem(401);
        (await customer.Post(StepUp, new JsonObject { ["assertion"] = await UseAsync(others) })).ExpectProblem(400, "assertion");
    }

    [Fact]
    public async Task A_step_up_needs_the_passkey_and_the_password_is_not_enough()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);

        (await customer.Post(StepUp, new { password = customer.Password })).ExpectProblem(400, "code");
        var assertion = await UseAsync(phone);
        var access = (string)(await customer.Post(StepUp, new JsonObject { ["assertion"] = assertion.DeepClone() })).Expect(200)["access"]!;

        (await new Actor(app.CreateClient()) { Access = access }.Get($"{customer.Url}export/")).Expect(200);
        (await customer.Post(StepUp, new JsonObject { ["assertion"] = assertion })).ExpectProblem(400, "assertion");
    }

    [Fact]
    public async Task Without_the_last_passkey_the_password_is_enough_again()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        var added = (await customer.AddPasskeyAsync(phone)).Expect(201);

        (await customer.Delete($"{PasskeyCalls.Own}{added["id"]}/")).Expect(204);

        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).Expect(200);
        var factors = (await customer.Get("/api/auth/factors/")).Expect(200);
        Assert.Equal((0, 0), (factors["passkeys"].AsArray().Count, (int)factors["recovery_codes_left"]));
    }

    [Fact]
    public async Task A_second_factor_brings_no_new_recovery_codes_and_the_app_replaces_them()
    {
        var customer = await app.CustomerAsync();
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(first)).Expect(201);

        var added = (await customer.AddPasskeyAsync(second)).Expect(201);

        Assert.Empty(added["recovery_codes"].AsArray());
        Assert.Equal(10, (await Authenticator.OfAsync(customer, app.Clock)).RecoveryCodes.Count);
        Assert.Equal(["totp", "passkey", "recovery_code"], (await PasswordAsync(customer))["factors"].AsArray().Select(kind => (string)kind!));
    }

    private async Task<Answer> PasswordAsync(Actor customer)
    {
        var asked = (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        Assert.Equal("factor_required", asked.Code);
        return asked;
    }

    private async Task<JsonObject> UseAsync(SoftwareAuthenticator phone) => phone.Use(await app.PasskeySignInOptionsAsync());

    private Task<Answer> CompleteAsync(Answer asked, JsonObject assertion) => app.Stranger.Post(
        "/api/auth/token/factor/", new JsonObject { ["challenge"] = (string)asked["challenge"]!, ["assertion"] = assertion.DeepClone() });
}

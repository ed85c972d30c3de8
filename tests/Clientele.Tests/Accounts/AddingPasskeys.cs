using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

public sealed class AddingPasskeys(ClienteleApp app)
{
    [Fact]
    public async Task A_passkey_is_listed_with_its_name_and_its_last_use()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();

        var added = (await customer.AddPasskeyAsync(phone, "Ada's phone")).Expect(201);
        var before = (await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray();
        (await app.SignInAsync(phone)).Expect(200);
        var after = (await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray();

        var passkey = added.Json.AsObject();
        Assert.Equal(["id", "name", "created_at", "last_used_at", "recovery_codes"], passkey.Select(member => member.Key));
        Assert.Equal(("Ada's phone", 10), ((string)passkey["name"]!, passkey["recovery_codes"]!.AsArray().Count));
        passkey.Remove("recovery_codes");
        Assert.True(JsonNode.DeepEquals(passkey, Assert.Single(before)));
        Assert.NotNull(Assert.Single(after)!["last_used_at"]);
    }

    [Fact]
    public async Task The_options_have_the_form_that_browsers_read()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);

        var options = await customer.PasskeyOptionsAsync();

        var uuid = (Guid)(await customer.Get(customer.Url))["uuid"]!;
        Assert.Equal("""{"id":"localhost","name":"Clientele"}""", options["rp"]!.ToJsonString());
        Assert.Equal(SoftwareAuthenticator.Text(uuid.ToByteArray(bigEndian: true)), (string)options["user"]!["id"]!);
        Assert.Equal((customer.Username, "Ada Lovelace"), ((string)options["user"]!["name"]!, (string)options["user"]!["displayName"]!));
        Assert.Equal(
            """{"residentKey":"required","requireResidentKey":true,"userVerification":"required"}""", options["authenticatorSelection"]!.ToJsonString());
        Assert.Equal(
            $$"""[{"type":"public-key","id":"{{SoftwareAuthenticator.Text(phone.CredentialId)}}","transports":["internal"]}]""",
            options["excludeCredentials"]!.ToJsonString());
        Assert.Equal([-7, -257], options["pubKeyCredParams"]!.AsArray().Select(parameter => (int)parameter!["alg"]!));
        Assert.NotEqual((string)options["challenge"]!, (string)(await customer.PasskeyOptionsAsync())["challenge"]!);
    }

    [Fact]
    public async Task A_passkey_of_another_origin_is_refused() => await RefusedAsync(phone => phone.Origin = "https://evil.example");

    [Fact]
    public async Task A_passkey_of_another_domain_is_refused() => await RefusedAsync(phone => phone.Domain = "evil.example");

    [Fact]
    public async Task A_passkey_whose_owner_was_not_verified_is_refused() => await RefusedAsync(phone => phone.VerifiesUser = false);

    [Fact]
    public async Task A_passkey_for_the_options_of_another_account_is_refused()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());
        using var phone = new SoftwareAuthenticator();
        var credential = phone.Create(await other.PasskeyOptionsAsync());

        (await customer.Post(PasskeyCalls.Own, new JsonObject { ["name"] = "Phone", ["credential"] = credential })).ExpectProblem(400, "credential");
    }

    [Fact]
    public async Task A_challenge_to_sign_in_adds_no_passkey()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        var options = await customer.PasskeyOptionsAsync();
        options["challenge"] = (string)(await app.PasskeySignInOptionsAsync())["challenge"]!;

        var body = new JsonObject { ["name"] = "Phone", ["credential"] = phone.Create(options) };
        (await customer.Post(PasskeyCalls.Own, body)).ExpectProblem(400, "credential");
    }

    [Fact]
    public async Task Options_add_one_passkey_however_many_are_created_with_them()
    {
        var customer = await (await app.CustomerAsync()).StepUpAsync();
        var options = await customer.PasskeyOptionsAsync();

        var answers = await Crowd.AtOnceAsync(5, async i =>
        {
            using var phone = new SoftwareAuthenticator();
            return await customer.Post(PasskeyCalls.Own, new JsonObject { ["name"] = $"Phone {i}", ["credential"] = phone.Create(options) });
        });

        Assert.Equal([201, 400, 400, 400, 400], answers.Select(answer => (int)answer.Status).Order());
        Assert.Single((await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray());
    }

    [Fact]
    public async Task A_passkey_is_added_once()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);

        Assert.Equal("conflict", (await customer.AddPasskeyAsync(phone)).ExpectProblem(409).Code);
    }

    [Fact]
    public async Task An_account_has_ten_passkeys_however_many_are_added_at_once()
    {
        var customer = await (await app.CustomerAsync()).StepUpAsync();

        var answers = await Crowd.AtOnceAsync(12, async _ =>
        {
            using var phone = new SoftwareAuthenticator();
            return await customer.AddPasskeyAsync(phone);
        });

        Assert.Equal(10, answers.Count(answer => (int)answer.Status == 201));
        Assert.All(answers.Where(answer => (int)answer.Status != 201), answer => Assert.Equal("too_many_passkeys", answer.ExpectProblem(409).Code));
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{}", "credential")]
    [InlineData("""{"name":"","credential":{}}""", "name")]
    [InlineData("""{"name":"Phone","credential":null}""", "credential")]
    [InlineData("""{"name":"Phone","credential":"text"}""", "credential")]
    [InlineData("""{"name":"Phone","credential":{"id":"AA","type":"public-key"}}""", "credential/response")]
    [InlineData("""{"name":"Phone","credential":{"id":"?","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}}""", "credential")]
    [InlineData("""{"name":"Phone","credential":{"id":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}}""", "credential")]
    public async Task What_is_no_passkey_is_refused(string body, string member) =>
        (await (await app.CustomerAsync()).Post(PasskeyCalls.Own, body)).ExpectProblem(400, member);

    [Fact]
    public async Task Nobody_deletes_the_passkey_of_another()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());
        using var phone = new SoftwareAuthenticator();
        var added = (await customer.AddPasskeyAsync(phone)).Expect(201);

        (await other.Delete($"{PasskeyCalls.Own}{added["id"]}/")).ExpectProblem(404);

        (await app.SignInAsync(phone)).Expect(200);
    }

    [Fact]
    public async Task The_last_passkey_takes_the_recovery_codes_with_it_although_an_app_waits_for_its_first_code()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        var added = (await customer.AddPasskeyAsync(phone)).Expect(201);
        (await customer.Post("/api/auth/factors/totp/")).Expect(200);

        (await customer.Delete($"{PasskeyCalls.Own}{added["id"]}/")).Expect(204);

        Assert.Equal(0, (int)(await customer.Get("/api/auth/factors/")).Expect(200)["recovery_codes_left"]!);
    }

    [Fact]
    public async Task Adding_and_deleting_are_in_the_history()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        using var phone = new SoftwareAuthenticator();
        var added = (await customer.AddPasskeyAsync(phone)).Expect(201);
        (await customer.Delete($"{PasskeyCalls.Own}{added["id"]}/")).Expect(204);

        var history = (await admin.Get($"{customer.Url}history/")).Expect(200)["results"].AsArray();

        Assert.Equal(
            [("passkey.removed", $"passkey/{added["id"]}"), ("passkey.added", $"passkey/{added["id"]}")],
            history.Select(entry => ((string)entry!["action"]!, (string)entry["resource"]!))
                .Where(entry => entry.Item1.StartsWith("passkey.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sdk_adds_lists_uses_and_deletes_a_passkey()
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        using var http = app.CreateClient();
        using var client = new ClienteleClient(http);
        await client.SignInAsync(customer.Username, customer.Password, TestContext.Current.CancellationToken);

        var options = await client.Passkeys.CreateOptionsAsync(TestContext.Current.CancellationToken);
        var attestation = phone.Create(new JsonObject { ["challenge"] = options.Challenge, ["user"] = new JsonObject { ["id"] = options.User.Id } });
        var added = await client.Passkeys.CreateAsync("Phone", Typed<PasskeyAttestation>(attestation), TestContext.Current.CancellationToken);
        var challenge = (await client.Passkeys.CreateSignInOptionsAsync(TestContext.Current.CancellationToken)).Challenge;
        var pair = await client.Passkeys.CreateTokenAsync(Typed<PasskeyAssertion>(phone.Use(challenge)), TestContext.Current.CancellationToken);
        var listed = await client.Passkeys.ListAsync(TestContext.Current.CancellationToken);
        await client.StepUpAsync(new() { Code = added.RecoveryCodes[0] }, TestContext.Current.CancellationToken);
        await client.Passkeys.DeleteAsync(added.Id, TestContext.Current.CancellationToken);

        Assert.Equal("Bearer", pair.TokenType);
        Assert.Equal(added.Id, Assert.Single(listed).Id);
        Assert.Empty(await client.Passkeys.ListAsync(TestContext.Current.CancellationToken));

        static T Typed<T>(JsonObject json) => System.Text.Json.JsonSerializer.Deserialize<T>(json, System.Text.Json.JsonSerializerOptions.Web)!;
    }

    private async Task RefusedAsync(Action<SoftwareAuthenticator> change)
    {
        var customer = await app.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        change(phone);

        (await customer.AddPasskeyAsync(phone)).ExpectProblem(400, "credential");

        Assert.Empty((await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray());
    }
}

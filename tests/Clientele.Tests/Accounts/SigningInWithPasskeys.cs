using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Only the holder of a passkey signs in with it, once for each challenge. All refusals are the same.</summary>
public sealed class SigningInWithPasskeys(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task A_passkey_gives_a_pair_of_tokens_that_can_be_renewed()
    {
        var (customer, phone) = await OwnerAsync();

        var pair = (await app.SignInAsync(phone)).Expect(200);

        Assert.Equal(["access", "refresh", "token_type", "expires_in"], pair.Json.AsObject().Select(member => member.Key));
        Assert.Equal("no-store", pair.Headers["Cache-Control"]);
        var me = await new Actor(app.CreateClient()) { Access = (string)pair["access"]! }.Get("/api/customers/customers/me/");
        Assert.Equal(customer.Id, (long)me.Expect(200)["id"]);
        (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)pair["refresh"]! })).Expect(200);
    }

    [Fact]
    public async Task An_assertion_signs_in_once()
    {
        var (_, phone) = await OwnerAsync();
        var assertion = phone.Use(await app.PasskeySignInOptionsAsync());

        (await app.SignInAsync(assertion)).Expect(200);

        await RefusedAsync(assertion);
    }

    [Fact]
    public async Task A_challenge_that_many_use_at_once_signs_in_once()
    {
        var (_, phone) = await OwnerAsync();
        var options = await app.PasskeySignInOptionsAsync();
        JsonObject[] assertions = [.. Enumerable.Range(0, 5).Select(_ => phone.Use(options))];

        var answers = await Crowd.AtOnceAsync(assertions.Length, i => app.SignInAsync(assertions[i]));

        Assert.Equal(1, answers.Count(answer => (int)answer.Status == 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(401));
    }

    [Fact]
    public async Task A_page_of_another_origin_signs_nobody_in()
    {
        var (_, phone) = await OwnerAsync();

        phone.Origin = "https://evil.example";

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task A_passkey_for_another_domain_signs_nobody_in()
    {
        var (_, phone) = await OwnerAsync();

        phone.Domain = "evil.example";

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task A_passkey_whose_owner_was_not_verified_signs_nobody_in()
    {
        var (_, phone) = await OwnerAsync();

        phone.VerifiesUser = false;

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task A_passkey_that_names_another_account_signs_nobody_in()
    {
        var ((_, phone), (_, other)) = (await OwnerAsync(), await OwnerAsync());

        phone.UserHandle = other.UserHandle;

        await RefusedAsync(phone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("AAAA")]
    [InlineData("AZnnpF9efBGNKjsfSh8vYA")]
    public async Task A_passkey_that_names_no_account_signs_nobody_in(string? handle)
    {
        var (_, phone) = await OwnerAsync();

        phone.UserHandle = handle;

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task A_key_that_was_never_added_signs_nobody_in()
    {
        var (_, phone) = await OwnerAsync();
        using var copy = new SoftwareAuthenticator { CredentialId = phone.CredentialId, UserHandle = phone.UserHandle };

        await RefusedAsync(copy);
    }

    [Fact]
    public async Task A_challenge_that_the_service_has_not_issued_signs_nobody_in()
    {
        var (_, phone) = await OwnerAsync();
        var issued = (string)(await app.PasskeySignInOptionsAsync())["challenge"]!;

        foreach (var challenge in new[] { "", "AAAA", SoftwareAuthenticator.Text(new byte[72]), $"{(issued[0] == 'A' ? 'B' : 'A')}{issued[1..]}" })
        {
            await RefusedAsync(phone.Use(challenge));
        }
    }

    [Fact]
    public async Task A_challenge_to_add_a_passkey_signs_nobody_in()
    {
        var (customer, phone) = await OwnerAsync();

        await RefusedAsync(phone.Use(await customer.PasskeyOptionsAsync()));
    }

    [Fact]
    public async Task A_challenge_expires_after_five_minutes()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        using var phone = new SoftwareAuthenticator();
        (await (await own.CustomerAsync()).AddPasskeyAsync(phone)).Expect(201);
        var (early, late) = (phone.Use(await own.PasskeySignInOptionsAsync()), phone.Use(await own.PasskeySignInOptionsAsync()));

        own.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await own.SignInAsync(early)).Expect(200);
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        (await own.SignInAsync(late)).ExpectProblem(401);
    }

    [Fact]
    public async Task A_counter_that_goes_back_is_refused_and_audited()
    {
        var (customer, phone) = await OwnerAsync();
        phone.Counter = 7;
        (await app.SignInAsync(phone)).Expect(200);

        // A copy of the key that was used less often.
        phone.Counter = 6;
        await RefusedAsync(phone);
        phone.Counter = 8;
        (await app.SignInAsync(phone)).Expect(200);

        var history = (await (await app.AdminAsync()).Get($"{customer.Url}history/")).Expect(200)["results"].AsArray();
        Assert.Equal("passkey.counter_went_back", (string)history[0]!["action"]!);
        await AuditChain.VerifyAsync(app.Database);
    }

    [Fact]
    public async Task An_authenticator_without_a_counter_signs_in_again_and_again()
    {
        var (_, phone) = await OwnerAsync(withCounter: false);

        (await app.SignInAsync(phone)).Expect(200);
        (await app.SignInAsync(phone)).Expect(200);
    }

    [Fact]
    public async Task A_passkey_that_was_deleted_signs_nobody_in()
    {
        var (customer, phone) = await OwnerAsync();
        var id = (string)(await customer.Get(PasskeyCalls.Own)).Expect(200).Json[0]!["id"]!;

        (await customer.Delete($"{PasskeyCalls.Own}{id}/")).Expect(204);

        await RefusedAsync(phone);
        Assert.Empty((await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray());
    }

    [Fact]
    public async Task An_inactive_account_is_not_signed_in()
    {
        var (customer, phone) = await OwnerAsync();

        (await customer.Post($"{customer.Url}deactivate/")).Expect(200);

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task An_erased_account_is_not_signed_in()
    {
        var (customer, phone) = await OwnerAsync();

        (await (await app.AdminAsync()).Delete(customer.Url)).Expect(204);

        await RefusedAsync(phone);
    }

    [Fact]
    public async Task Sign_ins_that_fail_are_limited_and_those_that_succeed_are_not()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["RateLimits:SignInPerNetwork"] = "3" } });
        using var phone = new SoftwareAuthenticator();
        using var stranger = new SoftwareAuthenticator();
        (await (await own.CustomerAsync()).AddPasskeyAsync(phone)).Expect(201);
        for (var i = 0; i < 5; i++)
        {
            (await own.SignInAsync(phone)).Expect(200);
        }

        for (var i = 0; i < 3; i++)
        {
            (await own.SignInAsync(stranger)).ExpectProblem(401);
        }

        Assert.NotEmpty((await own.SignInAsync(stranger)).ExpectProblem(429).Headers["Retry-After"]);
    }

    [Fact]
    public async Task Another_origin_of_the_domain_may_be_allowed_by_a_setting()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings =
            {
                ["PublicUrl"] = "https://accounts.shop.example/v1",
                ["AllowedHosts"] = "127.0.0.1",
                ["Passkeys:Domain"] = "shop.example",
                ["Passkeys:Origins:0"] = "https://www.shop.example",
            },
        });
        using var phone = new SoftwareAuthenticator { Domain = "shop.example", Origin = "https://accounts.shop.example" };
        (await (await own.CustomerAsync()).AddPasskeyAsync(phone)).Expect(201);

        phone.Origin = "https://www.shop.example";
        (await own.SignInAsync(phone)).Expect(200);
        phone.Origin = "https://other.shop.example";
        (await own.SignInAsync(phone)).ExpectProblem(401);
        phone.Origin = "http://localhost:8000";
        (await own.SignInAsync(phone)).ExpectProblem(401);
    }

    [Fact]
    public async Task Challenges_that_were_used_are_deleted_after_they_have_expired()
    {
        await using var own = await ClienteleApp.StartAsync();
        using var phone = new SoftwareAuthenticator();
        (await (await own.CustomerAsync()).AddPasskeyAsync(phone)).Expect(201);
        (await own.SignInAsync(phone)).Expect(200);
        Assert.Equal(2, await CountAsync());

        own.Clock.Advance(TimeSpan.FromHours(2));
        await own.MaintainAsync();

        Assert.Equal(0, await CountAsync());

        async Task<int> CountAsync() => (await own.Database.QueryAsync("SELECT hash FROM used_passkey_challenges")).Count;
    }

    [Theory]
    [InlineData("{}", "credential")]
    [InlineData("""{"credential":[]}""", "credential")]
    [InlineData("""{"credential":{"id":"AA","type":"public-key","response":{"clientDataJSON":"AA"}}}""", "credential/response/authenticatorData")]
    public async Task What_is_no_assertion_is_refused(string body, string member) =>
        (await app.Stranger.Post(PasskeyCalls.SignIn, body)).ExpectProblem(400, member);

    /// <summary>A customer, and the authenticator with their passkey.</summary>
    private async Task<(Actor Customer, SoftwareAuthenticator Phone)> OwnerAsync(bool withCounter = true)
    {
        var customer = await app.CustomerAsync();
        var phone = new SoftwareAuthenticator { Counter = withCounter ? 0 : null };
        (await customer.AddPasskeyAsync(phone)).Expect(201);
        return (customer, phone);
    }

    private async Task RefusedAsync(SoftwareAuthenticator phone) => await RefusedAsync(phone.Use(await app.PasskeySignInOptionsAsync()));

    private async Task RefusedAsync(JsonObject assertion)
    {
        var refused = (await app.SignInAsync(assertion)).ExpectProblem(401);
        Assert.Equal("invalid_credentials", refused.Code);
        Assert.Equal("No active account has this passkey, or its options were used or have expired.", (string)refused["detail"]!);
    }
}

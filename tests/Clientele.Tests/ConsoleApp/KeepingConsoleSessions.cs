using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The session of a console: the refresh token is in a cookie that scripts cannot read, the access token in the responses.</summary>
public sealed class KeepingConsoleSessions(ClienteleApp app)
{
    private const string Me = "/api/customers/customers/me/";

    public static TheoryData<string, string> Calls => new()
    {
        { "GET", ConsoleCalls.Session },
        { "POST", ConsoleCalls.Session },
        { "POST", ConsoleCalls.Factor },
        { "POST", ConsoleCalls.Passkey },
        { "POST", ConsoleCalls.Renewal },
        { "DELETE", ConsoleCalls.Session },
    };

    [Fact]
    public async Task The_refresh_token_is_in_a_cookie_and_not_in_the_response()
    {
        var begun = (await app.BeginAsync(await app.AdminAsync())).Expect(200);

        Assert.Equal(["access", "expires_in"], begun.Json.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["httponly", "path=/console/session/", "samesite=strict", "secure"],
            begun.Headers["Set-Cookie"].Split("; ")[1..].Order(StringComparer.Ordinal));
        (await new Actor(app.CreateClient()) { Access = (string)begun["access"]! }.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task At_a_plain_address_of_another_machine_browsers_would_refuse_a_secure_cookie()
    {
        var admin = await app.AdminAsync();

        var begun = await app.Stranger.Post(
            ConsoleCalls.Session, new { username = admin.Username, password = admin.Password }, ConsoleCalls.FromConsole, ("Host", "shop.intern:8000"));

        Assert.DoesNotContain("secure", begun.Expect(200).Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_public_address_the_cookie_is_secure_and_belongs_to_its_path()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = new() { ["PublicUrl"] = "https://shop.example/accounts", ["AllowedHosts"] = "*" },
        });

        var cookie = (await own.BeginAsync(await own.AdminAsync())).Expect(200).Headers["Set-Cookie"];

        Assert.StartsWith("__Secure-clientele-console=", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/accounts/console/session/; secure;", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_gets_an_access_token_for_its_cookie()
    {
        var begun = (await app.BeginAsync(await app.AdminAsync())).Expect(200);

        var renewed = (await app.RenewAsync(begun.Cookie())).Expect(200);

        Assert.NotEqual(begun.Cookie(), renewed.Cookie());
        (await new Actor(app.CreateClient()) { Access = (string)renewed["access"]! }.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task Two_tabs_that_renew_at_once_get_the_same_cookie()
    {
        var cookie = (await app.BeginAsync(await app.NewAdminAsync())).Expect(200).Cookie();

        var both = await Task.WhenAll(app.RenewAsync(cookie), app.RenewAsync(cookie));

        Assert.Single(both.Select(tab => tab.Expect(200).Cookie()).Distinct());
    }

    [Fact]
    public async Task A_cookie_that_is_used_again_later_ends_the_session()
    {
        await using var own = await ClienteleApp.StartAsync();
        var cookie = (await own.BeginAsync(await own.AdminAsync())).Expect(200).Cookie();
        var next = (await own.RenewAsync(cookie)).Expect(200).Cookie();
        own.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("invalid_credentials", (await own.RenewAsync(cookie)).ExpectProblem(401).Code);

        var ended = (await own.RenewAsync(next)).ExpectProblem(401);
        Assert.Equal("clientele-console=", ended.Cookie());
        Assert.Contains("expires=Thu, 01 Jan 1970", ended.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_without_a_session_has_nothing_to_renew() =>
        Assert.False((await app.Stranger.Post(ConsoleCalls.Renewal, null, ConsoleCalls.FromConsole)).Expect(204).Headers.ContainsKey("Set-Cookie"));

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_service()
    {
        var begun = (await app.BeginAsync(await app.NewAdminAsync())).Expect(200);
        var page = new Actor(app.CreateClient()) { Access = (string)begun["access"]! };

        var ended = (await app.Stranger.Delete(ConsoleCalls.Session, ConsoleCalls.FromConsole, ("Cookie", begun.Cookie()))).Expect(204);

        Assert.Equal("clientele-console=", ended.Cookie());
        (await page.Get(Me)).ExpectProblem(401);
        (await app.RenewAsync(begun.Cookie())).ExpectProblem(401);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Without_the_header_that_other_sites_cannot_send_no_call_does_anything(string method, string path)
    {
        var admin = await app.NewAdminAsync();
        var cookie = (await app.BeginAsync(admin)).Expect(200).Cookie();

        var refused = await app.Stranger.Send(
            new HttpMethod(method), path, method == "POST" ? new { username = admin.Username, password = admin.Password } : null, ("Cookie", cookie));

        Assert.Contains("X-Clientele-Console", (string)refused.ExpectProblem(403)["detail"]!, StringComparison.Ordinal);
        Assert.False(refused.Headers.ContainsKey("Set-Cookie"));
        (await app.RenewAsync(cookie)).Expect(200);
    }

    [Fact]
    public async Task A_customer_is_told_that_the_console_is_for_the_staff()
    {
        var customer = await app.CustomerAsync();

        // Right passwords are no guesses, however many there are.
        for (var i = 0; i < 7; i++)
        {
            var refused = (await app.BeginAsync(customer)).ExpectProblem(403);
            Assert.Equal("forbidden", refused.Code);
            Assert.Contains("staff", (string)refused["detail"]!, StringComparison.Ordinal);
            Assert.False(refused.Headers.ContainsKey("Set-Cookie"));
        }

        Assert.Single((await customer.Get("/api/auth/sessions/")).Expect(200).Json.AsArray());
    }

    [Fact]
    public async Task A_wrong_password_says_nothing_about_who_is_staff()
    {
        var (admin, customer) = (await app.NewAdminAsync(), await app.CustomerAsync());

        foreach (var name in new[] { admin.Username, customer.Username, "nobody" })
        {
            var refused = await app.Stranger.Post(ConsoleCalls.Session, new { username = name, password = "wrong" }, ConsoleCalls.FromConsole);
            Assert.Equal("invalid_credentials", refused.ExpectProblem(401).Code);
        }
    }

    [Fact]
    public async Task An_admin_with_an_authenticator_app_needs_a_code()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.NewAdminAsync();
        var (authenticator, _) = await Authenticator.OfAsync(admin, own.Clock);
        var challenged = (await own.BeginAsync(admin)).ExpectProblem(401);
        Assert.Equal("factor_required", challenged.Code);
        var challenge = (string)challenged["challenge"]!;

        (await own.Stranger.Post(ConsoleCalls.Factor, new { challenge, code = authenticator.WrongCode() }, ConsoleCalls.FromConsole)).ExpectProblem(401);
        var begun = await own.Stranger.Post(ConsoleCalls.Factor, new { challenge, code = authenticator.NextCode() }, ConsoleCalls.FromConsole);

        (await own.RenewAsync(begun.Expect(200).Cookie())).Expect(200);
    }

    [Fact]
    public async Task An_admin_signs_in_with_a_passkey()
    {
        using var phone = new SoftwareAuthenticator();
        var admin = await app.NewAdminAsync();
        (await admin.AddPasskeyAsync(phone)).Expect(201);

        var credential = phone.Use(await app.PasskeySignInOptionsAsync());
        var begun = await app.Stranger.Post(ConsoleCalls.Passkey, new JsonObject { ["credential"] = credential }, ConsoleCalls.FromConsole);

        (await app.RenewAsync(begun.Expect(200).Cookie())).Expect(200);
    }

    [Fact]
    public async Task A_customer_does_not_get_in_with_a_challenge_of_the_shop()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (authenticator, _) = await Authenticator.OfAsync(customer, own.Clock);
        var challenged = (await own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        var proof = new { challenge = (string)challenged["challenge"]!, code = authenticator.NextCode() };

        var refused = (await own.Stranger.Post(ConsoleCalls.Factor, proof, ConsoleCalls.FromConsole)).ExpectProblem(403);

        Assert.Equal("forbidden", refused.Code);
        Assert.Single((await customer.Get("/api/auth/sessions/")).Expect(200).Json.AsArray());
        (await own.Stranger.Post("/api/auth/token/factor/", proof)).Expect(200);
    }

    [Fact]
    public async Task The_console_knows_whether_anybody_can_sign_in()
    {
        await using var own = await ClienteleApp.StartAsync();

        var before = (await own.Stranger.Get(ConsoleCalls.Session, ConsoleCalls.FromConsole)).Expect(200);
        await own.NewAdminAsync();
        var after = (await own.Stranger.Get(ConsoleCalls.Session, ConsoleCalls.FromConsole)).Expect(200);

        Assert.Equal("""{"has_admin":false}""", before.Text);
        Assert.Equal("""{"has_admin":true}""", after.Text);
    }
}

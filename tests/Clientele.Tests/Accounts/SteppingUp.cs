using System.Text;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Tests.Accounts;

/// <summary>Sensitive changes need a token whose owner has just proven who they are.</summary>
public sealed class SteppingUp
{
    private const string StepUp = "/api/auth/step_up/";
    private const string Totp = "/api/auth/factors/totp/";
    private const string Me = "/api/customers/customers/me/";

    /// <summary>What somebody with a stolen access token of an admin would do first.</summary>
    private static readonly string[] OfAdmins =
        ["GET /api/customers/customers/{id}/export/", "DELETE /api/customers/customers/{id}/", $"POST {Totp}", $"POST {Totp}confirm/", $"DELETE {Totp}"];

    private static readonly string[] AddingFactors = [$"POST {Totp}", $"POST {Totp}confirm/", $"POST {PasskeyCalls.Own}options/", $"POST {PasskeyCalls.Own}"];

    /// <summary>So long after the sign-in, a customer adds the first factor without a step-up.</summary>
    private static readonly TimeSpan JustSignedIn = TimeSpan.FromMinutes(5);

    private static readonly string[] OfCustomers = ["GET /api/customers/customers/{id}/export/", $"POST {Totp}", $"POST {Totp}confirm/", $"DELETE {Totp}"];

    [Fact]
    public async Task A_stolen_token_of_an_admin_cannot_export_erase_or_change_factors()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var stolen = Stolen(own, await own.NewAdminAsync());

        foreach (var call in OfAdmins)
        {
            await RefusedAsync(stolen, call, customer.Id);
        }

        (await customer.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_stolen_token_of_an_admin_cannot_change_the_email_of_another_admin()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, other) = (await own.NewAdminAsync(), await own.NewAdminAsync());
        var email = $"{Guid.NewGuid():N}@example.com";

        var refused = (await Stolen(own, admin).Patch(other.Url, new { email })).ExpectProblem(403);

        Assert.Equal("step_up_required", refused.Code);
        Assert.Equal(email, (string)(await admin.Patch(other.Url, new { email })).Expect(200)["email"]!);
    }

    [Fact]
    public async Task A_stolen_token_of_a_customer_with_a_factor_cannot_export_or_change_factors()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);
        var stolen = Stolen(own, customer);

        foreach (var call in OfCustomers)
        {
            await RefusedAsync(stolen, call, customer.Id);
        }

        Assert.Equal(10, (int)(await customer.Get("/api/auth/factors/")).Expect(200)["recovery_codes_left"]!);
    }

    [Fact]
    public async Task A_stolen_token_of_a_customer_cannot_add_a_first_factor()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        own.Clock.Advance(JustSignedIn);
        var stolen = Stolen(own, customer);
        var refreshed = (await stolen.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).Expect(200);

        foreach (var call in AddingFactors)
        {
            await RefusedAsync(stolen, call, customer.Id);
            await RefusedAsync(With(own, customer, refreshed), call, customer.Id);
        }

        Assert.Empty(await own.Database.QueryAsync($"SELECT customer_id FROM totp_secrets WHERE customer_id = {customer.Id}"));
    }

    [Fact]
    public async Task Whoever_has_just_signed_in_adds_a_first_factor_without_a_step_up()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.CustomerAsync();
        own.Clock.Advance(JustSignedIn - TimeSpan.FromSeconds(1));
        var signedIn = Stolen(own, customer);
        using var phone = new SoftwareAuthenticator();

        await Authenticator.OfAsync(signedIn, own.Clock);

        var other = Stolen(own, await own.CustomerAsync());
        (await other.AddPasskeyAsync(phone)).Expect(201);
        await RefusedAsync(signedIn, $"POST {Totp}", customer.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_first_factor_is_added_after_a_step_up_with_the_password(bool isPasskey)
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        own.Clock.Advance(JustSignedIn);
        var stepped = With(own, customer, (await customer.Post(StepUp, new { password = customer.Password })).Expect(200));
        using var phone = new SoftwareAuthenticator();

        if (isPasskey)
        {
            (await stepped.AddPasskeyAsync(phone)).Expect(201);
        }
        else
        {
            await Authenticator.OfAsync(stepped, own.Clock);
        }

        Assert.Equal(10, (int)(await customer.Get("/api/auth/factors/")).Expect(200)["recovery_codes_left"]!);
    }

    [Fact]
    public async Task Another_session_that_has_just_begun_makes_no_difference()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        own.Clock.Advance(JustSignedIn);
        await own.SignInAsync(customer.Username, customer.Password);

        await RefusedAsync(Stolen(own, customer), $"POST {Totp}", customer.Id);
    }

    [Fact]
    public async Task A_customer_without_a_factor_exports_without_a_step_up()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        (await customer.Get($"{customer.Url}export/")).Expect(200);
    }

    [Fact]
    public async Task An_admin_steps_up_with_the_password()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.NewAdminAsync(), await own.CustomerAsync());

        var answer = (await admin.Post(StepUp, new { password = admin.Password })).Expect(200);

        Assert.Equal(("Bearer", 300), ((string)answer["token_type"]!, (int)answer["expires_in"]));
        Assert.Null(answer.Json["refresh"]);
        var claims = JsonNode.Parse(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(((string)answer["access"]!).Split('.')[1])))!;
        Assert.Equal(("step_up", 300), ((string)claims["acr"]!, (long)claims["exp"]! - (long)claims["iat"]!));
        var stepped = With(own, admin, answer);
        (await stepped.Get($"{customer.Url}export/")).Expect(200);
        (await stepped.Delete(customer.Url)).Expect(204);
        var actions = await own.Database.QueryAsync($"SELECT action FROM audit_entries WHERE customer_id = {admin.Id} ORDER BY sequence DESC LIMIT 1");
        Assert.Equal("session.stepped_up", (string)actions[0][0]);
    }

    [Fact]
    public async Task With_a_factor_the_password_is_not_enough()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, codes) = await Authenticator.OfAsync(customer, own.Clock);

        (await customer.Post(StepUp, new { password = customer.Password })).ExpectProblem(400, "code");
        (await customer.Post(StepUp, new { code = app.WrongCode() })).ExpectProblem(400, "code");
        var withApp = (await customer.Post(StepUp, new { code = app.NextCode() })).Expect(200);
        var withRecoveryCode = (await customer.Post(StepUp, new { code = codes[0] })).Expect(200);

        (await With(own, customer, withApp).Get($"{customer.Url}export/")).Expect(200);
        (await With(own, customer, withRecoveryCode).Get($"{customer.Url}export/")).Expect(200);
        (await customer.Post(StepUp, new { code = codes[0] })).ExpectProblem(400, "code");
    }

    [Fact]
    public async Task Without_a_factor_the_password_must_be_right()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        (await customer.Post(StepUp, new { code = "123456" })).ExpectProblem(400, "password");
        (await customer.Post(StepUp, new { password = "wrong" })).ExpectProblem(400, "password");
        (await customer.Post(StepUp, new { password = customer.Password })).Expect(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_guesses_at_once_five_get_through(bool hasFactor)
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        if (hasFactor)
        {
            await Authenticator.OfAsync(customer, own.Clock);
        }

        var answers = await Crowd.AtOnceAsync(i => customer.Post(StepUp, hasFactor ? new { code = $"guess {i}" } : (object)new { password = $"guess {i}" }));

        Assert.Equal(5, answers.Count(answer => (int)answer.Status == 400));
        Assert.All(answers.Where(answer => (int)answer.Status != 400), answer => answer.ExpectProblem(429));
    }

    [Fact]
    public async Task A_stepped_up_token_expires_after_five_minutes()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (admin, customer) = (await own.NewAdminAsync(), await own.CustomerAsync());
        var stepped = With(own, admin, (await admin.Post(StepUp, new { password = admin.Password })).Expect(200));
        own.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await stepped.Get($"{customer.Url}export/")).Expect(200);

        // Other tokens are also accepted for half a minute longer, because clocks differ.
        own.Clock.Advance(TimeSpan.FromSeconds(32));

        (await stepped.Get($"{customer.Url}export/")).ExpectProblem(401);
        (await admin.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_change_of_the_password_ends_a_stepped_up_token()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var stepped = With(own, customer, (await customer.Post(StepUp, new { password = customer.Password })).Expect(200));
        (await stepped.Get(Me)).Expect(200);

        await AttackingFactors.ChangePasswordAsync(customer);

        (await stepped.Get(Me)).ExpectProblem(401);
    }

    [Fact]
    public async Task A_token_that_is_remembered_stays_what_it_is()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.NewAdminAsync(), await own.CustomerAsync());
        var stepped = With(own, admin, (await admin.Post(StepUp, new { password = admin.Password })).Expect(200));
        var ordinary = Stolen(own, admin);
        for (var request = 0; request < 3; request++)
        {
            (await stepped.Get($"{customer.Url}export/")).Expect(200);
            await RefusedAsync(ordinary, "GET /api/customers/customers/{id}/export/", customer.Id);
        }
    }

    [Fact]
    public async Task A_refreshed_token_is_not_stepped_up()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.NewAdminAsync(), await own.CustomerAsync());
        (await admin.Post(StepUp, new { password = admin.Password })).Expect(200);

        var pair = (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = admin.Refresh })).Expect(200);

        await RefusedAsync(With(own, admin, pair), "GET /api/customers/customers/{id}/export/", customer.Id);
    }

    [Fact]
    public async Task Another_customer_learns_nothing_from_a_refusal()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, attacker) = (await own.CustomerAsync(), await own.CustomerAsync());
        await Authenticator.OfAsync(attacker, own.Clock);
        var curious = Stolen(own, attacker);

        await RefusedAsync(curious, "GET /api/customers/customers/{id}/export/", customer.Id);
        await RefusedAsync(curious, "GET /api/customers/customers/{id}/export/", 999_999_999);
    }

    private static Actor Stolen(ClienteleApp app, Actor owner) => new(app.CreateClient()) { Id = owner.Id, Access = owner.Access };

    private static Actor With(ClienteleApp app, Actor owner, Answer answer) =>
        new(app.CreateClient()) { Id = owner.Id, Access = (string)answer["access"]!, StepsUp = false };

    private static async Task RefusedAsync(Actor caller, string call, long customer)
    {
        var parts = call.Replace("{id}", $"{customer}", StringComparison.Ordinal).Split(' ');
        var body = parts[0] == "POST" ? new { code = "123456" } : null;
        var answer = (await caller.Send(new HttpMethod(parts[0]), parts[1], body)).ExpectProblem(403);
        Assert.Equal("step_up_required", answer.Code);
        Assert.Contains("POST /api/auth/step_up/", (string)answer["detail"]!, StringComparison.Ordinal);
    }
}

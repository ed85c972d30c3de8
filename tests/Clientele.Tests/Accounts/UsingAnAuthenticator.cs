using System.Text;
using Clientele.Server.Accounts;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Accounts;

/// <summary>An authenticator app is set up, asked for at sign-in, and removed.</summary>
public sealed class UsingAnAuthenticator
{
    private const string Factors = "/api/auth/factors/";
    private const string Totp = "/api/auth/factors/totp/";
    private const string Me = "/api/customers/customers/me/";

    [Fact]
    public async Task An_app_that_no_code_has_confirmed_is_not_asked_for()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Post(Totp)).Expect(200);

        Assert.Null((await customer.Get(Factors)).Expect(200).Json["totp"]);
        await own.SignInAsync(customer.Username, customer.Password);
    }

    [Fact]
    public async Task A_setup_has_a_secret_of_160_bits_a_uri_and_a_picture_of_it()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Security:AuthenticatorName"] = "Hat Shop" } });
        var customer = await own.CustomerAsync("ada+1.lovelace@example.com", new { email = "ada+1.lovelace@example.com" });

        var setup = (await customer.Post(Totp)).Expect(200);

        var secret = (string)setup["secret"]!;
        Assert.Equal(32, secret.Length);
        var uri = $"otpauth://totp/Hat%20Shop:ada%2B1.lovelace%40example.com?secret={secret}&issuer=Hat%20Shop";
        Assert.StartsWith(uri, (string)setup["uri"]!, StringComparison.Ordinal);
        Assert.StartsWith("<svg", (string)setup["qr_svg"]!, StringComparison.Ordinal);
        Assert.NotEqual(secret, (string)(await customer.Post(Totp)).Expect(200)["secret"]!);
    }

    [Fact]
    public async Task The_longest_name_fits_into_the_picture()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync(
            string.Concat(Enumerable.Repeat("\U00020000", 150)), new { email = $"{Guid.NewGuid():N}@example.com" });

        (await customer.Post(Totp)).Expect(200);
    }

    [Fact]
    public async Task A_wrong_first_code_turns_nothing_on()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var app = new Authenticator((string)(await customer.Post(Totp)).Expect(200)["secret"]!, own.Clock);

        (await customer.Post($"{Totp}confirm/", new { code = app.WrongCode() })).ExpectProblem(400, "code");

        Assert.Null((await customer.Get(Factors)).Expect(200).Json["totp"]);
        (await customer.Post($"{Totp}confirm/", new { code = app.Code() })).Expect(200);
    }

    [Fact]
    public async Task Without_a_setup_there_is_nothing_to_confirm()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        Assert.Equal("conflict", (await customer.Post($"{Totp}confirm/", new { code = "123456" })).ExpectProblem(409).Code);
    }

    [Fact]
    public async Task Ten_recovery_codes_are_shown_once_and_stored_as_hashes()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        var (_, codes) = await Authenticator.OfAsync(customer, own.Clock);

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}$", code));
        var factors = (await customer.Get(Factors)).Expect(200);
        Assert.Equal(10, (int)factors["recovery_codes_left"]!);
        Assert.DoesNotContain(codes[0], factors.Text, StringComparison.Ordinal);
        var stored = await own.Database.QueryAsync($"SELECT code_hash FROM recovery_codes WHERE customer_id = {customer.Id}");
        Assert.Equal(10, stored.Count);
        Assert.All(stored, row => Assert.DoesNotContain(codes, code => Contains((byte[])row[0], code.Replace("-", "", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_secret_is_stored_encrypted()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var secret = (string)(await customer.Post(Totp)).Expect(200)["secret"]!;

        var stored = await own.Database.QueryAsync($"SELECT protected FROM totp_secrets WHERE customer_id = {customer.Id}");

        Assert.False(Contains((byte[])stored[0][0], secret));
        Assert.False(Contains((byte[])stored[0][0], Encoding.Latin1.GetString(OtpNet.Base32Encoding.ToBytes(secret))));
    }

    [Fact]
    public async Task The_password_and_a_code_together_sign_in()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);

        var asked = (await SignInAsync(own, customer)).ExpectProblem(401);
        Assert.Equal("factor_required", asked.Code);
        Assert.Equal(["totp", "recovery_code"], asked["factors"].AsArray().Select(kind => (string)kind!));
        var pair = (await AnswerAsync(own, asked, app.NextCode())).Expect(200);

        (await new Actor(own.CreateClient()) { Access = (string)pair["access"]! }.Get(Me)).Expect(200);
        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)pair["refresh"]! })).Expect(200);
    }

    [Fact]
    public async Task A_wrong_password_is_never_asked_for_a_code()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);

        var answer = (await own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = "wrong" })).ExpectProblem(401);

        Assert.Equal("invalid_credentials", answer.Code);
        Assert.Null(answer.Json["challenge"]);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_however_it_is_typed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (_, codes) = await Authenticator.OfAsync(customer, own.Clock);
        var typed = codes[3].ToUpperInvariant().Replace('-', ' ').Replace('0', 'O').Replace('1', 'l');

        (await AnswerAsync(own, await SignInAsync(own, customer), typed)).Expect(200);

        Assert.Equal(9, (int)(await customer.Get(Factors)).Expect(200)["recovery_codes_left"]!);
        var actions = await own.Database.QueryAsync($"SELECT action FROM audit_entries WHERE customer_id = {customer.Id} ORDER BY sequence");
        Assert.Equal(["customer.registered", "account.totp_enabled", "account.recovery_code_used"], actions.Select(row => (string)row[0]));
    }

    [Fact]
    public async Task A_second_app_must_wait_until_the_first_is_removed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, codes) = await Authenticator.OfAsync(customer, own.Clock);
        var careful = await StepUpAsync(own, customer, app.NextCode());
        Assert.Equal("conflict", (await careful.Post(Totp)).ExpectProblem(409).Code);

        (await careful.Delete(Totp)).Expect(204);

        Assert.Null((await customer.Get(Factors)).Expect(200).Json["totp"]);
        await own.SignInAsync(customer.Username, customer.Password);
        var (_, others) = await Authenticator.OfAsync(customer, own.Clock);
        (await AnswerAsync(own, await SignInAsync(own, customer), codes[0])).ExpectProblem(401);
        (await AnswerAsync(own, await SignInAsync(own, customer), others[0])).Expect(200);
    }

    [Fact]
    public async Task The_command_line_lets_somebody_in_who_lost_app_and_codes()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);

        Assert.Empty(await ResetAsync(own, customer.Username));

        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).ExpectProblem(401);
        await own.SignInAsync(customer.Username, customer.Password);
        Assert.Equal([$"username: {customer.Username} has no second factor."], await ResetAsync(own, customer.Username));
        Assert.Equal(["There is no account with the username nobody."], await ResetAsync(own, "nobody"));
    }

    private static async Task<IReadOnlyList<string>> ResetAsync(ClienteleApp app, string username)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Superusers>().ResetFactorsAsync(username, CancellationToken.None);
    }

    [Fact]
    public async Task An_erasure_removes_secret_and_codes()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);
        await SignInAsync(own, customer);

        (await (await own.AdminAsync()).Delete(customer.Url)).Expect(204);

        foreach (var table in new[] { "totp_secrets", "recovery_codes", "sign_in_challenges" })
        {
            Assert.Equal(0, await own.Database.CountAsync($"SELECT COUNT(*) FROM {table}"));
        }
    }

    internal static Task<Answer> SignInAsync(ClienteleApp app, Actor customer, params (string, string)[] headers) =>
        app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password }, headers);

    internal static Task<Answer> AnswerAsync(ClienteleApp app, Answer asked, string code, params (string, string)[] headers) =>
        app.Stranger.Post("/api/auth/token/factor/", new { challenge = (string)asked["challenge"]!, code }, headers);

    /// <summary>The same caller with the stepped-up token.</summary>
    internal static async Task<Actor> StepUpAsync(ClienteleApp app, Actor customer, string code)
    {
        var answer = (await customer.Post("/api/auth/step_up/", new { code })).Expect(200);
        return new Actor(app.CreateClient()) { Id = customer.Id, Username = customer.Username, Access = (string)answer["access"]! };
    }

    private static bool Contains(byte[] stored, string text) => Encoding.Latin1.GetString(stored).Contains(text, StringComparison.OrdinalIgnoreCase);
}

using System.Security.Cryptography;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

public sealed class SigningIn(ClienteleApp app)
{
    private const string Token = "/api/auth/token/";

    [Fact]
    public async Task The_username_and_the_email_are_good_in_any_case_and_Unicode_form()
    {
        var id = Guid.NewGuid().ToString("N");
        var customer = await app.CustomerAsync($"Zoë-{id}", new { email = $"Mail.{id}@example.com" });

        foreach (var username in new[] { customer.Username, customer.Username.ToUpperInvariant(), $"ZOE\u0308-{id}", $"mail.{id}@EXAMPLE.COM" })
        {
            (await (await app.SignInAsync(username, customer.Password)).Get("/api/customers/customers/me/")).Expect(200);
        }
    }

    [Fact]
    public async Task A_login_answers_with_a_pair_of_tokens()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        var pair = (await own.Stranger.Post(Token, new { username = customer.Username, password = customer.Password })).Expect(200);

        Assert.Equal(["access", "refresh", "token_type", "expires_in"], pair.Json.AsObject().Select(member => member.Key));
        Assert.Equal(("Bearer", 900), ((string)pair["token_type"]!, (int)pair["expires_in"]));
        Assert.Equal("no-store", pair.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task How_long_an_access_token_is_valid_is_a_setting()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Tokens:AccessLifetime"] = "01:00:00" } });
        var john = await own.CustomerAsync();
        var pair = (await own.Stranger.Post("/api/auth/token/", new { username = john.Username, password = john.Password })).Expect(200);

        own.Clock.Advance(TimeSpan.FromMinutes(59));
        (await john.Get("/api/customers/customers/me/")).Expect(200);
        own.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(3600, (int)pair["expires_in"]);
        (await john.Get("/api/customers/customers/me/")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_wrong_name_a_wrong_password_and_an_inactive_account_get_the_same_response()
    {
        var customer = await app.CustomerAsync();
        var inactive = await app.CustomerAsync();
        (await inactive.Post(inactive.Url + "deactivate/")).Expect(200);

        Answer[] answers =
        [
            await app.Stranger.Post(Token, new { username = $"nobody-{Guid.NewGuid():N}", password = customer.Password }),
            await app.Stranger.Post(Token, new { username = customer.Username, password = "wrong-password" }),
            await app.Stranger.Post(Token, new { username = inactive.Username, password = inactive.Password }),
            await app.Stranger.Post(Token, new { username = inactive.Username, password = "wrong-password" }),
        ];

        Assert.All(answers, answer => answer.ExpectProblem(401));
        Assert.Single(answers.Select(WithoutTrace).Distinct());
        Assert.Single(answers
            .Select(answer => string.Join('\n', answer.Headers.Where(header => header.Key != "Date").OrderBy(header => header.Key)))
            .Distinct());
        Assert.Equal("Bearer", answers[0].Headers["WWW-Authenticate"]);
    }

    [Theory]
    [InlineData("{}", "username")]
    [InlineData("{}", "password")]
    [InlineData("""{"username":"ada","password":null}""", "password")]
    [InlineData("""{"username":7,"password":"x"}""", "username")]
    [InlineData("""{"username":"ada","Password":"x"}""", "password")]
    public async Task Both_members_are_required(string body, string member) => (await app.Stranger.Post(Token, body)).ExpectProblem(400, member);

    [Fact]
    public async Task The_login_is_noted_for_admins()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        var before = (DateTime)(await admin.Get(customer.Url))["last_login"]!;
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.SignInAsync(customer.Username, customer.Password);

        Assert.True((DateTime)(await admin.Get(customer.Url))["last_login"]! > before);
    }

    [Fact]
    public async Task An_account_from_Django_signs_in_with_its_password_and_is_rehashed()
    {
        var customer = await app.CustomerAsync();
        var imported = Django("Old shop p@ss, wörd", 1000, "Xk2vQ9saltysalt");
        await app.ImportHashAsync(customer.Id, imported);

        (await app.Stranger.Post(Token, new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        (await app.Stranger.Post(Token, new { username = customer.Username, password = "old shop p@ss, wörd" })).ExpectProblem(401);
        Assert.Equal(imported, await app.HashAsync(customer.Id));
        await app.SignInAsync(customer.Username, "Old shop p@ss, wörd");

        var rehashed = await app.HashAsync(customer.Id);
        Assert.Equal(1, Convert.FromBase64String(rehashed)[0]);
        await app.SignInAsync(customer.Username, "Old shop p@ss, wörd");
        Assert.Equal(rehashed, await app.HashAsync(customer.Id));
        (await app.Stranger.Post(Token, new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
    }

    [Fact]
    public async Task A_hostile_or_broken_hash_is_just_a_failed_login()
    {
        var customer = await app.CustomerAsync();
        var good = Django(customer.Password, 1, "salt");
        var tail = good["pbkdf2_sha256$1$salt$".Length..];
        string[] hashes =
        [
            $"pbkdf2_sha256$5000001$salt${tail}", $"pbkdf2_sha256$99999999999999$salt${tail}", $"pbkdf2_sha256$-1$salt${tail}",
            "pbkdf2_sha256$", "pbkdf2_sha256$1$salt$not base64", "pbkdf2_sha1$1$salt$abc", "!unusable", "", "AQ==", "not base64",
        ];

        foreach (var hash in hashes)
        {
            // Each with its own account, because failures are counted.
            var other = await app.CustomerAsync();
            await app.ImportHashAsync(other.Id, hash);
            (await app.Stranger.Post(Token, new { username = other.Username, password = other.Password })).ExpectProblem(401);
        }

        await app.ImportHashAsync(customer.Id, good);
        await app.SignInAsync(customer.Username, customer.Password);
    }

    private static string Django(string password, int iterations, string salt) =>
        $"pbkdf2_sha256${iterations}${salt}$"
        + Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(password, Encoding.UTF8.GetBytes(salt), iterations, HashAlgorithmName.SHA256, 32));

    private static string WithoutTrace(Answer answer)
    {
        var json = answer.Json.AsObject();
        json.Remove("trace_id");
        return json.ToJsonString();
    }
}

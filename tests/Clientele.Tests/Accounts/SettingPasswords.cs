using Clientele.Server.Accounts;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Clientele.Tests.Accounts;

public sealed class SettingPasswords(ClienteleApp app)
{
    private const string ChangePassword = "/api/customers/customers/change_password/";
    private const string Me = "/api/customers/customers/me/";
    private const string NewPassword = "NewSecureP@ss456!";

    [Theory]
    [InlineData("xK9#q", "too short")]
    [InlineData("password", "too common")]
    [InlineData("Dragon2024!", "too common")]
    [InlineData("8402957301846", "entirely numeric")]
    [InlineData("AugustaKing77", "too similar")]
    [InlineData("zzzzzzzzzzz", "one repeated character")]
    [InlineData("efghijklmn", "sequence of neighbouring")]
    public async Task A_registration_with_a_weak_password_names_the_rule(string password, string rule)
    {
        var name = $"p{Guid.NewGuid():N}";
        var body = new { username = name, email = $"{name}@example.com", password, password2 = password, first_name = "Augusta", last_name = "King" };

        var problem = (await app.Stranger.Post("/api/customers/register/", body)).ExpectProblem(400, "password");

        Assert.Contains(problem["errors"]["password"]!.AsArray(), message => ((string)message!).Contains(rule, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SecureP@ssw0rd123!")]
    [InlineData("OldPassword123!")]
    [InlineData("NewSecureP@ss456!")]
    [InlineData("żółta gęś idzie 🦊")]
    public async Task Documented_and_decent_passwords_pass(string password) =>
        await app.CustomerAsync(with: new { password, password2 = password });

    [Fact]
    public async Task Length_is_counted_in_composed_code_points()
    {
        await app.CustomerAsync(with: new { password = "🦊🐻🐼🐨🐯🦁🐮🐷", password2 = "🦊🐻🐼🐨🐯🦁🐮🐷" });
        var longest = string.Concat(Enumerable.Range(0, 64).Select(i => $"w{i:D2}e\u0301"));
        await app.CustomerAsync(with: new { password = longest, password2 = longest });

        var name = $"p{Guid.NewGuid():N}";
        foreach (var password in new[] { "🦊🐻🐼🐨🐯🦁🐮", "e\u0301a\u0301i\u0301o\u0301", longest + "x" })
        {
            var body = new { username = name, email = $"{name}@example.com", password, password2 = password, first_name = "Ada", last_name = "King" };
            (await app.Stranger.Post("/api/customers/register/", body)).ExpectProblem(400, "password");
        }
    }

    [Fact]
    public async Task Who_changes_the_password_again_and_again_fills_no_mailbox()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["RateLimits:MessagesPerDay"] = "2" } });
        var customer = await own.CustomerAsync();
        var old = customer.Password;
        foreach (var i in Enumerable.Range(0, 4))
        {
            var password = $"{NewPassword}{i}";
            (await ChangeAsync(await own.SignInAsync(customer.Username, old), old, password)).Expect(200);
            old = password;
        }

        Assert.Equal(2, await own.WithDatabaseAsync(db => db.Messages.CountAsync(m => m.CustomerId == customer.Id && m.Template == Template.PasswordChanged)));
    }

    [Fact]
    public async Task The_two_passwords_have_to_be_the_same()
    {
        var name = $"p{Guid.NewGuid():N}";
        var body = new
        {
            username = name,
            email = $"{name}@example.com",
            password = NewPassword,
            password2 = NewPassword + "x",
            first_name = "Ada",
            last_name = "King",
        };

        (await app.Stranger.Post("/api/customers/register/", body)).ExpectProblem(400, "password2");

        var customer = await app.CustomerAsync();
        (await ChangeAsync(customer, customer.Password, NewPassword, NewPassword + "x")).ExpectProblem(400, "new_password2");
    }

    [Fact]
    public async Task A_changed_password_ends_every_session_and_is_the_one_that_counts()
    {
        var customer = await app.CustomerAsync();
        var elsewhere = await app.SignInAsync(customer.Username, customer.Password, customer.Id);

        var answer = (await ChangeAsync(customer, customer.Password, NewPassword)).Expect(200);

        Assert.Equal(["message", "detail"], answer.Json.AsObject().Select(member => member.Key));
        foreach (var session in new[] { customer, elsewhere })
        {
            (await session.Get(Me)).ExpectProblem(401);
            (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = session.Refresh })).ExpectProblem(401);
        }

        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        (await (await app.SignInAsync(customer.Username, NewPassword)).Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_wrong_old_password_changes_nothing()
    {
        var customer = await app.CustomerAsync();

        (await ChangeAsync(customer, "not-my-password", NewPassword)).ExpectProblem(400, "old_password");

        (await customer.Get(Me)).Expect(200);
        await app.SignInAsync(customer.Username, customer.Password);
    }

    [Fact]
    public async Task A_wrong_old_password_counts_like_a_failed_login()
    {
        var customer = await app.CustomerAsync();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            (await ChangeAsync(customer, "not-my-password", NewPassword)).ExpectProblem(400, "old_password");
        }

        var refused = (await ChangeAsync(customer, customer.Password, NewPassword)).ExpectProblem(429);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 900);
        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(429);
    }

    [Fact]
    public async Task A_new_password_is_held_to_the_same_rules()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.NewAdminAsync();

        (await ChangeAsync(customer, customer.Password, "password1")).ExpectProblem(400, "new_password");
        (await ChangeAsync(customer, customer.Password, customer.Username)).ExpectProblem(400, "new_password");
        (await ChangeAsync(customer, customer.Password, "tr0ub4dor&3-x!")).Expect(200);
        (await ChangeAsync(admin, admin.Password, "tr0ub4dor&3-x!")).ExpectProblem(400, "new_password");
        (await ChangeAsync(admin, admin.Password, "tr0ub4dor&3-x!y")).Expect(200);
    }

    [Theory]
    [InlineData("old_password")]
    [InlineData("new_password")]
    [InlineData("new_password2")]
    public async Task Every_member_is_required(string member)
    {
        var customer = await app.CustomerAsync();
        var body = new Dictionary<string, object?> { ["old_password"] = customer.Password, ["new_password"] = NewPassword, ["new_password2"] = NewPassword };

        body[member] = null;
        (await customer.Post(ChangePassword, body)).ExpectProblem(400, member);
        body.Remove(member);
        (await customer.Post(ChangePassword, body)).ExpectProblem(400, member);
    }

    [Fact]
    public async Task A_password_is_hashed_two_hundred_and_twenty_thousand_times()
    {
        // The tests' faster setting comes last and is skipped; those before it are the service's own.
        var asked = new PasswordHasherOptions();
        foreach (var configured in app.Services.GetServices<IConfigureOptions<PasswordHasherOptions>>().SkipLast(1))
        {
            configured.Configure(asked);
        }

        Assert.Equal(220_000, asked.IterationCount);
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Services = services => services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = asked.IterationCount),
        });
        var customer = await own.CustomerAsync();

        // Identity's format version 3: the marker, the function, and the iterations in network byte order.
        var hash = Convert.FromBase64String(await own.HashAsync(customer.Id));
        Assert.Equal(1, hash[0]);
        Assert.Equal(220_000, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)));
        Assert.Equal(Passwords.Iterations, asked.IterationCount);
    }

    private static Task<Answer> ChangeAsync(Actor actor, string old, string password, string? again = null) =>
        actor.Post(ChangePassword, new { old_password = old, new_password = password, new_password2 = again ?? password });
}

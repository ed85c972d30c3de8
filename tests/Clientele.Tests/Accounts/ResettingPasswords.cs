using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Somebody who can read an account's mail can set a new password, and nobody else learns anything.</summary>
public sealed partial class ResettingPasswords(ClienteleApp app)
{
    private const string Reset = "/api/auth/password/reset/";
    private const string Confirm = "/api/auth/password/reset/confirm/";
    private const string NewPassword = "winter-otter-lantern";

    [Fact]
    public async Task The_link_sets_a_new_password_and_ends_all_sessions()
    {
        var customer = await app.CustomerAsync();
        var mail = await RequestAsync(customer.Username, customer.Email);

        (await ConfirmAsync(mail.Token)).Expect(200);

        (await customer.Get(customer.Url)).ExpectProblem(401);
        (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).ExpectProblem(401);
        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        var again = await app.SignInAsync(customer.Username, NewPassword);
        Assert.True((bool)(await again.Get("/api/customers/customers/me/")).Expect(200)["is_verified"]);
        await app.Mail.NextAsync(customer.Email, "password has changed");
    }

    [Fact]
    public async Task The_code_sets_a_new_password_with_the_name()
    {
        var customer = await app.CustomerAsync();
        var mail = await RequestAsync(customer.Email, customer.Email);
        var confirm = new { username = customer.Username, code = mail.Code, new_password = NewPassword, new_password2 = NewPassword };

        (await app.Stranger.Post(Confirm, confirm with { code = "no code" })).ExpectProblem(400, "code");
        (await app.Stranger.Post(Confirm, confirm)).Expect(200);
        (await app.Stranger.Post(Confirm, confirm)).ExpectProblem(400, "code");

        await app.SignInAsync(customer.Username, NewPassword);
    }

    [Fact]
    public async Task A_changed_password_is_told_to_the_owner()
    {
        var customer = await app.CustomerAsync();
        var change = new { old_password = customer.Password, new_password = NewPassword, new_password2 = NewPassword };

        (await customer.Post("/api/customers/customers/change_password/", change)).Expect(200);

        await app.Mail.NextAsync(customer.Email, "password has changed");
    }

    [Fact]
    public async Task A_link_is_used_once()
    {
        var customer = await app.CustomerAsync();
        var mail = await RequestAsync(customer.Username, customer.Email);

        var answers = await Crowd.AtOnceAsync(8, _ => ConfirmAsync(mail.Token));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(400, "token"));
    }

    [Fact]
    public async Task A_reset_drops_a_pending_email()
    {
        var customer = await app.CustomerAsync();
        var change = new { email = $"p{Guid.NewGuid():N}@example.com", current_password = customer.Password };
        Assert.Equal(change.email, (string)(await customer.Patch(customer.Url, change)).Expect(200)["pending_email"]!);
        var mail = await RequestAsync(customer.Username, customer.Email);

        (await ConfirmAsync(mail.Token)).Expect(200);

        var again = await app.SignInAsync(customer.Username, NewPassword);
        Assert.Null((string?)(await again.Get("/api/customers/customers/me/")).Expect(200).Json["pending_email"]);
    }

    [Fact]
    public async Task A_link_expires_after_an_hour()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await own.Stranger.Post(Reset, new { username = customer.Username })).Expect(202);
        var mail = await own.Mail.NextAsync(customer.Email, "/reset/");

        own.Clock.Advance(TimeSpan.FromMinutes(61));

        (await own.Stranger.Post(Confirm, new { token = mail.Token, new_password = NewPassword, new_password2 = NewPassword })).ExpectProblem(400, "token");
    }

    [Fact]
    public async Task A_password_that_breaks_the_rules_does_not_use_up_the_link()
    {
        var customer = await app.CustomerAsync();
        var mail = await RequestAsync(customer.Username, customer.Email);

        (await ConfirmAsync(mail.Token, "12345678")).ExpectProblem(400, "new_password");
        (await ConfirmAsync(mail.Token, $"lovelace-{Guid.NewGuid():N}")).ExpectProblem(400, "new_password");

        (await ConfirmAsync(mail.Token)).Expect(200);
    }

    [Fact]
    public async Task The_rules_about_names_tell_a_stranger_nothing()
    {
        var customer = await app.CustomerAsync();
        var guess = new { username = customer.Username, code = "no code", new_password = "lovelace-lantern", new_password2 = "lovelace-lantern" };

        (await app.Stranger.Post(Confirm, guess)).ExpectProblem(400, "code");
    }

    [Fact]
    public async Task Known_and_unknown_names_get_the_same_answer_by_the_same_statements()
    {
        var customer = await app.CustomerAsync();
        var deactivated = await app.CustomerAsync();
        (await (await app.AdminAsync()).Post(deactivated.Url + "deactivate/")).Expect(200);
        string[] names = [customer.Username, customer.Email, deactivated.Username, $"nobody-{Guid.NewGuid():N}", "nobody@nowhere.example"];
        (await app.Stranger.Post(Reset, new { username = "warm-up" })).Expect(202);

        var reset = await AskAsync(Reset, name => new { username = name }, names);
        var confirm = await AskAsync(
            Confirm, name => new { username = name, code = "no code", new_password = NewPassword, new_password2 = NewPassword }, names);

        Assert.All(reset, answer => Assert.Equal(reset[0], answer));
        Assert.All(confirm, answer => Assert.Equal(confirm[0], answer));
        Assert.NotEqual("", reset[0].Statements);
    }

    [Fact]
    public async Task The_host_of_a_request_is_in_no_link()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = new() { ["PublicUrl"] = "https://shop.example/accounts", ["AllowedHosts"] = "*" },
        });
        var customer = await own.CustomerAsync();
        (await own.Stranger.Post(Reset, new { username = customer.Username }, ("Host", "evil.example"))).Expect(202);

        var mail = await own.Mail.NextAsync(customer.Email, "/reset/");

        Assert.StartsWith("https://shop.example/accounts/account/reset/#token=", mail.Link, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_can_use_pages_of_its_own()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = new() { ["Links:ResetPassword"] = "https://shop.example/new?token={token}" } });
        var customer = await own.CustomerAsync();
        (await own.Stranger.Post(Reset, new { username = customer.Username })).Expect(202);

        Assert.StartsWith("https://shop.example/new?token=", (await own.Mail.NextAsync(customer.Email, "shop.example")).Link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_gets_three_reset_mails_an_hour_and_every_request_the_same_answer()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = new() { ["RateLimits:MessagesPerHour"] = "3" } });
        var customer = await own.CustomerAsync();
        var answers = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add((await own.Stranger.Post(Reset, new { username = customer.Username })).Expect(202).Text);
        }

        await Wait.UntilAsync(
            async () => await own.Database.CountAsync("SELECT COUNT(*) FROM reset_requests") == 0, TimeSpan.FromSeconds(30), "every request is done");

        Assert.Single(answers.Distinct());
        Assert.Equal(3, (await own.MailedAsync(customer.Email)).Count(mail => mail.Text.Contains("/reset/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_that_was_left_behind_gets_its_mail_from_the_maintenance()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var id = $"{Guid.CreateVersion7()}".ToUpperInvariant();
        await own.Database.ExecuteAsync(
            $"INSERT INTO reset_requests (id, subject_id, created_at) VALUES ('{id}', {customer.Id}, '2025-10-15 14:30:00')");

        await own.MaintainAsync();

        await own.Mail.NextAsync(customer.Email, "/reset/");
    }

    [Fact]
    public async Task A_deactivated_account_gets_no_mail()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await (await own.AdminAsync()).Post(customer.Url + "deactivate/")).Expect(200);

        (await own.Stranger.Post(Reset, new { username = customer.Username })).Expect(202);
        await Wait.UntilAsync(
            async () => await own.Database.CountAsync("SELECT COUNT(*) FROM reset_requests") == 0, TimeSpan.FromSeconds(30), "every request is done");

        Assert.DoesNotContain(await own.MailedAsync(customer.Email), mail => mail.Text.Contains("/reset/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reset_lets_the_owner_sign_in_after_many_wrong_passwords()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        for (var i = 0; i < 6; i++)
        {
            await own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = $"forgotten {i}" });
        }

        (await own.Stranger.Post(Reset, new { username = customer.Username })).Expect(202);
        var mail = await own.Mail.NextAsync(customer.Email, "/reset/");
        (await own.Stranger.Post(Confirm, new { token = mail.Token, new_password = NewPassword, new_password2 = NewPassword })).Expect(200);

        await own.SignInAsync(customer.Username, NewPassword);
    }

    private async Task<ReceivedMessage> RequestAsync(string name, string email)
    {
        (await app.Stranger.Post(Reset, new { username = name })).Expect(202);
        return await app.Mail.NextAsync(email, "/reset/");
    }

    private Task<Answer> ConfirmAsync(string token, string password = NewPassword) =>
        app.Stranger.Post(Confirm, new { token, new_password = password, new_password2 = password });

    private async Task<List<(int Status, string Body, string Statements)>> AskAsync(string url, Func<string, object> body, string[] names)
    {
        var answers = new List<(int, string, string)>();
        foreach (var name in names)
        {
            var trace = StatementLog.NewTrace();
            var answer = await app.Stranger.Post(url, body(name), trace);
            answers.Add(((int)answer.Status, TraceId().Replace(answer.Text, ""), string.Join("\n", StatementLog.Of(trace))));
        }

        return answers;
    }

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}

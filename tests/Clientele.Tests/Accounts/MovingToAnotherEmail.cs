using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>An owner's new e-mail waits until it is proven, and the old address can take the change back.</summary>
public sealed class MovingToAnotherEmail(ClienteleApp app)
{
    private const string VerifyEmail = "/api/customers/customers/verify_email/";
    private const string UndoEmail = "/api/customers/customers/undo_email/";

    [Fact]
    public async Task The_new_email_counts_once_it_is_proven()
    {
        var customer = await app.CustomerAsync();
        var email = Unique();

        var pending = await ChangeAsync(customer, email);

        Assert.Equal((customer.Email, email), ((string)pending["email"]!, (string)pending["pending_email"]!));
        await app.SignInAsync(customer.Email, customer.Password);
        (await SignInAsync(email, customer)).ExpectProblem(401);
        Assert.Equal(email, (string)(await (await app.AdminAsync()).Get(customer.Url))["pending_email"]!);

        (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(email)).Token })).Expect(200);

        var moved = (await customer.Get(customer.Url)).Expect(200);
        Assert.Equal((email, true, null), ((string)moved["email"]!, (bool)moved["is_verified"], (string?)moved.Json["pending_email"]));
        await app.SignInAsync(email, customer.Password);
        (await SignInAsync(customer.Email, customer)).ExpectProblem(401);
    }

    [Fact]
    public async Task It_needs_the_current_password()
    {
        var customer = await app.CustomerAsync();
        var email = Unique();

        (await customer.Patch(customer.Url, new { email })).ExpectProblem(400, "current_password");
        (await customer.Patch(customer.Url, new { email, current_password = "wrong" })).ExpectProblem(400, "current_password");
        var profile = new { first_name = "A", last_name = "B", email };
        (await customer.Put("/api/customers/customers/update_profile/", profile)).ExpectProblem(400, "current_password");

        var unchanged = (await customer.Get(customer.Url)).Expect(200);
        Assert.Equal((customer.Email, null), ((string)unchanged["email"]!, (string?)unchanged.Json["pending_email"]));
        Assert.DoesNotContain(await app.MailedAsync(customer.Email), mail => mail.Text.Contains("/undo/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_passwords_count_as_failed_sign_ins()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        for (var i = 0; i < 5; i++)
        {
            (await customer.Patch(customer.Url, new { email = Unique(), current_password = $"guess {i}" })).ExpectProblem(400, "current_password");
        }

        (await customer.Patch(customer.Url, new { email = Unique(), current_password = customer.Password })).ExpectProblem(429);
    }

    [Fact]
    public async Task What_a_GET_returned_can_be_PUT_while_an_email_is_pending()
    {
        var customer = await app.CustomerAsync();
        var email = Unique();
        var pending = await ChangeAsync(customer, email);

        var put = (await customer.Put(customer.Url, pending.Json)).Expect(200);

        Assert.Equal((customer.Email, email), ((string)put["email"]!, (string)put["pending_email"]!));
        Assert.Single(await app.MailedAsync(customer.Email), mail => mail.Text.Contains("/undo/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_username_that_is_the_email_follows_at_the_proof()
    {
        var name = Unique();
        var customer = await app.CustomerAsync(name, new { email = name });
        var email = Unique();

        Assert.Equal(name, (string)(await ChangeAsync(customer, email))["username"]!);
        (await customer.Post(VerifyEmail, new { code = (await app.Mail.NextAsync(email)).Code })).Expect(200);

        Assert.Equal((email, email), ((string)(await customer.Get(customer.Url))["username"]!, (string)(await customer.Get(customer.Url))["email"]!));
    }

    [Fact]
    public async Task A_taken_email_is_refused_at_once_or_at_the_proof()
    {
        var (customer, other, wanted) = (await app.CustomerAsync(), await app.CustomerAsync(), Unique());
        (await customer.Patch(customer.Url, new { email = other.Email, current_password = customer.Password })).ExpectProblem(400, "email");

        await ChangeAsync(customer, wanted);
        var mail = await app.Mail.NextAsync(wanted);
        await app.CustomerAsync(with: new { email = wanted });

        (await app.Stranger.Post(VerifyEmail, new { token = mail.Token })).ExpectProblem(400, "email");
        Assert.Equal(customer.Email, (string)(await customer.Get(customer.Url))["email"]!);
    }

    [Fact]
    public async Task One_free_email_goes_to_one_of_many_who_prove_it_at_once()
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.CustomerAsync()));
        var wanted = Unique();
        var tokens = new List<string>();
        foreach (var customer in customers)
        {
            await ChangeAsync(customer, wanted);
            tokens.Add((await app.Mail.NextAsync(wanted)).Token);
        }

        var answers = await Crowd.AtOnceAsync(tokens.Count, i => app.Stranger.Post(VerifyEmail, new { token = tokens[i] }));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.Equal(1, await app.Database.CountAsync($"SELECT COUNT(*) FROM customers WHERE email = '{wanted}'"));
    }

    [Fact]
    public async Task A_mail_for_an_earlier_address_proves_nothing_after_another_change()
    {
        var customer = await app.CustomerAsync();
        var (first, second) = (Unique(), Unique());
        await ChangeAsync(customer, first);
        var mail = await app.Mail.NextAsync(first);
        await ChangeAsync(customer, second);

        (await app.Stranger.Post(VerifyEmail, new { token = mail.Token })).ExpectProblem(400, "token");
        (await customer.Post(VerifyEmail, new { code = mail.Code })).ExpectProblem(400, "code");
        (await customer.Post(VerifyEmail, new { code = (await app.Mail.NextAsync(second)).Code })).Expect(200);
    }

    [Fact]
    public async Task The_old_address_undoes_the_change_and_ends_the_sessions_of_whoever_made_it()
    {
        var customer = await app.CustomerAsync();
        var email = Unique();
        await ChangeAsync(customer, email);
        (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(email)).Token })).Expect(200);
        (await RegisterAsync(customer.Email)).ExpectProblem(400, "email");

        var undo = await app.Mail.NextAsync(customer.Email, "/undo/");
        (await app.Stranger.Post(UndoEmail, new { token = undo.Token })).Expect(200);

        (await customer.Get(customer.Url)).ExpectProblem(401);
        var owner = await app.SignInAsync(customer.Email, customer.Password);
        Assert.True((bool)(await owner.Get("/api/customers/customers/me/"))["is_verified"]);
        (await SignInAsync(email, customer)).ExpectProblem(401);
        (await app.Stranger.Post(UndoEmail, new { token = undo.Token })).ExpectProblem(400, "token");
        (await RegisterAsync(email)).Expect(201);
    }

    [Fact]
    public async Task A_pending_change_is_undone_as_well()
    {
        var customer = await app.CustomerAsync();
        var email = Unique();
        await ChangeAsync(customer, email);

        (await app.Stranger.Post(UndoEmail, new { token = (await app.Mail.NextAsync(customer.Email, "/undo/")).Token })).Expect(200);

        (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(email)).Token })).ExpectProblem(400, "token");
        var owner = await app.SignInAsync(customer.Email, customer.Password);
        Assert.Null((string?)(await owner.Get("/api/customers/customers/me/")).Json["pending_email"]);
    }

    [Fact]
    public async Task The_first_address_undoes_all_later_changes()
    {
        var customer = await app.CustomerAsync();
        var (second, third) = (Unique(), Unique());
        foreach (var email in new[] { second, third })
        {
            await ChangeAsync(customer, email);
            (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(email)).Token })).Expect(200);
        }

        (await app.Stranger.Post(UndoEmail, new { token = (await app.Mail.NextAsync(customer.Email, "/undo/")).Token })).Expect(200);

        await app.SignInAsync(customer.Email, customer.Password);
        (await app.Stranger.Post(UndoEmail, new { token = (await app.Mail.NextAsync(second, "/undo/")).Token })).ExpectProblem(400, "token");
        (await RegisterAsync(second)).Expect(201);
        (await RegisterAsync(third)).Expect(201);
    }

    [Fact]
    public async Task The_old_address_is_held_for_seven_days_after_the_proof()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var email = Unique();
        (await customer.Patch(customer.Url, new { email, current_password = customer.Password })).Expect(200);
        own.Clock.Advance(TimeSpan.FromDays(2));
        (await own.Stranger.Post(VerifyEmail, new { token = (await own.MailedAsync(email))[0].Token })).Expect(200);
        var undo = await own.Mail.NextAsync(customer.Email, "/undo/");

        own.Clock.Advance(TimeSpan.FromDays(6.9));
        await own.MaintainAsync();
        (await RegisterAsync(own, customer.Email)).ExpectProblem(400, "email");

        own.Clock.Advance(TimeSpan.FromDays(0.2));
        await own.MaintainAsync();
        (await own.Stranger.Post(UndoEmail, new { token = undo.Token })).ExpectProblem(400, "token");
        (await RegisterAsync(own, customer.Email)).Expect(201);
    }

    [Fact]
    public async Task An_admin_decides_at_once_and_for_good()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        await ChangeAsync(customer, Unique());
        var undo = await app.Mail.NextAsync(customer.Email, "/undo/");
        var email = Unique();

        var decided = (await admin.Patch(customer.Url, new { email })).Expect(200);

        Assert.Equal((email, null, false), ((string)decided["email"]!, (string?)decided.Json["pending_email"], (bool)decided["is_verified"]));
        (await app.Stranger.Post(UndoEmail, new { token = undo.Token })).ExpectProblem(400, "token");
        (await RegisterAsync(customer.Email)).Expect(201);
    }

    [Fact]
    public async Task An_erasure_releases_the_address_that_was_held()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var email = Unique();
        await ChangeAsync(customer, email);
        (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(email)).Token })).Expect(200);

        (await admin.Delete(customer.Url)).Expect(204);

        Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM login_names WHERE customer_id = {customer.Id}"));
        (await RegisterAsync(customer.Email)).Expect(201);
    }

    private static string Unique() => $"m{Guid.NewGuid():N}@example.com";

    private static async Task<Answer> ChangeAsync(Actor customer, string email) =>
        (await customer.Patch(customer.Url, new { email, current_password = customer.Password })).Expect(200);

    private Task<Answer> SignInAsync(string name, Actor customer) =>
        app.Stranger.Post("/api/auth/token/", new { username = name, password = customer.Password });

    private Task<Answer> RegisterAsync(string email) => RegisterAsync(app, email);

    private static Task<Answer> RegisterAsync(ClienteleApp app, string email)
    {
        var registration = Given.Registration($"r{Guid.NewGuid():N}");
        registration["email"] = email;
        return app.Stranger.Post("/api/customers/register/", registration);
    }
}

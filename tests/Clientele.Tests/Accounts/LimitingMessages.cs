using System.Globalization;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Nobody can flood a mailbox or a phone with codes, or make the shop pay for SMS to their own numbers.</summary>
public sealed class LimitingMessages
{
    private const string SendEmail = "/api/customers/customers/send_email_code/";
    private const string SendPhone = "/api/customers/customers/send_phone_code/";

    [Fact]
    public async Task An_account_gets_three_mails_an_hour_with_the_one_of_its_registration()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Post(SendEmail)).Expect(202);
        (await customer.Post(SendEmail)).Expect(202);

        var refused = (await customer.Post(SendEmail)).ExpectProblem(429);

        Assert.InRange(RetryAfter(refused), 3500, 3600);
        Assert.Equal(3, (await own.MailedAsync(customer.Email)).Count);
        (await customer.Post(SendEmail)).ExpectProblem(429);
        Assert.Equal(1, await own.Database.CountAsync(
            $"SELECT COUNT(*) FROM audit_entries WHERE customer_id = {customer.Id} AND action = 'message.refused'"));
        own.Clock.Advance(TimeSpan.FromSeconds(RetryAfter(refused) + 1));
        var later = await own.SignInAsync(customer.Username, customer.Password);
        (await later.Post(SendEmail)).Expect(202);
    }

    [Fact]
    public async Task A_change_of_the_email_that_is_one_mail_too_many_is_refused_and_audited()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Post(SendEmail)).Expect(202);
        (await customer.Post(SendEmail)).Expect(202);
        var change = new { email = $"new-{customer.Email}", current_password = customer.Password, first_name = "Grace" };

        (await customer.Patch(customer.Url, change)).ExpectProblem(429);
        (await customer.Patch(customer.Url, change)).ExpectProblem(429);

        Assert.NotEqual("Grace", (string?)(await customer.Get(customer.Url)).Expect(200)["first_name"]);
        Assert.Equal(1, await own.Database.CountAsync(
            $"SELECT COUNT(*) FROM audit_entries WHERE customer_id = {customer.Id} AND action = 'message.refused'"));
    }

    [Fact]
    public async Task An_account_gets_ten_mails_a_day()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        for (var sent = 1; sent < 10; sent++)
        {
            own.Clock.Advance(TimeSpan.FromMinutes(61));
            customer = await own.SignInAsync(customer.Username, customer.Password);
            (await customer.Post(SendEmail)).Expect(202);
        }

        own.Clock.Advance(TimeSpan.FromMinutes(61));
        customer = await own.SignInAsync(customer.Username, customer.Password);
        Assert.InRange(RetryAfter((await customer.Post(SendEmail)).ExpectProblem(429)), 13 * 3600, 14 * 3600);
    }

    [Fact]
    public async Task Of_many_requests_at_once_three_are_sent()
    {
        await using var own = await StartAsync(("Sms:BudgetPerCountry", "11"));
        var customer = await own.CustomerAsync(with: new { phone = "+4915112345678" });
        var other = await own.CustomerAsync(with: new { phone = "+49301234567" });

        var answers = await Crowd.AtOnceAsync(10, _ => customer.Post(SendPhone));

        Assert.Equal(3, answers.Count(answer => (int)answer.Status == 202));
        Assert.All(answers.Where(answer => (int)answer.Status != 202), answer => answer.ExpectProblem(429));
        Assert.Equal(3, (await own.MailedAsync("+4915112345678")).Count);

        // What was refused has not used up the budget of the country.
        (await other.Post(SendPhone)).Expect(202);
        (await other.Post(SendPhone)).Expect(202);
    }

    [Fact]
    public async Task All_numbers_of_a_country_share_a_budget()
    {
        await using var own = await StartAsync(("Sms:BudgetPerCountry", "2"));
        for (var i = 0; i < 2; i++)
        {
            var pumped = await own.CustomerAsync(with: new { phone = $"+88213300000{i}" });
            (await pumped.Post(SendPhone)).Expect(202);
        }

        var third = await own.CustomerAsync(with: new { phone = "+882133000002" });
        Assert.InRange(RetryAfter((await third.Post(SendPhone)).ExpectProblem(429)), 86_000, 86_400);
        Assert.Empty(await own.MailedAsync("+882133000002"));
        Assert.Equal(1, await own.Database.CountAsync(
            $"SELECT COUNT(*) FROM audit_entries WHERE customer_id = {third.Id} AND action = 'message.refused'"));
        var elsewhere = await own.CustomerAsync(with: new { phone = "+4915112345678" });
        (await elsewhere.Post(SendPhone)).Expect(202);
    }

    [Fact]
    public async Task A_network_that_guesses_codes_of_many_accounts_is_refused()
    {
        await using var own = await StartAsync(("RateLimits:CodesPerNetwork", "8"));
        var answers = new List<Answer>();
        for (var i = 0; i < 3; i++)
        {
            var customer = await own.CustomerAsync();
            for (var guess = 0; guess < 4; guess++)
            {
                answers.Add(await customer.Post("/api/customers/customers/verify_email/", new { code = "no code" }));
            }
        }

        Assert.All(answers.Take(8), answer => answer.ExpectProblem(400, "code"));
        Assert.All(answers.Skip(8), answer => answer.ExpectProblem(429));
    }

    [Fact]
    public async Task A_network_that_requests_too_many_resets_is_refused()
    {
        await using var own = await StartAsync(("RateLimits:ResetPerNetwork", "2"));
        for (var i = 0; i < 2; i++)
        {
            (await own.Stranger.Post("/api/auth/password/reset/", new { username = $"nobody-{i}" })).Expect(202);
        }

        (await own.Stranger.Post("/api/auth/password/reset/", new { username = "nobody" })).ExpectProblem(429);
    }

    private static Task<ClienteleApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["RateLimits:MessagesPerHour"] = "3", ["RateLimits:MessagesPerDay"] = "10" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return ClienteleApp.StartAsync(new() { Settings = all });
    }

    private static int RetryAfter(Answer answer) => int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture);
}

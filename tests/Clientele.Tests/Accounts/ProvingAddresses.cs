using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Who reads the mail to an address, or the SMS to a number, proves that it is theirs.</summary>
public sealed class ProvingAddresses(ClienteleApp app)
{
    private const string SendEmail = "/api/customers/customers/send_email_code/";
    private const string VerifyEmail = "/api/customers/customers/verify_email/";
    private const string SendPhone = "/api/customers/customers/send_phone_code/";
    private const string VerifyPhone = "/api/customers/customers/verify_phone/";

    [Fact]
    public async Task The_link_in_the_first_mail_proves_the_email_of_a_registration()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);

        var verified = (await app.Stranger.Post(VerifyEmail, new { token = mail.Token })).Expect(200);

        Assert.True((bool)verified["is_verified"]);
        Assert.True((bool)(await customer.Get(customer.Url))["is_verified"]);
        Assert.Contains("email.verified", await ActionsAsync(customer));
    }

    [Fact]
    public async Task The_code_in_a_mail_proves_the_email_of_the_caller()
    {
        var customer = await app.CustomerAsync();
        var first = await app.Mail.NextAsync(customer.Email);

        var sent = (await customer.Post(SendEmail)).Expect(202);
        var second = await app.Mail.NextAsync(customer.Email);

        Assert.Equal(600, (int)sent["expires_in"]);
        (await customer.Post(VerifyEmail, new { code = Other(second.Code) })).ExpectProblem(400, "code");
        (await app.Stranger.Post(VerifyEmail, new { code = second.Code })).ExpectProblem(401);
        Assert.True((bool)(await customer.Post(VerifyEmail, new { code = second.Code })).Expect(200)["is_verified"]);
        (await customer.Post(VerifyEmail, new { code = second.Code })).ExpectProblem(400, "code");
        (await app.Stranger.Post(VerifyEmail, new { token = first.Token })).ExpectProblem(400, "token");
    }

    [Fact]
    public async Task Only_the_newest_code_is_valid_but_every_link()
    {
        var customer = await app.CustomerAsync();
        var first = await app.Mail.NextAsync(customer.Email);
        (await customer.Post(SendEmail)).Expect(202);
        var second = await app.Mail.NextAsync(customer.Email);

        Assert.NotEqual(first.Token, second.Token);
        if (first.Code != second.Code)
        {
            (await customer.Post(VerifyEmail, new { code = first.Code })).ExpectProblem(400, "code");
        }

        (await app.Stranger.Post(VerifyEmail, new { token = first.Token })).Expect(200);
    }

    [Fact]
    public async Task A_phone_is_proven_in_the_documented_four_steps()
    {
        var customer = await app.CustomerAsync();
        Assert.Equal("conflict", (await customer.Post(SendPhone)).ExpectProblem(409).Code);
        var phone = Phone();

        (await customer.Patch(customer.Url, new { phone })).Expect(200);
        (await customer.Post(SendPhone)).Expect(202);
        var sms = await app.Mail.NextAsync(phone);
        var verified = (await customer.Post(VerifyPhone, new { code = sms.Code })).Expect(200);

        Assert.True((bool)verified["phone_verified"]);
        Assert.True((bool)(await customer.Get(customer.Url))["phone_verified"]);
        Assert.Contains("phone.verified", await ActionsAsync(customer));
    }

    [Fact]
    public async Task A_code_proves_only_the_number_that_it_was_sent_to()
    {
        var phone = Phone();
        var customer = await app.CustomerAsync(with: new { phone });
        (await customer.Post(SendPhone)).Expect(202);
        var sms = await app.Mail.NextAsync(phone);

        (await customer.Patch(customer.Url, new { phone = Phone() })).Expect(200);
        (await customer.Post(VerifyPhone, new { code = sms.Code })).ExpectProblem(400, "code");
        (await customer.Patch(customer.Url, new { phone })).Expect(200);
        (await customer.Post(VerifyPhone, new { code = sms.Code })).Expect(200);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_for_another_account_or_purpose()
    {
        var customer = await app.CustomerAsync(with: new { phone = Phone() });
        var mail = await app.Mail.NextAsync(customer.Email);
        var other = await app.CustomerAsync();

        (await other.Post(VerifyEmail, new { code = mail.Code })).ExpectProblem(400, "code");
        (await customer.Post(VerifyPhone, new { code = mail.Code })).ExpectProblem(400, "code");
        var reset = new { username = customer.Username, code = mail.Code, new_password = "winter-otter-lantern", new_password2 = "winter-otter-lantern" };
        (await app.Stranger.Post("/api/auth/password/reset/confirm/", reset)).ExpectProblem(400, "code");
        var swapped = $"{other.Id}.{mail.Token.Split('.')[1]}";
        (await app.Stranger.Post(VerifyEmail, new { token = swapped })).ExpectProblem(400, "token");
        (await customer.Post(VerifyEmail, new { code = mail.Code })).Expect(200);
    }

    [Fact]
    public async Task A_changed_password_ends_codes_and_links()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);
        var change = new { old_password = customer.Password, new_password = "winter-otter-lantern", new_password2 = "winter-otter-lantern" };
        (await customer.Post("/api/customers/customers/change_password/", change)).Expect(200);
        var again = await app.SignInAsync(customer.Username, "winter-otter-lantern");

        (await again.Post(VerifyEmail, new { code = mail.Code })).ExpectProblem(400, "code");
        (await app.Stranger.Post(VerifyEmail, new { token = mail.Token })).ExpectProblem(400, "token");
    }

    [Fact]
    public async Task Of_fifty_guesses_at_once_five_are_compared()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);

        var guesses = await Crowd.AtOnceAsync(50, _ => customer.Post(VerifyEmail, new { code = Other(mail.Code) }));

        Assert.All(guesses, answer => answer.ExpectProblem(400, "code"));
        Assert.Equal(5, await app.Database.CountAsync($"SELECT MAX(tries) FROM proofs WHERE customer_id = {customer.Id}"));
        (await customer.Post(VerifyEmail, new { code = mail.Code })).ExpectProblem(400, "code");
        (await app.Stranger.Post(VerifyEmail, new { token = mail.Token })).Expect(200);
    }

    [Fact]
    public async Task Of_many_who_use_a_link_at_once_one_succeeds()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);

        var answers = await Crowd.AtOnceAsync(8, _ => app.Stranger.Post(VerifyEmail, new { token = mail.Token }));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(400, "token"));
    }

    [Fact]
    public async Task Codes_expire_after_ten_minutes_and_links_after_three_days()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var mail = (await own.MailedAsync(customer.Email))[0];

        own.Clock.Advance(TimeSpan.FromMinutes(10.5));
        (await (await own.SignInAsync(customer.Username, customer.Password)).Post(VerifyEmail, new { code = mail.Code })).ExpectProblem(400, "code");
        own.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(15));
        var other = await own.CustomerAsync();
        var late = (await own.MailedAsync(other.Email))[0];
        (await own.Stranger.Post(VerifyEmail, new { token = mail.Token })).Expect(200);

        own.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));
        (await own.Stranger.Post(VerifyEmail, new { token = late.Token })).ExpectProblem(400, "token");
    }

    [Fact]
    public async Task Nothing_readable_of_a_code_or_link_is_stored_with_its_hash()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);
        var row = (await app.Database.QueryAsync($"SELECT code_hash, link_hash FROM proofs WHERE customer_id = {customer.Id}"))[0];

        Assert.Equal([32, 32], row.Select(hash => ((byte[])hash).Length));
        Assert.NotEqual(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(mail.Code)), (byte[])row[0]);
        Assert.NotEqual(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(mail.Token)), (byte[])row[1]);
    }

    [Fact]
    public async Task A_setting_keeps_a_registration_from_sending_a_mail()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = new() { ["Accounts:SendVerification"] = "false" } });
        var customer = await own.CustomerAsync();

        Assert.Empty(await own.MailedAsync(customer.Email));
        (await customer.Post(SendEmail)).Expect(202);
        Assert.Single(await own.MailedAsync(customer.Email));
    }

    [Fact]
    public async Task Orders_by_email_belong_to_an_account_only_once_its_link_was_used()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var order = new { customer = customer.Email, status = "paid", total = 10, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        var number = $"proof-{customer.Id}";
        Assert.Equal("customer_unknown", (await admin.Put($"/api/orders/{number}/", order)).ExpectProblem(400, "customer").Code);

        (await app.Stranger.Post(VerifyEmail, new { token = (await app.Mail.NextAsync(customer.Email)).Token })).Expect(200);

        Assert.Equal(customer.Id, (long)(await admin.Put($"/api/orders/{number}/", order)).Expect(201)["customer"]);
    }

    private static string Phone() => $"+49151{Random.Shared.NextInt64(10_000_000, 99_999_999)}";

    private static string Other(string code) => code[..5] + (char)('0' + ((code[5] - '0' + 1) % 10));

    private async Task<IReadOnlyList<string>> ActionsAsync(Actor customer) =>
        [.. (await app.Database.QueryAsync($"SELECT action FROM audit_entries WHERE customer_id = {customer.Id}")).Select(row => (string)row[0])];
}

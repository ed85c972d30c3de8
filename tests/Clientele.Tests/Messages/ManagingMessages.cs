using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Messages;

/// <summary>Admins see what has become of messages, and send failed ones again.</summary>
public sealed class ManagingMessages(ClienteleApp app)
{
    private static readonly (string, string) At = ("at", "2025-10-15T14:30:00Z");

    [Fact]
    public async Task The_list_shows_what_has_become_of_each_message()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var sent = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "sent@example.com", At);
        var failed = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "not an address", At);
        await app.MailedAsync("sent@example.com");

        var shown = (await admin.Get($"/api/messages/?customer={customer.Id}&state=failed")).Expect(200)["results"].AsArray().Single()!;
        Assert.Equal(failed, (Guid)shown["id"]!);
        Assert.Equal(("password_changed", "mail", "not an address"), ((string)shown["template"]!, (string)shown["channel"]!, (string)shown["recipient"]!));
        Assert.Equal("The e-mail address of the recipient is not valid.", (string)shown["last_error"]!);
        Assert.Null(shown["next_attempt_at"]);
        var others = (await admin.Get($"/api/messages/?customer={customer.Id}&state=sent")).Expect(200)["results"].AsArray();
        Assert.Contains(sent, others.Select(message => (Guid)message!["id"]!));
        Assert.Empty((await admin.Get($"/api/messages/?customer={customer.Id}&state=pending")).Expect(200)["results"].AsArray());
        (await admin.Get("/api/messages/?state=lost")).ExpectProblem(400, "state");
    }

    [Fact]
    public async Task The_list_shows_the_messages_about_one_thing()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var changed = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "about@example.com", At);
        await app.WriteMessageAsync(customer.Id, Template.NewSignIn, "about@example.com", At, ("client", "Firefox"), ("network", "203.0.113.7"));

        var shown = (await admin.Get($"/api/messages/?customer={customer.Id}&template=password_changed")).Expect(200)["results"].AsArray();

        Assert.Equal([changed], shown.Select(message => (Guid)message!["id"]!));
        (await admin.Get("/api/messages/?template=greeting")).ExpectProblem(400, "template");
    }

    [Theory]
    [InlineData("created_at")]
    [InlineData("-created_at")]
    public async Task Pages_by_cursor_show_every_message_once(string ordering)
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        for (var i = 0; i < 7; i++)
        {
            await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "paged@example.com", At);
        }

        await app.MailedAsync("paged@example.com");
        var url = $"/api/messages/?customer={customer.Id}&page_size=3&ordering={ordering}";
        var whole = (await admin.Get($"/api/messages/?customer={customer.Id}&page_size=100&ordering={ordering}")).Expect(200)["results"].AsArray();
        var paged = new List<string>();
        var next = (string?)$"{url}&cursor=";
        while (next is not null)
        {
            var page = (await admin.Get(next)).Expect(200);
            paged.AddRange(page["results"].AsArray().Select(message => (string)message!["id"]!));
            next = (string?)page.Json["next"];
        }

        Assert.True(paged.Count >= 7);
        Assert.Equal(whole.Select(message => (string)message!["id"]!), paged);
    }

    [Fact]
    public async Task A_failed_message_is_sent_again_and_the_history_says_who_wanted_it()
    {
        await using var smtp = new FaultySmtp(SmtpFault.RecipientUnknown);
        await using var own = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var id = await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "again@example.com", At);
        Assert.Equal("failed", (await own.DeliveredAsync(customer.Id, id)).State);
        smtp.Fault = SmtpFault.None;

        var retried = (await admin.Post($"/api/messages/{id}/retry/")).Expect(200);

        Assert.Equal("pending", (string)retried["state"]!);
        Assert.Equal(new("sent", 1, null), await own.DeliveredAsync(customer.Id, id));
        Assert.Equal(id, Assert.Single(smtp.To("again@example.com")).Id);
        var entry = (await admin.Get($"{customer.Url}history/")).Expect(200)["results"][0]!;
        Assert.Equal(("message.retried", $"message/{id}"), ((string)entry["action"]!, (string)entry["resource"]!));
        Assert.Equal("conflict", (await admin.Post($"/api/messages/{id}/retry/")).ExpectProblem(409).Code);
    }

    [Fact]
    public async Task After_seven_days_nothing_of_a_failed_message_is_left_to_be_sent()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var failed = await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "not an address", At);
        Assert.Equal("failed", (await own.DeliveredAsync(customer.Id, failed)).State);
        own.Clock.Advance(TimeSpan.FromDays(6.9));
        await own.MaintainAsync();
        Assert.NotEmpty((await own.StoredAsync(customer.Id, failed)).SealedValues);

        own.Clock.Advance(TimeSpan.FromDays(0.2));
        await own.MaintainAsync();

        Assert.Empty((await own.StoredAsync(customer.Id, failed)).SealedValues);
        var admin = await own.NewAdminAsync();
        Assert.Equal("conflict", (await admin.Post($"/api/messages/{failed}/retry/")).ExpectProblem(409).Code);
    }

    [Fact]
    public async Task Messages_are_deleted_after_thirty_days()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "sent@example.com", At);
        await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "not an address", At);
        await own.MailedAsync("sent@example.com");
        own.Clock.Advance(TimeSpan.FromDays(29));
        await own.MaintainAsync();
        Assert.True(await own.Database.CountAsync("SELECT COUNT(*) FROM messages") >= 2);

        own.Clock.Advance(TimeSpan.FromDays(2));
        await own.MaintainAsync();

        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM messages"));
    }

    [Fact]
    public async Task An_erased_customer_gets_no_mail_that_was_still_waiting()
    {
        await using var smtp = new FaultySmtp(SmtpFault.RecipientBusy);
        await using var own = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var id = await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "erased@example.com", At);
        Assert.Equal("pending", (await own.DeliveredAsync(customer.Id, id)).State);

        (await admin.Delete(customer.Url)).Expect(204);
        smtp.Fault = SmtpFault.None;
        own.Clock.Advance(TimeSpan.FromHours(1));

        await own.MailedAsync("erased@example.com");
        Assert.Empty(smtp.To("erased@example.com"));
    }

    [Fact]
    public async Task The_check_reports_messages_that_have_waited_for_more_than_an_hour()
    {
        await using var smtp = new FaultySmtp(SmtpFault.RecipientBusy);
        await using var own = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await own.CustomerAsync();
        await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "late@example.com", At);
        Assert.Empty(await own.CheckAsync());

        own.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Contains("messages have waited for more than an hour", Assert.Single(await own.CheckAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_a_message_is_a_readable_file_that_the_log_names()
    {
        var customer = await app.CustomerAsync();
        var recipient = $"{Guid.NewGuid():n}@example.com";
        var values = new[] { ("code", "123456"), ("link", "https://shop.example/verify?token=abc") };

        var id = await app.WriteMessageAsync(customer.Id, Template.VerifyEmail, recipient, values);
        await app.Mail.NextAsync(recipient);

        var file = Path.Combine(app.Mail.Folder, $"{id}.eml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("\nhttps://shop.example/verify?token=abc\n", text, StringComparison.Ordinal);
        Assert.Contains("\n123456\n", text, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, line => line.Contains(file, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains(recipient, StringComparison.Ordinal));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains(app.Mail.Folder, app.Services.GetRequiredService<MessageFolder>().Notice, StringComparison.Ordinal);
    }
}

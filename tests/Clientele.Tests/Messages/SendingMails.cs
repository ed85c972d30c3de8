using System.Net;
using System.Net.Sockets;
using System.Text;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using MimeKit;
using netDumbster.smtp;

namespace Clientele.Tests.Messages;

/// <summary>Mails go through an SMTP server, each once, whatever goes wrong on the way.</summary>
public sealed class SendingMails
{
    private const string Recipient = "recipient@example.com";
    private const string Link = "https://shop.example/verify?token=abc";

    [Fact]
    public async Task A_mail_arrives_as_text_and_as_HTML_in_the_language_of_the_customer()
    {
        using var smtp = Configuration.Configure().WithRandomPort().Build();
        await using var app = await ClienteleApp.StartAsync(new()
        {
            Settings =
            {
                ["Mail:Host"] = "127.0.0.1",
                ["Mail:Port"] = $"{smtp.Configuration.Port}",
                ["Mail:Security"] = "None",
                ["Mail:From"] = "service@shop.example",
                ["Store:Name"] = "Umbrella Shop",
            },
        });
        var customer = await app.CustomerAsync(with: new { preferred_language = "de-AT", first_name = "Jörg" });

        var id = await app.WriteMessageAsync(customer.Id, Template.VerifyEmail, customer.Email, ("code", "123456"), ("link", Link));
        Assert.Equal("sent", (await app.DeliveredAsync(customer.Id, id)).State);

        var sent = Assert.Single(smtp.ReceivedEmail, mail => mail.Data.Contains($"{id}", StringComparison.Ordinal));
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(sent.Data)), TestContext.Current.CancellationToken);
        Assert.Equal($"{id}@shop.example", mail.MessageId);
        var from = mail.From.Mailboxes.Single();
        Assert.Equal(("Umbrella Shop", "service@shop.example"), (from.Name, from.Address));
        Assert.Equal(customer.Email, mail.To.Mailboxes.Single().Address);
        Assert.Equal("Bestätigen Sie Ihre E-Mail-Adresse", mail.Subject);
        Assert.Equal("de", mail.Body!.Headers["Content-Language"]);
        Assert.StartsWith("Hallo Jörg,", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{Link}\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("123456", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_readable_is_stored_before_the_mail_is_sent_and_nothing_at_all_after()
    {
        await using var smtp = new FaultySmtp(SmtpFault.Closed);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.VerifyEmail, Recipient, ("code", "123456"), ("link", Link));

        var stored = (await app.StoredAsync(customer.Id, id)).SealedValues;
        Assert.NotEmpty(stored);
        Assert.DoesNotContain("123456", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("token", stored, StringComparison.Ordinal);

        smtp.Fault = SmtpFault.None;
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("sent", (await app.DeliveredAsync(customer.Id, id)).State);
        Assert.Equal("", (await app.StoredAsync(customer.Id, id)).SealedValues);
    }

    [Theory]
    [InlineData(SmtpFault.Closed)]
    [InlineData(SmtpFault.Silent)]
    [InlineData(SmtpFault.RecipientBusy)]
    [InlineData(SmtpFault.NoRoom)]
    [InlineData(SmtpFault.SenderUnwanted)]
    public async Task A_mail_that_the_server_does_not_take_now_arrives_once_when_it_does(SmtpFault fault)
    {
        await using var smtp = new FaultySmtp(fault);
        var patience = fault == SmtpFault.Silent ? "5" : "60";
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new(smtp.Settings) { ["Mail:TimeoutSeconds"] = patience } });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));

        var waiting = await app.DeliveredAsync(customer.Id, id);
        Assert.Equal("pending", waiting.State);
        Assert.NotNull(waiting.LastError);
        Assert.Empty(smtp.To(Recipient));

        smtp.Fault = SmtpFault.None;
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("sent", (await app.DeliveredAsync(customer.Id, id)).State);
        Assert.Equal(id, Assert.Single(smtp.To(Recipient)).Id);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_delays_a_mail()
    {
        // Nothing listens on a port that is only bound, and nobody else can take it.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)bound.LocalEndPoint!).Port;
        await using var app = await ClienteleApp.StartAsync(new()
        {
            Settings = { ["Mail:Host"] = "127.0.0.1", ["Mail:Port"] = $"{port}", ["Mail:Security"] = "None", ["Mail:From"] = "service@shop.example" },
        });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));

        Assert.Equal("pending", (await app.DeliveredAsync(customer.Id, id)).State);
    }

    [Fact]
    public async Task A_mail_does_not_wait_for_another_one_that_the_server_does_not_answer()
    {
        var (timeout, patience) = ("60", TimeSpan.FromSeconds(40));
        await using var smtp = new FaultySmtp(SmtpFault.SilentAfterData);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new(smtp.Settings) { ["Mail:TimeoutSeconds"] = timeout } });
        var customer = await app.CustomerAsync();
        await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "unanswered@example.com", ("at", "2025-10-15T14:30:00Z"));
        await Wait.UntilAsync(() => Task.FromResult(smtp.To("unanswered@example.com").Count == 1), patience, "the server has the first mail");

        smtp.Fault = SmtpFault.None;
        await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));

        await Wait.UntilAsync(() => Task.FromResult(smtp.To(Recipient).Count == 1), patience, "the server has the second mail");
    }

    [Fact]
    public async Task A_recipient_who_does_not_exist_is_not_tried_again()
    {
        await using var smtp = new FaultySmtp(SmtpFault.RecipientUnknown);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));

        Assert.Equal(new("failed", 1, "The mail server refused the recipient with 550."), await app.DeliveredAsync(customer.Id, id));
    }

    [Fact]
    public async Task A_mail_whose_connection_is_cut_after_its_last_line_comes_once_more_with_the_same_id()
    {
        await using var smtp = new FaultySmtp(SmtpFault.CutOffAfterData);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await app.CustomerAsync();

        // A slow machine would try again by itself.
        app.Clock.Stop();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));
        Assert.Equal("pending", (await app.DeliveredAsync(customer.Id, id)).State);

        smtp.Fault = SmtpFault.None;
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("sent", (await app.DeliveredAsync(customer.Id, id)).State);

        Assert.Equal([id, id], smtp.To(Recipient).Select(mail => mail.Id));
    }

    [Theory]
    [InlineData("StartTls", "The mail server does not offer what the settings ask for, such as STARTTLS.")]
    [InlineData("Tls", "The connection to the mail server cannot be encrypted, or its certificate is not trusted.")]
    public async Task A_server_without_encryption_gets_nothing_if_the_settings_ask_for_it(string security, string reason)
    {
        await using var smtp = new FaultySmtp();
        await using var app = await ClienteleApp.StartAsync(new()
        {
            Settings = new(smtp.Settings) { ["Mail:Security"] = security, ["Mail:User"] = "shop", ["Mail:Password"] = "secret" },
        });
        var customer = await app.CustomerAsync();

        // A slow machine would try again by itself.
        app.Clock.Stop();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, ("at", "2025-10-15T14:30:00Z"));

        Assert.Equal(new("pending", 1, reason), await app.DeliveredAsync(customer.Id, id));
        Assert.Empty(smtp.To(Recipient));
    }
}

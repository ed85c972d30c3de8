using System.Text.RegularExpressions;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Clientele.Tests.Messages;

/// <summary>The outbox loses no message, and sends none twice unless a node dies in between.</summary>
public sealed class KeepingMessages
{
    private const string Recipient = "recipient@example.com";

    private static readonly (string, string) At = ("at", "2025-10-15T14:30:00Z");

    [Fact]
    public async Task A_server_that_is_down_for_an_hour_delays_each_mail_and_loses_or_doubles_none()
    {
        await using var smtp = new FaultySmtp(SmtpFault.Closed);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        await using var second = await app.SecondNodeAsync();
        var customer = await app.CustomerAsync();
        var ids = new List<Guid>();
        for (var minutes = 0; minutes < 60; minutes += 5)
        {
            ids.Add(await (minutes % 2 == 0 ? app : second).WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, At));
            await app.MailedAsync(Recipient);
            app.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Empty(smtp.To(Recipient));
        Assert.True(smtp.Connections > ids.Count, "The mails were tried again.");

        smtp.Fault = SmtpFault.None;
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await app.MailedAsync(Recipient);
        app.Clock.Advance(TimeSpan.FromHours(2));
        await second.MailedAsync(Recipient);

        Assert.Equal(ids.Order(), smtp.Received.Select(mail => mail.Id).Where(ids.Contains).Order());
    }

    [Fact]
    public async Task A_node_that_is_killed_between_sending_and_recording_causes_one_more_mail_with_the_same_id()
    {
        await using var smtp = new FaultySmtp();
        Actor? customer = null;
        var (database, _) = await ClienteleApp.DatabaseAsync(async app => customer = await app.CustomerAsync());
        await using var disposed = database;
        var options = new ClienteleAppOptions { Database = database, Clock = new(), Settings = smtp.Settings };
        Guid id;
        await using (var killed = await ClienteleApp.StartAsync(options with { Services = SendAndNeverReturn }))
        {
            id = await killed.WriteMessageAsync(customer!.Id, Template.PasswordChanged, Recipient, At);
            await Wait.UntilAsync(() => Task.FromResult(smtp.To(Recipient).Count == 1), TimeSpan.FromSeconds(30), "the mail was sent");
        }

        await using var survivor = await ClienteleApp.StartAsync(options);
        await survivor.Services.GetRequiredService<Delivery>().DeliverOnceAsync(Channel.Mail, TestContext.Current.CancellationToken);
        Assert.Equal("pending", (await survivor.StoredAsync(customer.Id, id)).ToResponse().State);
        options.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("sent", (await survivor.DeliveredAsync(customer.Id, id)).State);
        options.Clock.Advance(TimeSpan.FromHours(1));
        await survivor.DeliveredAsync(customer.Id, id);

        Assert.Equal([id, id], smtp.To(Recipient).Select(mail => mail.Id));
    }

    [Fact]
    public async Task A_message_whose_transaction_is_rolled_back_is_not_sent()
    {
        await using var app = await ClienteleApp.StartAsync();
        var customer = await app.CustomerAsync();

        await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "rolled-back@example.com", commits: false, At);

        Assert.Empty(await app.MailedAsync("rolled-back@example.com"));
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_for_a_day_is_given_up()
    {
        await using var smtp = new FaultySmtp(SmtpFault.RecipientBusy);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, Recipient, At);
        for (var hours = 0; hours < 24; hours++)
        {
            Assert.Equal("pending", (await app.DeliveredAsync(customer.Id, id)).State);
            app.Clock.Advance(TimeSpan.FromHours(1));
        }

        var given = await app.DeliveredAsync(customer.Id, id);

        Assert.Equal(("failed", "The mail server refused the recipient with 451."), (given.State, given.LastError));
        Assert.True(given.Attempts >= 24, $"{given.Attempts} attempts");
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(given, await app.DeliveredAsync(customer.Id, id));
    }

    [Fact]
    public async Task The_maintenance_finds_what_was_given_up_without_reading_all_messages()
    {
        await using var app = await ClienteleApp.StartAsync();
        await app.MaintainAsync();
        var statement = StatementLog.Texts.Single(text => text.Contains("messages that can no longer be retried", StringComparison.Ordinal));

        // An index is no faster if the table is empty, so PostgreSQL is told to prefer it.
        var explain = TestDatabase.Kind is DatabaseKind.Postgres ? "SET enable_seqscan = off; EXPLAIN " : "EXPLAIN QUERY PLAN ";
        var plan = await app.Database.QueryAsync(explain + Regex.Replace(statement, @"@\w+", "'2025-01-01'"));

        Assert.Contains("IX_messages_failed_at", string.Join('\n', plan.Select(line => line[^1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Attempts_become_rarer_and_messages_that_failed_together_are_not_tried_together()
    {
        for (var attempts = 1; attempts < 200; attempts++)
        {
            var longest = TimeSpan.FromSeconds(Math.Min(900, 10 * Math.Pow(2, Math.Min(attempts - 1, 20))));
            Assert.InRange(Message.DelayAfter(attempts), longest / 2, longest);
        }

        Assert.True(Enumerable.Range(0, 20).Select(_ => Message.DelayAfter(20)).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Two_nodes_send_a_hundred_mails_once_each()
    {
        await using var smtp = new FaultySmtp();
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        await using var second = await app.SecondNodeAsync();
        var customer = await app.CustomerAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(await (i % 2 == 0 ? app : second).WriteMessageAsync(customer.Id, Template.PasswordChanged, $"many-{i}@example.com", At));
        }

        await Task.WhenAll(app.MailedAsync(""), second.MailedAsync(""));

        Assert.Equal(ids.Order(), smtp.Received.Select(mail => mail.Id).Where(ids.Contains).Order());
    }

    private static void SendAndNeverReturn(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IMailSender>(
        provider => new SenderThatNeverReturns(ActivatorUtilities.CreateInstance<SmtpMailSender>(provider))));

    /// <summary>Sends a mail, and then does nothing until the node stops.</summary>
    private sealed class SenderThatNeverReturns(SmtpMailSender sender) : IMailSender
    {
        public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
        {
            await sender.SendAsync(mail, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}

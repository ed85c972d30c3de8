using Clientele.Server.Messages;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Messages;

/// <summary>A node is killed while a mail server has its mails and has not yet replied.</summary>
public sealed class KillingASender
{
    private const int Mails = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_mail_is_lost_and_each_comes_at_most_once_more_with_the_same_id()
    {
        await using var smtp = new FaultySmtp();
        var (database, _) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var killed = await ServerProcess.ServeAsync(
            database.ConnectionString, [.. smtp.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), "--RateLimits:Registration=100000"]);
        var confirmed = await RegisterAsync(killed);
        await Wait.UntilAsync(
            async () => await database.CountAsync("SELECT COUNT(*) FROM messages WHERE sent_at IS NOT NULL") == 1, Patience, "the first mail is recorded");

        smtp.Fault = SmtpFault.SilentAfterData;
        var unconfirmed = await Task.WhenAll(Enumerable.Range(0, Mails).Select(_ => RegisterAsync(killed)));
        await Wait.UntilAsync(() => Task.FromResult(smtp.Received.Count == 1 + Mails), Patience, "the server has all mails");
        await killed.KillAsync();
        smtp.Fault = SmtpFault.None;
        Assert.Equal(Mails, await database.CountAsync("SELECT COUNT(*) FROM messages WHERE sent_at IS NULL AND attempts = 1"));

        // The lease of the killed node ends.
        var clock = new FakeClock();
        clock.Advance(TimeSpan.FromMinutes(3));
        await using var survivor = await ClienteleApp.StartAsync(new() { Database = database, Clock = clock, Settings = smtp.Settings });
        await survivor.Services.GetRequiredService<Delivery>().DrainAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(1));
        await survivor.Services.GetRequiredService<Delivery>().DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await database.CountAsync("SELECT COUNT(*) FROM messages WHERE sent_at IS NULL"));
        Assert.Single(smtp.To(confirmed));
        Assert.All(unconfirmed, recipient =>
        {
            var twice = smtp.To(recipient);
            Assert.Equal(2, twice.Count);
            Assert.Equal(twice[0], twice[1]);
        });
    }

    private static async Task<string> RegisterAsync(ServerProcess node)
    {
        var username = $"reader-{Guid.NewGuid():n}";
        var registered = (await new Actor(node.Client).Post("/api/customers/register/", Given.Registration(username))).Expect(201);
        return (string)registered["email"]!;
    }
}

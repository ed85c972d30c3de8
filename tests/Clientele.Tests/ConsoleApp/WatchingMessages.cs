using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>An admin looks after mails and SMS.</summary>
[Trait("Database", "Any")]
public sealed class WatchingMessages(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    [Fact]
    public async Task A_failed_message_is_sent_again()
    {
        var customer = await App.CustomerAsync();
        var id = await App.FailAMessageAsync(customer.Id);
        var page = await OpenSignedInAsync("messages?state=failed");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"{customer.Id}" });
        await Assertions.Expect(row).ToContainTextAsync("The e-mail address of the recipient is not valid.");

        await row.GetByRole(AriaRole.Button, new() { Name = "Send again: Password changed to john.example.com" }).ClickAsync();

        await Assertions.Expect(page.GetByText("The message is sent again.")).ToBeVisibleAsync();
        var admin = await App.AdminAsync();
        var history = (await admin.Get($"{customer.Url}history/")).Expect(200)["results"].AsArray();
        Assert.Contains(history, entry => (string)entry!["action"]! == "message.retried" && (string)entry["resource"]! == $"message/{id}");
    }

    [Fact]
    public async Task The_state_and_the_kind_are_in_the_address()
    {
        var customer = await App.CustomerAsync();
        var recipient = $"sent.{Guid.NewGuid():N}@example.com";
        await App.FailAMessageAsync(customer.Id);
        await App.WriteMessageAsync(customer.Id, Template.PasswordChanged, recipient, ("at", "2025-10-15T14:30:00Z"));
        await App.MailedAsync(recipient);
        var page = await OpenSignedInAsync("messages?state=sent&template=password_changed");

        await Assertions.Expect(page.GetByText(recipient)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("john.example.com")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Group, new() { Name = "State" }).GetByText("Failed").ClickAsync();

        await Assertions.Expect(page.GetByText("john.example.com").First).ToBeVisibleAsync();
        Assert.EndsWith("/messages?state=failed&template=password_changed", page.Url, StringComparison.Ordinal);
    }
}

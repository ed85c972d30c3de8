using System.Globalization;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>An admin lets another system know what happens, and looks after its deliveries.</summary>
[Trait("Database", "Any")]
public sealed class ConnectingAReceiver(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The service of each test stops before its pages are closed.</summary>
    public override ValueTask InitializeAsync()
    {
        ExpectLostConnections();
        return base.InitializeAsync();
    }

    [Fact]
    public async Task A_webhook_is_created_tested_watched_rotated_and_deleted()
    {
        // Creating a webhook needs a step-up.
        Expect(403);
        await using var receiver = await Receiver.StartAsync();
        UseOwn(await receiver.AppAsync());
        var (admin, customer) = (await App.NewAdminAsync(), await App.CustomerAsync());
        await App.PlaceEventsAsync();
        var page = await OpenSignedInAsync("webhooks", admin);
        await Assertions.Expect(page.GetByText("There are no webhooks yet")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "New webhook" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Address").FillAsync(receiver.Url);
        await form.GetByLabel("Description").FillAsync("Order system");
        await form.GetByLabel("All events, also those of types that are added later").ClickAsync();
        await form.GetByText("customer.updated").ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await ConfirmAsync(page, admin);
        var secret = await StoreSecretAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        var test = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(test).ToContainTextAsync("The receiver has accepted the event.");
        await Assertions.Expect(test.GetByLabel("Answer")).ToHaveTextAsync("ok");
        receiver.Received[0].Verify(App, secret);
        await test.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == 2), Patience, "the event arrives");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "customer.updated" });
        await RefreshUntilAsync(page, row.GetByText("Delivered"));
        await Assertions.Expect(row).ToContainTextAsync($"{customer.Id}");
        await Assertions.Expect(row).ToContainTextAsync("200");
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Send again: customer.updated") }).ClickAsync();
        await Assertions.Expect(page.GetByText("The event is sent again.")).ToBeVisibleAsync();
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == 3), Patience, "the event arrives again");
        Assert.Equal(receiver.Received[1].Id, receiver.Received[2].Id);

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate the secret" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate", Exact = true }).ClickAsync();
        var second = await StoreSecretAsync(page);
        Assert.NotEqual(secret, second);
        await Assertions.Expect(page.GetByText("Old secret signs until")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("There are no webhooks yet")).ToBeVisibleAsync();
        Assert.Empty((await admin.Get("/api/webhooks/")).Expect(200)["results"].AsArray());
    }

    [Fact]
    public async Task An_address_that_may_not_be_called_is_refused_at_its_field()
    {
        Expect(400, 403);
        var admin = await App.NewAdminAsync();
        var page = await OpenSignedInAsync("webhooks", admin);
        await page.GetByRole(AriaRole.Button, new() { Name = "New webhook" }).ClickAsync();
        await page.GetByLabel("Address").FillAsync("https://10.0.0.1/hook");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await ConfirmAsync(page, admin);

        await Assertions.Expect(page.GetByLabel("Address")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task A_webhook_that_is_turned_off_is_edited_and_turned_on()
    {
        Expect(403);
        var admin = await App.NewAdminAsync();
        var created = (await admin.Post("/api/webhooks/", new { url = "https://shop.invalid/hook", types = new[] { "customer.erased" }, is_active = false }))
            .Expect(201);
        var page = await OpenSignedInAsync($"webhooks/{created["id"]}", admin);
        await Assertions.Expect(page.GetByText("Off", new() { Exact = true })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.GetByLabel("Description").FillAsync("Newsletters");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await ConfirmAsync(page, admin);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Newsletters" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Turn off" })).ToBeVisibleAsync();
        var stored = (await admin.Get($"/api/webhooks/{created["id"]}/")).Expect(200);
        Assert.Equal(("Newsletters", true, 1), ((string)stored["description"]!, (bool)stored["is_active"], stored["types"].AsArray().Count));
    }

    [Fact]
    public async Task All_events_since_an_instant_are_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        UseOwn(await receiver.AppAsync());
        var (admin, customer) = (await App.NewAdminAsync(), await App.CustomerAsync());
        await App.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin, ["customer.updated"]);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await App.DeliverAsync();
        var page = await OpenSignedInAsync(url["/api/".Length..].TrimEnd('/'), admin);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again since" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var since = App.Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        await dialog.GetByLabel("Since").FillAsync(since);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();

        await Assertions.Expect(page.GetByText("The events are sent again.")).ToBeVisibleAsync();
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == 2), Patience, "the event arrives again");
    }

    private static async Task<string> StoreSecretAsync(IPage page)
    {
        var secret = await page.GetByTestId("secret").InnerTextAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Assertions.Expect(page.GetByText(secret)).ToHaveCountAsync(0);
        return secret;
    }

    /// <summary>The service stores what has become of a delivery after the receiver has answered.</summary>
    private static Task RefreshUntilAsync(IPage page, ILocator shown) => Wait.UntilAsync(
        async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
            return await shown.CountAsync() > 0;
        },
        Patience,
        "the delivery is shown");

    private static async Task ConfirmAsync(IPage page, Actor admin)
    {
        var dialog = page.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Confirm that it is you" });
        await dialog.GetByLabel("Password").FillAsync(admin.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
    }
}

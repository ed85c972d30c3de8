using System.Net;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>An admin gives another system a key, and takes it away again.</summary>
[Trait("Database", "Any")]
public sealed class GivingKeys(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    [Fact]
    public async Task A_key_is_made_shown_once_used_revoked_and_refused()
    {
        // Creating a key needs a step-up.
        Expect(403);
        var (admin, name) = (await App.AdminAsync(), $"Orders {Guid.NewGuid():N}");
        var page = await OpenSignedInAsync("staff");
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Name").FillAsync(name);
        await form.GetByText("orders:read").ClickAsync();
        await form.GetByText("customers:read").ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await ConfirmAsync(page, admin);

        var key = await page.GetByTestId("key").InnerTextAsync();
        Assert.StartsWith("clk_", key, StringComparison.Ordinal);
        var system = new Actor(App.CreateClient()) { Access = key };
        (await system.Get("/api/customers/customers/?page_size=1")).Expect(200);
        Assert.Equal("insufficient_scope", (await system.Get("/api/customers/analytics/")).ExpectProblem(403).Code);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Assertions.Expect(page.GetByText(key)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {name}" }).ClickAsync();
        await page.GetByLabel($"Type {name} to confirm").FillAsync(name);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {name}" })).ToHaveCountAsync(0);
        App.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.Get("/api/customers/customers/?page_size=1")).Status);
    }

    [Fact]
    public async Task A_key_without_a_name_or_scopes_is_refused_at_its_fields()
    {
        Expect(400, 403);
        var admin = await App.AdminAsync();
        var page = await OpenSignedInAsync("staff");
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await ConfirmAsync(page, admin);

        await Assertions.Expect(page.GetByLabel("Name")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task Admins_without_a_second_factor_are_marked()
    {
        var (careless, careful, modern) = (await App.NewAdminAsync(), await App.NewAdminAsync(), await App.NewAdminAsync());
        await Authenticator.OfAsync(careful, App.Clock);
        using var phone = new SoftwareAuthenticator();
        (await modern.AddPasskeyAsync(phone)).Expect(201);
        var page = await OpenSignedInAsync("staff");

        await Assertions.Expect(RowOf(careful)).ToContainTextAsync("Authenticator app");
        await Assertions.Expect(RowOf(modern)).ToContainTextAsync("1 passkey");
        await Assertions.Expect(RowOf(careless)).ToContainTextAsync("None");
        await page.GetByLabel("Only admins without a second factor").CheckAsync();
        await Assertions.Expect(RowOf(careful)).ToHaveCountAsync(0);
        await Assertions.Expect(RowOf(careless)).ToHaveCountAsync(1);

        ILocator RowOf(Actor admin) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = admin.Username });
    }

    private static async Task ConfirmAsync(IPage page, Actor admin)
    {
        var dialog = page.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Confirm that it is you" });
        await dialog.GetByLabel("Password").FillAsync(admin.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
    }
}

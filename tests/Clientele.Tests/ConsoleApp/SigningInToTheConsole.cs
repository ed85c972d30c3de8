using System.Collections.Concurrent;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Signing in to the console, in a real browser.</summary>
public sealed class SigningInToTheConsole(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    [Fact]
    [Trait("Database", "Any")]
    public async Task An_admin_who_loads_the_page_again_is_still_signed_in()
    {
        var page = await OpenAsync();
        await SignedOutAsync(page);
        await SignInAsync(page, await App.AdminAsync());

        await page.ReloadAsync();

        await SignedInAsync(page);
        var stored = await page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)");
        Assert.DoesNotMatch("eyJ|clientele-console", stored);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task What_a_load_asks_for_while_the_runtime_starts_is_not_asked_for_again()
    {
        var page = await OpenSignedInAsync();
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);

        await page.ReloadAsync();
        await SignedInAsync(page);

        Assert.Single(asked, "/console/session/renew/");
        Assert.Single(asked, "/api/customers/customers/me/");
        Assert.DoesNotContain("/console/session/", asked);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task Another_tab_of_the_browser_is_signed_in_too()
    {
        var page = await OpenSignedInAsync();

        await SignedInAsync(await OpenAsync("customers", page.Context));
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_wrong_password_is_told()
    {
        Expect(401);
        var page = await OpenAsync();

        await FillInAsync(page, (await App.AdminAsync()).Username, "wrong");

        await page.GetByText("No active account has this name and password.").WaitForAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_customer_is_told_whom_the_console_is_for()
    {
        Expect(403);
        var (page, customer) = (await OpenAsync(), await App.CustomerAsync());

        await FillInAsync(page, customer.Username, customer.Password);

        await page.GetByText("The console is for the staff of the shop.").WaitForAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task Who_has_an_authenticator_app_is_asked_for_a_code()
    {
        Expect(401);
        UseOwn(await ClienteleApp.StartAsync());
        var admin = await App.NewAdminAsync();
        var (authenticator, _) = await Authenticator.OfAsync(admin, App.Clock);
        var page = await OpenAsync();

        await FillInAsync(page, admin.Username, admin.Password);
        await page.GetByLabel("Code").FillAsync(authenticator.NextCode());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await SignedInAsync(page);
    }

    [Fact]
    public async Task A_session_that_has_ended_meanwhile_leads_to_the_sign_in_page()
    {
        Expect(401);
        var admin = await App.NewAdminAsync();
        var page = await OpenSignedInAsync("customers", admin);
        (await admin.Delete("/api/auth/sessions/")).Expect(204);

        await page.ReloadAsync();
        await SignedOutAsync(page);
        await SignInAsync(page, admin);

        Assert.EndsWith("/console/customers", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ends_while_somebody_works_keeps_what_they_have_typed()
    {
        Expect(401);
        var admin = await App.NewAdminAsync();
        var page = await OpenSignedInAsync("", admin);
        (await admin.Delete("/api/auth/sessions/")).Expect(204);

        await page.Locator(".quick-find input").FillAsync("Lovelace");
        await SignedOutAsync(page);
        await page.GetByText("Your session has ended.").WaitForAsync();
        await SignInAsync(page, admin);

        Assert.Equal("Lovelace", await page.Locator(".quick-find input").InputValueAsync());
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task Staff_who_need_a_second_factor_set_it_up_first()
    {
        Expect(403);
        UseOwn(await ClienteleApp.StartAsync(new() { Settings = { ["Security:StaffNeedFactor"] = "true" } }));
        var page = await OpenAsync();

        await FillInAsync(page, (await App.AdminAsync()).Username, ClienteleApp.Password);

        await page.GetByRole(AriaRole.Heading, new() { Name = "Set up a second factor" }).WaitForAsync();
        await page.GetByText("Authenticator app", new() { Exact = true }).First.WaitForAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task Before_there_is_an_admin_the_page_says_how_to_make_one()
    {
        UseOwn(await ClienteleApp.StartAsync());
        var page = await OpenAsync();
        await page.GetByText("clientele createsuperuser").First.WaitForAsync();

        var admin = await App.NewAdminAsync();
        await page.ReloadAsync();
        await SignInAsync(page, admin);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_sign_in_page_leads_to_the_documentation()
    {
        var page = await OpenAsync();

        Assert.Equal(
            ["/api/docs/", "/api/redoc/", "/api/schema.json"],
            await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('nav a')].map(link => new URL(link.href).pathname)"));
    }
}

using System.Globalization;
using Clientele.Tests.Bulk;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Somebody on the phone says a name, an e-mail or a number.</summary>
[Trait("Database", "Any")]
public sealed class SearchingInTheConsole(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    private const string Hostile = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>{{7*7}}";

    [Fact]
    public async Task Results_appear_while_somebody_types()
    {
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync();

        await Box(page).PressSequentiallyAsync(customer.Username);

        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = customer.Email }).WaitForAsync();
        Assert.Equal(customer.Username, await Box(page).InputValueAsync());
    }

    [Theory]
    [InlineData("+49 30 {0}")]
    [InlineData("030/{0}")]
    [InlineData("0049-30-{0}")]
    public async Task A_phone_number_is_found_however_it_is_written(string form)
    {
        var number = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        var customer = await App.CustomerAsync(with: new { phone = $"+4930{number}" });
        var page = await OpenSignedInAsync();

        await Box(page).FillAsync(string.Format(CultureInfo.InvariantCulture, form, number.Insert(4, " ")));

        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = customer.Email }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync($"/console/customers/{customer.Id.ToString(CultureInfo.InvariantCulture)}");
    }

    [Fact]
    public async Task The_digits_of_an_order_number_open_the_order_with_its_lines()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        var digits = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        foreach (var number in new[] { $"D-{digits}", $"E-{customer.Id}" })
        {
            var order = new { customer = customer.Id, status = "paid", total = "12.50", placed_at = "2025-10-15T14:30:00Z", revision = 1 };
            (await admin.Put($"/api/orders/{number}/", order)).Expect(201);
        }

        var page = await OpenSignedInAsync();

        await Box(page).FillAsync(digits);
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = $"D-{digits}" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Lines of order D-{digits}", Expanded = true }).WaitForAsync();
        await Assertions.Expect(page.GetByText($"E-{customer.Id}")).ToHaveCountAsync(0);

        // The field of the tab finds a part as well.
        await page.GetByLabel("Order number or a part of it").FillAsync($"e-{customer.Id}");
        await page.GetByText($"E-{customer.Id}").WaitForAsync();
    }

    [Fact]
    public async Task When_there_are_more_customers_the_last_line_opens_the_list_of_all()
    {
        var (word, _) = await App.CrowdAsync(9);
        var page = await OpenSignedInAsync();

        await Box(page).FillAsync(word);
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(9);
        await page.GetByText("8 results, and there are more").WaitForAsync();
        await Box(page).PressAsync("ArrowUp");
        await Box(page).PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync($"/console/customers?search={word}");
        await page.GetByText("9 customers match").WaitForAsync();
    }

    [Fact]
    public async Task Control_K_and_Enter_open_the_customer_from_any_page()
    {
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync("me");

        await ListensAsync(page);
        await page.Keyboard.PressAsync("Control+k");
        var box = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox);
        await Assertions.Expect(box).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(customer.Email);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync($"/console/customers/{customer.Id.ToString(CultureInfo.InvariantCulture)}");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task The_arrows_choose_another_result()
    {
        var word = $"w{Guid.NewGuid():N}";
        var admin = await App.AdminAsync();
        foreach (var name in new[] { $"{word} a", $"{word} b" })
        {
            (await admin.Post("/api/customers/groups/", new { name })).Expect(201);
        }

        var page = await OpenSignedInAsync();
        await Box(page).FillAsync(word);
        await page.GetByRole(AriaRole.Option).Nth(1).WaitForAsync();

        await Box(page).PressAsync("ArrowDown");

        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync($"{word} b");
    }

    [Fact]
    public async Task When_the_service_is_away_the_text_stays_and_a_retry_works()
    {
        Expect(503);
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync();
        await page.RouteAsync("**/api/customers/search/**", route => route.FulfillAsync(new() { Status = 503 }));
        await Box(page).FillAsync(customer.Username);
        var retry = page.GetByRole(AriaRole.Button, new() { Name = "Try again" });
        await retry.WaitForAsync();

        await page.UnrouteAllAsync();
        await retry.ClickAsync();

        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = customer.Email }).WaitForAsync();
        Assert.Equal(customer.Username, await Box(page).InputValueAsync());
    }

    [Fact]
    public async Task Hostile_names_and_searches_run_nothing()
    {
        var customer = await App.CustomerAsync();
        (await customer.Patch("/api/customers/customers/update_profile/", new { first_name = Hostile })).Expect(200);
        var admin = await App.NewAdminAsync();
        (await admin.Patch("/api/customers/customers/update_profile/", new { first_name = Hostile, last_name = "Admin" })).Expect(200);
        var page = await OpenSignedInAsync("", admin);

        await Box(page).FillAsync(customer.Username);
        await page.GetByRole(AriaRole.Option).GetByText("onerror").WaitForAsync();
        await Box(page).FillAsync(Hostile);
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await page.EvaluateAsync("() => Blazor.navigateTo('/console/me')");
        await Assertions.Expect(page.GetByLabel("First name")).ToHaveValueAsync(Hostile);

        Assert.False(await page.EvaluateAsync<bool>("() => 'ran' in window"));
    }

    [Fact]
    public async Task Keys_go_to_pages_and_list_themselves()
    {
        var page = await OpenSignedInAsync("me");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).ClickAsync();
        await ListensAsync(page);

        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog).GetByText("Search from anywhere").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("c");

        await Assertions.Expect(page).ToHaveURLAsync("/console/customers");
    }

    [Fact]
    public async Task Who_goes_on_before_a_page_is_there_sees_the_last_one()
    {
        var page = await OpenSignedInAsync();

        await page.EvaluateAsync(
            """
            names => names.forEach(name => [...document.querySelectorAll('.navigation a')].find(link => link.textContent.trim() === name).click())
            """,
            new[] { "Loyalty", "Search" });
        await page.EvaluateAsync("() => clientele.painted().then(clientele.painted)");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Search");
        await Assertions.Expect(Box(page)).ToBeVisibleAsync();
    }

    /// <summary>Waits until keys are shortcuts, a moment after the page is shown.</summary>
    private static Task ListensAsync(IPage page) => page.Locator("html[data-shortcuts]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    private static ILocator Box(IPage page) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Combobox);
}

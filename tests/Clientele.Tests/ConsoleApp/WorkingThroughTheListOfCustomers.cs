using System.Text.RegularExpressions;
using Clientele.Tests.Bulk;
using Clientele.Tests.Segments;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The list of customers in a real browser: its state is in its address, and what is done with all who match is done with all of them.</summary>
public sealed partial class WorkingThroughTheListOfCustomers(OwnApp app, Chromium chromium) : ConsoleScenario(app, chromium), IClassFixture<OwnApp>
{
    [Fact]
    [Trait("Database", "Any")]
    public async Task A_filter_stays_after_a_reload_and_the_back_button_takes_it_back()
    {
        var (word, ids) = await App.CrowdAsync(3);
        await (await App.AdminAsync()).ChangeAsync(new { action = "make_vip", ids = ids.Take(1) });
        var page = await OpenSignedInAsync($"customers?search={word}");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add filter" }).ClickAsync();
        await page.GetByLabel("Filter by").FillAsync("VIP");
        await page.GetByText("Account").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveURLAsync(VipAddress());
        await page.ReloadAsync();
        await SignedInAsync(page);
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task All_who_match_are_added_to_a_group()
    {
        var (group, (word, ids)) = (await App.GroupAsync("Gathered"), await App.CrowdAsync(120));
        var page = await OpenSignedInAsync($"customers?search={word}");

        await page.GetByLabel("Select all customers that are shown").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all 120 customers that match" }).ClickAsync();
        await page.GetByLabel("Actions for the selected customers").ClickAsync();
        await page.GetByText("Add to a group", new() { Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Group", new() { Exact = true }).FillAsync("Gathered");
        await page.Locator(".mud-popover-open").GetByText("Gathered").First.ClickAsync();
        await Assertions.Expect(page.GetByText("120 customers are added to Gathered.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add to a group" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Done. 120 changed")).ToBeVisibleAsync();

        Assert.Equal(ids, await App.MembersAsync(group));
    }

    [Fact]
    public async Task Tags_that_others_have_are_offered_to_all_who_match()
    {
        Expect(400);
        var (word, ids) = await App.CrowdAsync(3);
        var (customer, admin) = (await App.CustomerAsync(), await App.AdminAsync());
        (await admin.Patch(customer.Url, new { tags = new[] { "Wholesale 2025" } })).Expect(200);
        var page = await OpenSignedInAsync($"customers?search={word}");

        await page.GetByLabel("Select all customers that are shown").CheckAsync();
        await page.GetByLabel("Actions for the selected customers").ClickAsync();
        await page.GetByText("Add tags", new() { Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add tags" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("At least one tag is required.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Add a tag").PressSequentiallyAsync("new,whole");
        await page.Locator(".mud-popover-open").GetByText("Wholesale 2025").ClickAsync();
        await Assertions.Expect(dialog.GetByText("3 customers get the tags “new”, “Wholesale 2025”.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add tags" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Done. 3 changed")).ToBeVisibleAsync();

        var changed = (await admin.Get($"/api/customers/customers/{ids[0]}/")).Expect(200);
        Assert.Equal(["Wholesale 2025", "new"], changed["tags"].AsArray().Select(tag => (string)tag!).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_way_back_from_a_customer_leads_to_the_same_place_of_the_list()
    {
        var (word, _) = await App.CrowdAsync(120);
        var page = await OpenSignedInAsync($"customers?search={word}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Load more" }).ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(100);
        var link = Rows(page).Nth(80).GetByRole(AriaRole.Link);
        await link.ScrollIntoViewIfNeededAsync();
        var top = await page.EvaluateAsync<double>("() => scrollY");
        Assert.True(top > 500, $"The list is not scrolled: {top}.");

        await link.ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Profile" }).WaitForAsync();
        await page.GoBackAsync();

        await Assertions.Expect(Rows(page)).ToHaveCountAsync(100);
        await page.WaitForFunctionAsync("top => Math.abs(scrollY - top) < 40", top);

        // By a link, the list begins at its top.
        await page.EvaluateAsync("() => Blazor.navigateTo('/console/overview')");
        await page.EvaluateAsync("query => Blazor.navigateTo(query)", $"/console/customers?search={word}");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(50);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_filter_in_the_address_that_cannot_be_used_is_not_left_out_silently()
    {
        var page = await OpenSignedInAsync("customers?is_vip=maybe");

        await Assertions.Expect(page.GetByText("The address has filters that cannot be used: is_vip=maybe.")).ToBeVisibleAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(0);
    }

    private static ILocator Rows(IPage page) => page.Locator(".customer-table tbody tr");

    [GeneratedRegex("is_vip=true")]
    private static partial Regex VipAddress();
}

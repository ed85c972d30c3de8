using System.Globalization;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The owner reads in the console how the shop is doing.</summary>
public sealed class ReadingFigures(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    [Fact]
    public async Task The_overview_shows_the_numbers_that_the_api_tells()
    {
        UseOwn(await ClienteleApp.StartAsync());
        var admin = await App.AdminAsync();
        var customer = await App.CustomerAsync(with: new { accepts_marketing_email = true });
        await admin.OrderAsync(customer, "o", 1, "1200.00");
        (await admin.Post($"{customer.Url}make_vip/")).Expect(200);
        var group = (await admin.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);
        (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);

        var page = await OpenSignedInAsync("overview", admin);

        var figures = (await admin.Get("/api/customers/analytics/")).Expect(200);
        await FigureAsync(page, "Customers", $"{figures["total"]}");
        await FigureAsync(page, "Active", $"{figures["active"]}");
        await FigureAsync(page, "Verified", $"{figures["verified"]}");
        await FigureAsync(page, "VIP", $"{figures["vip"]}");
        await FigureAsync(page, "Marketing by e-mail", "50.0%");
        var silver = page.GetByRole(AriaRole.Region, new() { Name = "Loyalty tiers" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Silver" });
        await Assertions.Expect(silver).ToContainTextAsync("$1,200.00");
        var row = page.GetByRole(AriaRole.Region, new() { Name = "Segments and groups" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Wholesale" });
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("1");
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("+1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Points outstanding: show as a table" }).ClickAsync();
        var points = page.GetByRole(AriaRole.Region, new() { Name = "Points outstanding, as a table" }).GetByRole(AriaRole.Row);
        await Assertions.Expect(points.Nth(1).GetByRole(AriaRole.Cell)).ToHaveTextAsync("1,200");
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_pinned_group_comes_first_and_stays_pinned_after_a_reload()
    {
        UseOwn(await ClienteleApp.StartAsync());
        var admin = await App.AdminAsync();
        foreach (var name in new[] { "Alpha", "Beta" })
        {
            (await admin.Post("/api/customers/groups/", new { name })).Expect(201);
        }

        var page = await OpenSignedInAsync("overview");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin Beta", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unpin Beta", Exact = true }).WaitForAsync();

        await page.ReloadAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Unpin Beta", Exact = true }).WaitForAsync();
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Segments and groups" }).GetByRole(AriaRole.Row);
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("Beta");
        Assert.Matches(@"^\[\d+\]$", await page.EvaluateAsync<string>("localStorage.getItem('clientele.pinned')"));
    }

    [Fact]
    public async Task A_simulation_shows_who_would_move_as_a_plain_model_does()
    {
        UseOwn(await ClienteleApp.StartAsync());
        var admin = await App.AdminAsync();
        decimal[] spent = [300, 700, 900, 1500, 6000];
        foreach (var amount in spent)
        {
            await admin.OrderAsync(await App.CustomerAsync(), "o", 1, amount.ToString("0.00", CultureInfo.InvariantCulture));
        }

        var page = await OpenSignedInAsync("loyalty");
        await page.GetByLabel("Silver from (USD)").FillAsync("600");

        // Only silver moves: everybody from 600 up to 1000 goes up.
        var up = spent.Count(amount => amount is >= 600 and < 1000);
        var moves = page.GetByRole(AriaRole.Region, new() { Name = "Who would move" }).GetByRole(AriaRole.Row);
        var bronze = moves.Filter(new() { HasText = "Bronze" }).Last;
        await Assertions.Expect(bronze.GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync($"{up}");
        await Assertions.Expect(page.GetByText($"{up} would move up")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("0 would move down")).ToBeVisibleAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_ladder_that_makes_no_sense_is_refused_with_the_words_of_the_api()
    {
        Expect(400);
        var page = await OpenSignedInAsync("loyalty");

        await page.GetByLabel("Silver from (USD)").FillAsync("7000");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Gold must begin above silver." })).ToBeVisibleAsync();
        Assert.Equal("7000", await page.GetByLabel("Silver from (USD)").InputValueAsync());
    }

    private static Task FigureAsync(IPage page, string name, string value) =>
        Assertions.Expect(page.GetByRole(AriaRole.Link).Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator(".figure-value"))
            .ToHaveTextAsync(value);
}

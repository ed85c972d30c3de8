using System.Globalization;
using System.Text.Json;
using Clientele.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Every page of the console, for people with any eyes, hands and screens.</summary>
public sealed class LookingAtEveryPage(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    /// <summary>All pages, with <c>{customer}</c> and <c>{group}</c> for ids. A new page belongs here.</summary>
    private static readonly string[] Pages =
    [
        "", "overview", "customers", "customers/{customer}", "customers/{customer}/addresses", "customers/{customer}/orders", "customers/{customer}/points",
        "customers/{customer}/groups", "groups", "groups/{group}", "segments/new", "loyalty", "messages", "staff", "me", "no-such-page",
    ];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Axe_finds_nothing(string theme)
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        await page.EvaluateAsync("theme => localStorage.setItem('clientele.theme', theme)", theme);
        await page.ReloadAsync();
        await SignedInAsync(page);
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            var found = await page.RunAxe();
            complaints.AddRange(found.Violations.Select(violation =>
                $"{address}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Nothing_scrolls_sideways_on_a_phone()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        await page.SetViewportSizeAsync(320, 640);
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") is var width and > 320)
            {
                complaints.Add($"{address}: {width} px");
            }
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Every_page_has_one_heading_which_gets_the_focus_and_a_title()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        await foreach (var address in WalkAsync(page))
        {
            Assert.True(await page.Locator("h1:visible").CountAsync() == 1, $"{address} has not one heading.");
            Assert.EndsWith("Clientele", await page.TitleAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Goes to one page after the other, and waits until it has settled.</summary>
    private async IAsyncEnumerable<string> WalkAsync(IPage page)
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201)["id"];
        foreach (var address in Pages)
        {
            var path = address.Replace("{customer}", customer.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{group}", group.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            await page.EvaluateAsync($"() => Blazor.navigateTo({JsonSerializer.Serialize("/console/" + path)})");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.WaitForFunctionAsync("() => document.querySelectorAll('main h1').length > 0 && !document.querySelector('.mud-skeleton')");
            yield return address;
        }
    }
}

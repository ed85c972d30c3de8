using System.Reflection;
using System.Text.RegularExpressions;
using Clientele.ConsoleApp.Pages.Customers;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Every page of the console, for people with any eyes, hands and screens.</summary>
[Trait("Database", "Any")]
public sealed class LookingAtEveryPage(OwnApp app, Chromium chromium) : PageInspection(app, chromium), IClassFixture<OwnApp>
{
    /// <summary>All pages, with <c>{customer}</c>, <c>{group}</c>, <c>{segment}</c> and <c>{webhook}</c> for ids. A new page belongs here.</summary>
    private static readonly IReadOnlyList<string> Pages =
    [
        "", "search", "overview", "customers", "customers/{customer}", .. CustomerTab.All.Select(tab => $"customers/{{customer}}/{tab.Name}"), "customers/0",
        "groups", "groups/{group}", "groups/{segment}", "segments/new", "segments/{segment}", "loyalty", "messages", "webhooks",
        "webhooks/{webhook}", "webhooks/{webhook}?state=given_up", "staff", "me", "no-such-page",
    ];

    /// <summary>Texts that do not fit into what hides the rest of them.</summary>
    private const string CutTexts = """
        () => [...document.querySelectorAll('main *, header *')].filter(e => {
            const style = getComputedStyle(e);
            const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim().length > 0);
            return own && e.checkVisibility() && !e.closest('.visually-hidden, svg') && e.getBoundingClientRect().height > 2
                && ((style.overflowX !== 'visible' && style.overflowX !== 'auto' && e.scrollWidth > e.clientWidth + 1)
                    || (style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2));
        }).map(e => `${e.className}: ${e.textContent.trim().slice(0, 60)}`)
        """;

    [Fact]
    public void No_page_is_missing_here()
    {
        var routes = typeof(CustomerTab).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template);

        Assert.All(routes, route =>
            Assert.Contains(Pages, page => Regex.IsMatch("/" + page, $"^{Placeholder().Replace(Regex.Escape(route), "[^/]+")}$")));
    }

    [Fact]
    public async Task Axe_finds_nothing_in_either_theme()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            complaints.AddRange(await ComplaintsAsync(page, address));
        }

        SourceCode.AssertNone(complaints);
    }

    [Fact]
    public async Task Text_of_twice_the_size_is_neither_cut_nor_wider_than_the_window()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        await page.SetViewportSizeAsync(640, 800);
        await page.EvaluateAsync("() => document.documentElement.style.fontSize = '200%'");
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            if (!await FitsAsync(page))
            {
                complaints.Add($"{address}: {await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")} px");
            }

            complaints.AddRange((await page.EvaluateAsync<string[]>(CutTexts)).Select(cut => $"{address}: {cut}"));
        }

        SourceCode.AssertNone(complaints);
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
            if (!await FitsAsync(page))
            {
                complaints.Add($"{address}: {await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")} px");
            }
        }

        SourceCode.AssertNone(complaints);
    }

    [Fact]
    public async Task Every_page_has_one_heading_which_gets_the_focus_and_a_title()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            var focused = await page.EvaluateAsync<string>("() => document.activeElement.tagName");
            if (await page.Locator("h1:visible").CountAsync() != 1
                || focused != (address is "" or "search" ? "INPUT" : "H1")
                || !(await page.TitleAsync()).EndsWith("Clientele", StringComparison.Ordinal))
            {
                complaints.Add($"{address}: {await page.Locator("h1:visible").CountAsync()} headings, {focused}, {await page.TitleAsync()}");
            }
        }

        SourceCode.AssertNone(complaints);
    }

    /// <summary>Goes to one page after the other, and waits until it has settled.</summary>
    private async IAsyncEnumerable<string> WalkAsync(IPage page)
    {
        var ids = await IdsAsync();
        foreach (var address in Pages)
        {
            await GoAsync(page, address, ids);
            yield return address;
        }
    }
}

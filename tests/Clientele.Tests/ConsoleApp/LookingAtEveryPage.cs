using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clientele.ConsoleApp.Pages.Customers;
using Clientele.Tests.House;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Every page of the console, for people with any eyes, hands and screens.</summary>
[Trait("Database", "Any")]
public sealed partial class LookingAtEveryPage(OwnApp app, Chromium chromium) : ConsoleScenario(app, chromium), IClassFixture<OwnApp>
{
    /// <summary>All pages, with <c>{customer}</c>, <c>{group}</c>, <c>{segment}</c> and <c>{webhook}</c> for ids. A new page belongs here.</summary>
    private static readonly IReadOnlyList<string> Pages =
    [
        "", "search", "overview", "customers", "customers/{customer}", .. CustomerTab.All.Select(tab => $"customers/{{customer}}/{tab.Name}"), "customers/0",
        "groups", "groups/{group}", "groups/{segment}", "segments/new", "segments/{segment}", "loyalty", "messages", "webhooks",
        "webhooks/{webhook}", "webhooks/{webhook}?state=given_up", "staff", "me", "no-such-page",
    ];

    /// <summary>What opens over a page: where, and the names of the buttons to press one after the other. A role may stand before a name.</summary>
    private static readonly IReadOnlyList<(string Page, string[] Presses)> Openings =
    [
        ("customers?is_vip=false&min_points=0&min_spent=0&group={group}", []),
        ("customers?group={group}", ["Add filter"]),
        ("customers?group={group}", ["Group of chip"]),
        ("customers", ["Columns"]),
        ("customers", ["checkbox:Select all customers that are shown", "Actions for the selected customers"]),
        ("customers", ["Bulk jobs"]),
        ("customers/{customer}", ["Actions"]),
        ("customers/{customer}", ["Actions", "menuitem:Erase…"]),
        ("customers/{customer}/addresses", ["Add an address"]),
        ("customers/{customer}/points", ["Add points"]),
        ("customers/{customer}/tier", ["Set and lock"]),
        ("customers/{customer}/groups", ["Why"]),
        ("groups", ["New group"]),
        ("groups/{group}", ["Delete"]),
        ("segments/new", ["Examples"]),
        ("webhooks", ["New webhook"]),
        ("webhooks", ["New webhook", "checkbox:All events, also those of types that are added later"]),
        ("webhooks/{webhook}", ["Edit"]),
        ("webhooks/{webhook}", ["Rotate the secret"]),
        ("webhooks/{webhook}", ["Send a test"]),
        ("webhooks/{webhook}", ["Send again since"]),
        ("webhooks/{webhook}", ["Delete"]),
        ("staff", ["New key"]),
        ("staff", ["Sessions of"]),
        ("me", ["Set up"]),
        ("me", ["Keyboard shortcuts"]),
        ("me", ["Account of"]),
        ("overview", ["Search"]),
    ];

    private const string Background = "colour => getComputedStyle(document.body).backgroundColor === colour";

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

    private static readonly RunOnlyOptions Contrast = new() { Type = "rule", Values = ["color-contrast"] };

    [Fact]
    public void No_page_is_missing_here()
    {
        var routes = typeof(CustomerTab).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template);

        Assert.All(routes, route =>
            Assert.Contains(Pages, page => Regex.IsMatch("/" + page, $"^{Parameter().Replace(Regex.Escape(route), "[^/]+")}$")));
    }

    [Fact]
    public async Task Axe_finds_nothing_in_either_theme()
    {
        Expect(404);
        var page = await OpenSignedInAsync();
        var complaints = new List<string>();
        await foreach (var address in WalkAsync(page))
        {
            complaints.AddRange(await ComplaintsAsync(page, address, new()));
        }

        SourceCode.AssertNone(complaints);
    }

    [Fact]
    public async Task Axe_finds_nothing_in_dialogs_menus_and_chips()
    {
        Expect(403);
        var page = await OpenSignedInAsync();
        var (ids, complaints) = (await IdsAsync(), new List<string>());
        foreach (var (address, presses) in Openings)
        {
            await GoAsync(page, address, ids);
            foreach (var name in presses)
            {
                await PressAsync(page, name);
            }

            if (presses.Length > 0 && !presses.Contains("Why"))
            {
                await page.Locator(".mud-dialog, .mud-popover-open").First.WaitForAsync();
            }

            var opened = $"{address} {string.Join(", ", presses)}";

            // The library puts menus at the end of the document, outside its landmarks. The focus goes there and comes back.
            complaints.AddRange(await ComplaintsAsync(page, opened, new() { Rules = new() { ["region"] = new() { Enabled = false } } }));

            // A reload closes whatever is open.
            await page.ReloadAsync();
            await SignedInAsync(page);
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

    /// <summary>What axe says about a page in both themes, which differ in their colours only.</summary>
    private static async Task<IEnumerable<string>> ComplaintsAsync(IPage page, string name, AxeRunOptions options)
    {
        var light = Complaints($"{name} (light)", await page.RunAxe(options));
        await ShowAsync(ColorScheme.Dark, "rgb(18, 21, 28)");
        var dark = Complaints($"{name} (dark)", await page.RunAxe(new AxeRunOptions { RunOnly = Contrast }));
        await ShowAsync(ColorScheme.Light, "rgb(245, 246, 248)");
        return light.Concat(dark);

        // The colours of what has a transition follow in the next frame.
        async Task ShowAsync(ColorScheme scheme, string background)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForFunctionAsync(Background, background);
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }
    }

    private static IEnumerable<string> Complaints(string page, AxeResult found) => found.Violations.Select(violation =>
        $"{page}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}");

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

    private static async Task GoAsync(IPage page, string address, Dictionary<string, string> ids)
    {
        var path = Parameter().Replace(address, name => ids[name.Value]);
        await page.EvaluateAsync($"() => Blazor.navigateTo({JsonSerializer.Serialize("/console/" + path)})");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('main h1').length > 0 && !document.querySelector('.mud-skeleton')");
    }

    private static Task PressAsync(IPage page, string name) => name.Split(':') switch
    {
        ["checkbox", var box] => page.GetByLabel(box).ClickAsync(),
        ["menuitem", var item] => page.GetByText(item, new() { Exact = true }).ClickAsync(),
        ["Group of chip"] => page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^In group: ") }).ClickAsync(),
        _ => page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{name}") }).First.ClickAsync(),
    };

    /// <summary>A customer with something on every tab, a group and a segment, both with this customer.</summary>
    private async Task<Dictionary<string, string>> IdsAsync()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        (await customer.Post(Lists.Addresses, Given.Address())).Expect(201);
        await admin.OrderAsync(customer, "looking", 1, "120.00");
        var group = (await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201);
        (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);
        var rule = new { field = "username", op = "eq", value = customer.Username };
        var segment = (await admin.Post("/api/customers/groups/", new { name = $"Segment {Guid.NewGuid()}", auto_assign = true, assignment_rules = rule }))
            .Expect(201);
        return new()
        {
            ["{customer}"] = $"{customer.Id}",
            ["{group}"] = $"{group["id"]}",
            ["{segment}"] = $"{segment["id"]}",
            ["{webhook}"] = $"{await WebhookAsync(admin, customer, (long)group["id"])}",
        };
    }

    /// <summary>A webhook that fails, with a delivery.</summary>
    private async Task<Guid> WebhookAsync(Actor admin, Actor customer, long group)
    {
        var webhook = (await admin.Post("/api/webhooks/", new { url = "https://shop.invalid/hook", description = "Order system", groups = new[] { group } }))
            .Expect(201);
        var id = Guid.Parse((string)webhook["id"]!);
        await App.DeliveredRegistrationAsync(id, customer.Id);
        return id;
    }

    [GeneratedRegex("\\\\?\\{[^}]+\\}")]
    private static partial Regex Parameter();
}

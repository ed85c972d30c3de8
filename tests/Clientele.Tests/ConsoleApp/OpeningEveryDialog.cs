using System.Text.RegularExpressions;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Every dialog, menu and chip of the console.</summary>
[Trait("Database", "Any")]
public sealed class OpeningEveryDialog(OwnApp app, Chromium chromium) : PageInspection(app, chromium), IClassFixture<OwnApp>
{
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

    [Fact]
    public async Task Axe_finds_nothing_in_either_theme()
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
            complaints.AddRange(await ComplaintsAsync(page, opened, "region"));

            // On another page, whatever is open closes.
            await GoAsync(page, "no-such-page", ids);
        }

        SourceCode.AssertNone(complaints);
    }

    private static Task PressAsync(IPage page, string name) => name.Split(':') switch
    {
        ["checkbox", var box] => page.GetByLabel(box).ClickAsync(),
        ["menuitem", var item] => page.GetByText(item, new() { Exact = true }).ClickAsync(),
        ["Group of chip"] => page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^In group: ") }).ClickAsync(),
        _ => page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{name}") }).First.ClickAsync(),
    };
}

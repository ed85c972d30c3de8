using Microsoft.Playwright;

namespace Clientele.Bench.Browser;

/// <summary>
/// Clicks on what was just loaded, and measures how soon the page answers: with the other page, tab, menu or dialog, even if what is in it still loads,
/// or at least without what was there. These are the slowest clicks: the browser has never run the code of the answer.
/// </summary>
internal static class Clicking
{
    private const int Rounds = 3;

    /// <summary>Somebody who has just opened a page reads a moment.</summary>
    private const float Reading = 800;

    private const string Opened = "document.querySelector('.mud-popover-open, .mud-dialog')";
    private const string Elsewhere = "document.querySelector('main h1')?.textContent !== title";

    private static readonly (string Page, AriaRole Role, string Name, string Answer)[] Clicks =
    [
        .. new[] { "Overview", "Customers", "Groups and segments", "Loyalty", "Messages", "Webhooks", "Staff and keys", "Me" }
            .Select(place => ("", AriaRole.Link, place, Elsewhere)),
        .. new[] { "Addresses", "Orders", "Points", "Tier", "Groups", "Messages", "Audit" }
            .Select(tab => ("customers/7", AriaRole.Tab, tab, $"document.querySelector('.mud-tab-active')?.textContent.trim().startsWith('{tab}')")),
        ("customers", AriaRole.Button, "Name", "!document.querySelector('.customer-table th[aria-sort=descending]')"),
        ("groups", AriaRole.Link, "New segment", Elsewhere),
        ("customers", AriaRole.Button, "Add filter", Opened),
        ("customers", AriaRole.Button, "Columns", Opened),
        ("customers", AriaRole.Button, "Bulk jobs", Opened),
        ("customers", AriaRole.Checkbox, "Select all customers", "document.querySelector('.customers-selection')"),
        ("customers/7", AriaRole.Button, "Actions", Opened),
        ("customers/7/addresses", AriaRole.Button, "Add an address", Opened),
        ("customers/7/points", AriaRole.Button, "Add points", Opened),
        ("customers/7/tier", AriaRole.Button, "Set and lock", Opened),
        ("groups", AriaRole.Button, "New group", Opened),
        ("segments/new", AriaRole.Button, "Examples", Opened),
        ("webhooks", AriaRole.Button, "New webhook", Opened),
        ("staff", AriaRole.Button, "New key", Opened),
        ("staff", AriaRole.Button, "Sessions of", Opened),
        ("me", AriaRole.Button, "Set up", Opened),
        ("me", AriaRole.Button, "Keyboard shortcuts", Opened),
        ("me", AriaRole.Button, "Account of", Opened),
        ("overview", AriaRole.Button, "Search", Opened),
    ];

    /// <summary>The time from each click to the first picture of its answer: the median of some loads.</summary>
    public static async Task<IReadOnlyList<(string Click, TimeSpan Time)>> AnswersAsync(IBrowserContext profile)
    {
        var times = new List<(string, TimeSpan)>();
        foreach (var (address, role, name, answer) in Clicks)
        {
            var rounds = new List<TimeSpan>();
            for (var round = 0; round < Rounds; round++)
            {
                var page = await profile.NewPageAsync();
                await DemoConsole.OpenAsync(page, address);
                await page.WaitForFunctionAsync("() => !document.querySelector('.mud-skeleton')");
                await page.WaitForTimeoutAsync(Reading);
                rounds.Add(await AnswerAsync(page, page.GetByRole(role, new() { NameRegex = new($"^{name}") }).First, answer));
                await page.CloseAsync();
            }

            times.Add(($"{name} on /{address}", rounds.Order().ElementAt(Rounds / 2)));
        }

        return times;
    }

    /// <summary>Measured in the page, from when the button of the mouse is released until the answer is painted.</summary>
    private static async Task<TimeSpan> AnswerAsync(IPage page, ILocator place, string answer)
    {
        await page.EvaluateAsync(
            $$"""
            () => {
                const title = document.querySelector('main h1').textContent;
                globalThis.answeredAfter = new Promise(done => addEventListener('click', click => {
                    const look = () => {{answer}} ? setTimeout(() => done(performance.now() - click.timeStamp)) : requestAnimationFrame(look);
                    requestAnimationFrame(look);
                }, { once: true, capture: true }));
            }
            """);
        await place.ClickAsync();
        return TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>("() => globalThis.answeredAfter"));
    }
}

using System.Globalization;
using Microsoft.Playwright;

namespace Clientele.Bench.Browser;

/// <summary>Types as a person does, and measures how long it takes from the last key until the page shows what was asked for.</summary>
internal static class Typing
{
    /// <summary>The time between two keys of somebody who types 100 words a minute.</summary>
    private const int BetweenKeys = 120;

    /// <summary>Parts of names and e-mails of many and of few customers, the end of a phone number, and a text that nobody has.</summary>
    private static readonly string[] Texts =
    [
        "smith", "anna mar", "garcia", "lopez l", "@example.com", "kowalski", "nguyen", "7911", "tom", "martin s", "o'brien", "zzyzx", "10024", "silva",
        "rossi m",
    ];

    /// <summary>The global search, on the console's first page.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> SearchAsync(IPage page)
    {
        var times = new List<TimeSpan>();
        var box = page.Locator("[data-search]").First;
        foreach (var text in Texts)
        {
            await box.FillAsync("");
            await box.FocusAsync();
            await page.Keyboard.TypeAsync(text[..^1], new() { Delay = BetweenKeys });
            times.Add(await AfterAsync(page, text[^1..], ".quick-find [role=status]:not(:empty)"));
        }

        return times;
    }

    /// <summary>The number of customers who match, in the segment builder: the amount of a condition changes.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> CountAsync(IPage page)
    {
        const string rule =
            """{"all":[{"field":"total_spent","op":"gte","value":10},{"field":"is_vip","op":"eq","value":false},"""
            + """{"none":[{"field":"last_order_date","op":"within_last","value":{"n":30,"unit":"day"}}]}]}""";
        await DemoConsole.OpenAsync(page, $"segments/new?rule={Uri.EscapeDataString(rule)}");
        const string count = "[data-testid=count]:not(.old)";
        await page.Locator(count).WaitForAsync();
        var amount = page.GetByRole(AriaRole.Group, new() { Name = "Condition on total spent" }).GetByLabel("Value");
        var times = new List<TimeSpan>();
        for (var i = 0; i < Texts.Length; i++)
        {
            await amount.FocusAsync();
            await amount.SelectTextAsync();
            await page.Keyboard.TypeAsync((11 + i).ToString(CultureInfo.InvariantCulture), new() { Delay = BetweenKeys });
            times.Add(await AfterAsync(page, "0", count));
        }

        return times;
    }

    /// <summary>Measured in the page: Playwright looks in steps of up to half a second.</summary>
    private static async Task<TimeSpan> AfterAsync(IPage page, string key, string shown)
    {
        await page.EvaluateAsync(
            """
            shown => {
                globalThis.shownAfter = new Promise(done => addEventListener('keydown', () => {
                    const pressed = performance.now();
                    const look = () => document.querySelector(shown) ? done(performance.now() - pressed) : requestAnimationFrame(look);
                    requestAnimationFrame(look);
                }, { once: true, capture: true }));
            }
            """,
            shown);
        await page.Keyboard.TypeAsync(key);
        return TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>("() => globalThis.shownAfter"));
    }
}

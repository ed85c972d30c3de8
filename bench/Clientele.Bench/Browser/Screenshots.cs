using Microsoft.Playwright;

namespace Clientele.Bench.Browser;

/// <summary>Makes the pictures of docs/guides/console.md.</summary>
internal static class Screenshots
{
    private const int Customers = 2000;

    private static readonly string Folder = Path.Combine("docs", "guides", "console");

    private const string Rule =
        """{"all":[{"field":"total_spent","op":"gte","value":500},{"field":"accepts_marketing_email","op":"eq","value":true},"""
        + """{"none":[{"field":"is_vip","op":"eq","value":true}]}]}""";

    /// <summary>The names of the pictures, and the pages that they show.</summary>
    private static readonly (string Name, string Path)[] Pages =
    [
        ("search", ""),
        ("overview", "overview"),
        ("customers", "customers?min_spent=500&accepts_marketing_email=true"),
        ("groups", "groups"),
        ("segment", $"segments/new?name=Good%20customers&rule={Uri.EscapeDataString(Rule)}"),
        ("loyalty", "loyalty"),
        ("messages", "messages"),
        ("staff", "staff"),
        ("me", "me"),
    ];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            await using var console = await DemoConsole.StartAsync(Customers, cancellationToken);
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await MakeAsync(console, theme);
            }

            return 0;
        }
        catch (Exception failure) when (failure is BenchException or PlaywrightException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static async Task MakeAsync(DemoConsole console, ColorScheme theme)
    {
        await using var profile = await console.NewProfileAsync(theme);
        var page = await profile.NewPageAsync();
        await DemoConsole.OpenAsync(page, "");
        await SaveAsync(page, "sign-in", theme);
        await DemoConsole.SignInAsync(page);
        foreach (var (name, path) in Pages)
        {
            await DemoConsole.OpenAsync(page, path);
            await SettleAsync(page);
            await SaveAsync(page, name, theme);
        }

        await DemoConsole.OpenAsync(page, "customers?ordering=-total_spent");
        await page.Locator("tbody a").First.ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Points" }).ClickAsync();
        await SettleAsync(page);
        await SaveAsync(page, "customer", theme);
    }

    private static async Task SettleAsync(IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.WaitForFunctionAsync("() => !document.querySelector('.mud-skeleton, .mud-progress-circular, [data-testid=count].old')");
    }

    private static async Task SaveAsync(IPage page, string name, ColorScheme theme)
    {
        var file = Path.Combine(Folder, $"{name}-{(theme == ColorScheme.Dark ? "dark" : "light")}.png");
        await page.ScreenshotAsync(new() { Path = file, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        Console.WriteLine(file);
    }
}

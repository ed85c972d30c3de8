using System.Globalization;
using Microsoft.Playwright;

namespace Clientele.Bench.Browser;

/// <summary>A service with demo data, and a browser in which its admin uses the console.</summary>
internal sealed class DemoConsole : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Admin = "olivia";
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu"];

    /// <summary>The heading of a page, and not that of the loading screen.</summary>
    private const string Heading = "#app h1:not(.loading h1)";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clientele-console-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ServerUnderTest? _service;
    private int _profiles;

    public Uri Address => _service!.Address;

    /// <param name="customers">How many customers the demo shop has.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <param name="database">The connection string of a PostgreSQL database; null for a new SQLite file.</param>
    public static async Task<DemoConsole> StartAsync(int customers, CancellationToken cancellationToken, string? database = null)
    {
        var console = new DemoConsole();
        try
        {
            await console.PrepareAsync(customers, database ?? Path.Combine(console._folder.FullName, "shop.db"), cancellationToken);
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser that has never been here.</summary>
    public Task<IBrowserContext> NewProfileAsync(ColorScheme theme = ColorScheme.Light) => _browser!.NewContextAsync(new()
    {
        BaseURL = Address.ToString(),
        ColorScheme = theme,
        Locale = "en-GB",
        TimezoneId = "Europe/London",
        ReducedMotion = ReducedMotion.Reduce,
        ViewportSize = new() { Width = 1280, Height = 800 },
    });

    /// <summary>
    /// A browser with a profile on disk that has never been here. Unlike the profiles of <see cref="NewProfileAsync"/>, which are private windows, it
    /// keeps the compiled program in its cache, as the browser of a person does.
    /// </summary>
    public Task<IBrowserContext> NewBrowserAsync()
    {
        var folder = _folder.CreateSubdirectory($"profile-{_profiles++}");
        return _playwright!.Chromium.LaunchPersistentContextAsync(folder.FullName, new()
        {
            ExecutablePath = Chromium,
            Args = Arguments,
            BaseURL = Address.ToString(),
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            ViewportSize = new() { Width = 1280, Height = 800 },
        });
    }

    /// <summary>Opens a page and waits until it can be used.</summary>
    public static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync($"/console/{path}");
        await page.Locator(Heading).First.WaitForAsync();
    }

    /// <summary>Signs the admin in, on the page that asks for it.</summary>
    public static async Task SignInAsync(IPage page)
    {
        await page.GetByLabel("Username or e-mail").FillAsync(Admin);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Bodies.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator(Heading).Filter(new() { HasNotText = "Sign in" }).First.WaitForAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task PrepareAsync(int customers, string database, CancellationToken cancellationToken)
    {
        if (!File.Exists(Chromium))
        {
            throw new BenchException($"There is no {Chromium}: bin/install-test-tools console installs it.");
        }

        var count = customers.ToString(CultureInfo.InvariantCulture);
        await TestBed.VerbAsync(null, ["seed-demo", "--customers", count, "--password", Bodies.Password, "--database", database], cancellationToken);
        await TestBed.VerbAsync(
            Bodies.Password,
            ["createsuperuser", "--username", Admin, "--email", $"{Admin}@example.com", "--password-stdin", "--database", database],
            cancellationToken);
        _service = await ServerUnderTest.StartAsync("the service", Bench.Service(database), "/health/ready", cancellationToken);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments });
    }
}

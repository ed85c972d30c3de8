using Microsoft.Playwright;

namespace Clientele.Tests.Support;

/// <summary>A browser that the tests of one class share, as their class fixture. Each test opens pages or contexts of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>The browser without windows: it takes a quarter less time for the same tests than the whole one without a window.</summary>
    private const string Program = "/usr/bin/chromium-headless-shell";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser on this machine, or null.</summary>
    public static string? Unavailable => File.Exists(Program) ? null : $"There is no {Program}: bin/install-test-tools installs it.";

    public IBrowser Browser
    {
        get
        {
            TestDatabase.SkipUnlessAvailable(Unavailable);
            return _browser!;
        }
    }

    /// <summary>Closes what a test has opened.</summary>
    public Task CloseContextsAsync() => Task.WhenAll((_browser?.Contexts ?? []).ToList().Select(context => context.CloseAsync()));

    public async ValueTask InitializeAsync()
    {
        if (Unavailable is not null)
        {
            return;
        }

        // A busy machine takes long for everything.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

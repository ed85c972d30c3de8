using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>
/// A scenario with the console of a real service in a real browser. At its end the test fails if a page has logged an error, has broken the content
/// security policy, or has contacted another host.
/// </summary>
public abstract partial class ConsoleScenario(ClienteleApp app, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    /// <summary>A busy machine takes long to start the runtime.</summary>
    private const float Patience = 120_000;

    /// <summary>The heading of a page, and not that of the loading screen.</summary>
    private const string Heading = "#app h1:not(.loading h1)";

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<int, bool> _expected = new();
    private readonly ConcurrentQueue<IPage> _pages = new();
    private bool _losesConnections;
    private ClienteleApp? _own;

    /// <summary>The service that the pages are of.</summary>
    protected ClienteleApp App => _own ?? app;

    /// <summary>Where the service is.</summary>
    protected virtual Uri Address => App.Address;

    protected Chromium Chromium => chromium;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await TellAsync();
        }

        await chromium.CloseContextsAsync();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints.Distinct()));
    }

    /// <summary>
    /// Lets the test have a service of its own, before it opens a page. It is disposed when the pages have closed: an open one would log that it is gone.
    /// </summary>
    protected void UseOwn(ClienteleApp own) => _own = own;

    /// <summary>Browsers log each response with an error status. These are part of the test.</summary>
    protected void Expect(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            _expected[status] = true;
        }
    }

    /// <summary>Browsers log each request to a service that is away. These are part of the test.</summary>
    protected void ExpectLostConnections() => _losesConnections = true;

    /// <summary>Opens a page of the console, in a new browser profile unless there is one.</summary>
    /// <param name="path">The page's address, relative to <c>/console/</c>.</param>
    /// <param name="profile">The profile of another tab; null for a new one.</param>
    protected async Task<IPage> OpenAsync(string path = "", IBrowserContext? profile = null)
    {
        profile ??= await chromium.Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            Locale = "en-US",
            TimezoneId = "Europe/Berlin",
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await profile.NewPageAsync();
        _pages.Enqueue(page);
        page.SetDefaultTimeout(Patience);
        Watch(page);
        await page.GotoAsync($"/console/{path}");
        await page.Locator(Heading).First.WaitForAsync();
        return page;
    }

    /// <summary>Opens a page of the console and signs in there.</summary>
    /// <param name="path">The page's address, relative to <c>/console/</c>.</param>
    /// <param name="staff">Who signs in; null for an admin of this page only, whose sessions no other test ends.</param>
    protected async Task<IPage> OpenSignedInAsync(string path = "", Actor? staff = null)
    {
        var page = await OpenAsync(path);
        await SignInAsync(page, staff ?? await App.NewAdminAsync());
        return page;
    }

    /// <summary>Signs in at the sign-in page, and waits for the page behind it.</summary>
    protected static async Task SignInAsync(IPage page, Actor staff)
    {
        await FillInAsync(page, staff.Username, staff.Password);
        await SignedInAsync(page);
    }

    /// <summary>Sends the form of the sign-in page.</summary>
    protected static async Task FillInAsync(IPage page, string username, string password)
    {
        // After the end of a session, the page that was open is still there, but hidden.
        var form = page.Locator("main.sign-in");
        await form.GetByLabel("Username or e-mail").FillAsync(username);
        await form.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await form.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Waits for a page behind the sign-in page.</summary>
    protected static Task SignedInAsync(IPage page) => page.Locator(Heading).Filter(new() { HasNotText = "Sign in" }).First.WaitForAsync();

    /// <summary>Waits for the sign-in page.</summary>
    protected static Task SignedOutAsync(IPage page) => page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();

    /// <summary>Whether nothing is wider than the window. What was wider before the window shrank has a moment to follow.</summary>
    protected static async Task<bool> FitsAsync(IPage page)
    {
        try
        {
            await page.WaitForFunctionAsync(
                "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", null, new() { Timeout = 5000 });
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Says what the pages of a failed test show.</summary>
    private async Task TellAsync()
    {
        foreach (var page in _pages.Where(page => !page.IsClosed))
        {
            try
            {
                var shown = page.EvaluateAsync<string>(
                    "() => [location.href, `Focused: ${document.activeElement?.outerHTML.slice(0, 300)}`, document.body.innerText].join('\\n')");
                TestContext.Current.TestOutputHelper?.WriteLine(await shown.WaitAsync(TimeSpan.FromSeconds(10)));
            }
            catch (Exception reason) when (reason is PlaywrightException or TimeoutException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(reason.Message);
            }
        }
    }

    private void Watch(IPage page)
    {
        // A service of the test's own may have stopped when the last request is told.
        var service = Address.ToString();
        page.Console += (_, message) => Note(message.Type == "error" && !IsExpected(message.Text), message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(!IsOwn(request.Url, service), $"Contacts another host: {request.Url}");
    }

    private static bool IsOwn(string url, string service) =>
        url.StartsWith(service, StringComparison.Ordinal)
        || url.StartsWith("data:", StringComparison.Ordinal)
        || url.StartsWith($"blob:{service}", StringComparison.Ordinal);

    private bool IsExpected(string message) =>
        (_losesConnections && message.Contains("net::ERR_CONNECTION", StringComparison.Ordinal)) || HasExpectedStatus(message);

    private bool HasExpectedStatus(string message) =>
        StatusOf().Match(message) is { Success: true } status
        && _expected.ContainsKey(int.Parse(status.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Enqueue(text);
        }
    }

    [GeneratedRegex("the server responded with a status of ([0-9]+)")]
    private static partial Regex StatusOf();
}

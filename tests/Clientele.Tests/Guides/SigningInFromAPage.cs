using System.Collections.Concurrent;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Clientele.Tests.Guides;

/// <summary>The single-page app of docs/guides/signing-in.md: its script runs in a browser, on a page of another origin.</summary>
public sealed class SigningInFromAPage(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Refreshing = "**/api/auth/token/refresh/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private WebApplication? _page;
    private ClienteleApp? _own;

    private ClienteleApp Own => _own!;

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessAvailable(Chromium.Unavailable);
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _page = builder.Build();
        _page.MapGet("/", () => Results.Content("<!doctype html><title>Shop</title>", "text/html"));
        _page.MapGet("/session.js", () => Results.Content(Script(), "text/javascript"));
        await _page.StartAsync();
        _own = await ClienteleApp.StartAsync(new() { Settings = { ["Cors:Origins:0"] = _page.Urls.Single() } });
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.CloseContextsAsync();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        if (_page is not null)
        {
            await _page.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_page_signs_in_renews_its_tokens_and_signs_out()
    {
        var customer = await Own.CustomerAsync();
        var tab = await NewTabAsync(await chromium.Browser.NewContextAsync());

        await Assert.ThrowsAsync<PlaywrightException>(() => SignInAsync(tab, customer.Username, "wrong"));
        await SignInAsync(tab, customer.Username, customer.Password);
        Assert.Equal(customer.Username, await NameAsync(tab));
        Own.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(customer.Username, await NameAsync(tab));

        await tab.EvaluateAsync("async () => (await import('/session.js')).signOut()");
        Assert.Equal("signed out", await NameAsync(tab));
        Assert.Equal(1, await Own.Database.CountAsync($"SELECT COUNT(DISTINCT family_id) FROM refresh_tokens WHERE customer_id = {customer.Id}"));
    }

    [Fact]
    public async Task Two_tabs_renew_their_tokens_once()
    {
        var customer = await Own.CustomerAsync();
        var context = await chromium.Browser.NewContextAsync();
        var sent = new ConcurrentQueue<string>();
        context.Request += (_, request) =>
        {
            if (request.Method == "POST" && request.Url.EndsWith("/refresh/", StringComparison.Ordinal))
            {
                sent.Enqueue(request.PostData ?? "");
            }
        };
        var (one, two) = (await NewTabAsync(context), await NewTabAsync(context));
        await SignInAsync(one, customer.Username, customer.Password);
        var first = await RefreshTokenAsync(one);
        await Wait.UntilAsync(async () => await RefreshTokenAsync(two) == first, Patience, "the other tab is signed in, too");

        // A slow machine takes longer than the ten seconds in which the service gives the same tokens again.
        Own.Clock.Stop();
        Own.Clock.Advance(TimeSpan.FromMinutes(20));
        var names = await Task.WhenAll(NameAsync(one), NameAsync(two), NameAsync(one), NameAsync(two));

        Assert.All(names, name => Assert.Equal(customer.Username, name));

        // What one tab stores may reach the other after the lock. Then the other sends the same token again, and gets the same new one.
        Assert.Contains(first, Assert.Single(sent.Distinct()), StringComparison.Ordinal);
        Assert.Equal(1, await Own.Database.CountAsync($"SELECT COUNT(*) FROM refresh_tokens WHERE customer_id = {customer.Id} AND used_at IS NOT NULL"));
        await Wait.UntilAsync(
            async () => await RefreshTokenAsync(one) is var newest && newest != first && await RefreshTokenAsync(two) == newest,
            Patience,
            "both tabs have the new token");
    }

    [Fact]
    public async Task A_page_whose_response_is_lost_sends_the_same_token_again()
    {
        var customer = await Own.CustomerAsync();
        var tab = await NewTabAsync(await chromium.Browser.NewContextAsync());
        await SignInAsync(tab, customer.Username, customer.Password);
        var lost = 0;
        await tab.RouteAsync(Refreshing, async route =>
        {
            if (route.Request.Method != "POST" || lost++ > 0)
            {
                await route.ContinueAsync();
                return;
            }

            await route.FetchAsync();
            await route.AbortAsync();
        });

        Own.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(customer.Username, await NameAsync(tab));
        Assert.Equal(2, lost);
    }

    /// <summary>The script of the guide, with the address of the app under test.</summary>
    private string Script()
    {
        var blocks = Repository.Read("docs/guides/signing-in.md").Split("```").Where(block => block.StartsWith("js\n", StringComparison.Ordinal));
        return Assert.Single(blocks)["js\n".Length..].Replace("https://accounts.shop.example", $"{Own.Address}".TrimEnd('/'), StringComparison.Ordinal);
    }

    private async Task<IPage> NewTabAsync(IBrowserContext context)
    {
        var tab = await context.NewPageAsync();
        await tab.GotoAsync(_page!.Urls.Single());
        return tab;
    }

    private static Task SignInAsync(IPage tab, string username, string password) =>
        tab.EvaluateAsync("async given => { await (await import('/session.js')).signIn(given.username, given.password); }", new { username, password });

    private static Task<string> RefreshTokenAsync(IPage tab) =>
        tab.EvaluateAsync<string>("() => JSON.parse(localStorage.getItem('clientele'))?.refresh ?? ''");

    private static Task<string> NameAsync(IPage tab) => tab.EvaluateAsync<string>(
        """
        async () => {
            const response = await (await import('/session.js')).call('/api/customers/customers/me/');
            return response.ok ? (await response.json()).username : 'signed out';
        }
        """);
}

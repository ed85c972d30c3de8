using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Clientele.Tests.Guides;

/// <summary>The single-page app of docs/guides/signing-in.md: its scripts run in a browser, on a page of another origin.</summary>
public sealed class SigningInFromAPage(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Refreshing = "**/api/auth/token/refresh/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private WebApplication? _page;
    private ClienteleApp? _own;

    private ClienteleApp Own => _own!;

    /// <summary>With a name, because a passkey belongs to a domain and not to an IP address.</summary>
    private string Origin => $"http://localhost:{new Uri(_page!.Urls.Single()).Port}";

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessAvailable(Chromium.Unavailable);
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _page = builder.Build();
        _page.MapGet("/", () => Results.Content("<!doctype html><title>Shop</title>", "text/html"));
        _page.MapGet("/session.js", () => Results.Content(Script(0), "text/javascript"));
        _page.MapGet("/factors.js", () => Results.Content(Script(1), "text/javascript"));
        await _page.StartAsync();
        _own = await ClienteleApp.StartAsync(new()
        {
            Settings = { ["Cors:Origins:0"] = Origin, ["Passkeys:Domain"] = "localhost", ["Passkeys:Origins:0"] = Origin },
        });
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

    [Fact]
    public async Task A_page_completes_a_sign_in_with_a_code_of_the_app_or_a_recovery_code()
    {
        var customer = await Own.CustomerAsync();
        var (app, codes) = await Authenticator.OfAsync(customer, Own.Clock);

        foreach (var nextCode in new Func<string>[] { app.NextCode, () => codes[0] })
        {
            var tab = await NewTabAsync(await chromium.Browser.NewContextAsync());
            var (challenge, factors) = await ChallengeAsync(tab, customer);
            Assert.Equal("totp,recovery_code", factors);
            await Assert.ThrowsAsync<PlaywrightException>(() => FactorsAsync(tab, "signInWithCode", challenge, app.WrongCode()));
            await FactorsAsync(tab, "signInWithCode", challenge, nextCode());

            Assert.Equal(customer.Username, await NameAsync(tab));
        }
    }

    [Fact]
    public async Task A_page_adds_a_passkey_and_signs_in_with_it()
    {
        var customer = await Own.CustomerAsync();
        var tab = await NewTabAsync(await chromium.Browser.NewContextAsync());
        await tab.AddAuthenticatorAsync();
        await SignInAsync(tab, customer.Username, customer.Password);
        Own.Clock.Advance(TimeSpan.FromMinutes(20));

        var added = await FactorsAsync(tab, "addPasskey", "This computer", new { password = customer.Password });
        Assert.Equal(10, added!["recovery_codes"]!.AsArray().Count);
        await tab.EvaluateAsync("async () => (await import('/session.js')).signOut()");
        var (challenge, factors) = await ChallengeAsync(tab, customer);
        Assert.Equal("passkey,recovery_code", factors);
        await FactorsAsync(tab, "confirmWithPasskey", challenge);
        Assert.Equal(customer.Username, await NameAsync(tab));

        await tab.EvaluateAsync("async () => (await import('/session.js')).signOut()");
        await FactorsAsync(tab, "signInWithPasskey");
        Assert.Equal(customer.Username, await NameAsync(tab));
    }

    /// <summary>A script of the guide, with the address of the app under test.</summary>
    private string Script(int place)
    {
        var blocks = Repository.Read("docs/guides/signing-in.md").Split("```").Where(block => block.StartsWith("js\n", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, blocks.Count);
        return blocks[place]["js\n".Length..].Replace("https://accounts.shop.example", $"{Own.Address}".TrimEnd('/'), StringComparison.Ordinal);
    }

    /// <summary>Calls a function of the guide for second factors. Returns its result.</summary>
    private static async Task<JsonNode?> FactorsAsync(IPage tab, string function, params object[] arguments) => JsonNode.Parse(
        await tab.EvaluateAsync<string>(
            "async ([name, values]) => JSON.stringify(await (await import('/factors.js'))[name](...values) ?? null)", new object[] { function, arguments }));

    /// <summary>Signs in with the password, which is refused, and returns the challenge and the factors of the refusal.</summary>
    private static async Task<(string Challenge, string Factors)> ChallengeAsync(IPage tab, Actor customer)
    {
        var refusal = await tab.EvaluateAsync<string[]>(
            """
            async given => {
                try {
                    await (await import('/session.js')).signIn(given.username, given.password);
                    return ['signed in'];
                } catch (failure) {
                    return [failure.code, failure.challenge, failure.factors.join()];
                }
            }
            """,
            new { username = customer.Username, password = customer.Password });
        Assert.Equal("factor_required", refusal[0]);
        return (refusal[1], refusal[2]);
    }

    private async Task<IPage> NewTabAsync(IBrowserContext context)
    {
        var tab = await context.NewPageAsync();
        await tab.GotoAsync(Origin);
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

using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Clientele.Server.Accounts;
using Clientele.Tests.Support;

namespace Clientele.Tests.Guides;

/// <summary>docs/guides/signing-in.md does what it says: its C# is the code beside this file, which runs here.</summary>
public sealed class FollowingTheSigningInGuide(ClienteleApp app)
{
    private const string Refreshing = "/api/auth/token/refresh/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_examples_of_the_guide_are_the_ones_that_run_here()
    {
        var sources = Repository.Sources("tests/Clientele.Tests/Guides").Select(Lines).ToList();

        var examples = Repository.Read("docs/guides/signing-in.md").Split("```")
            .Where(block => block.StartsWith("csharp", StringComparison.Ordinal))
            .Select(block => Lines(block["csharp".Length..]))
            .ToList();

        Assert.Equal(5, examples.Count);
        Assert.All(examples, example => Assert.Contains(sources, source => source.Contains(example, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_storefront_signs_a_shopper_in_renews_the_tokens_and_signs_out()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Proxies:0"] = "127.0.0.1" } });
        var shopper = await own.CustomerAsync();
        await using var storefront = Storefront.Build(own.Address);
        using var browser = await storefront.StartedAsync();
        var cancellationToken = TestContext.Current.CancellationToken;

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/account", cancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(browser, shopper.Username, "wrong"));
        Assert.Equal(HttpStatusCode.NoContent, await SignInAsync(browser, shopper.Username, shopper.Password));
        Assert.Equal("Hello Ada", await browser.GetStringAsync("/account", cancellationToken));

        own.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("Hello Ada", await browser.GetStringAsync("/account", cancellationToken));
        own.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("Hello Ada", await browser.GetStringAsync("/account", cancellationToken));

        (await browser.PostAsync("/sign-out", null, cancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/account", cancellationToken)).StatusCode);
        Assert.Equal(1, await own.Database.CountAsync($"SELECT COUNT(DISTINCT family_id) FROM refresh_tokens WHERE customer_id = {shopper.Id}"));
    }

    [Fact]
    public async Task A_storefront_asks_for_a_code_of_the_app_or_a_recovery_code()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Proxies:0"] = "127.0.0.1" } });
        var shopper = await own.CustomerAsync();
        var (app, codes) = await Authenticator.OfAsync(shopper, own.Clock);
        await using var storefront = Storefront.Build(own.Address);
        using var browser = await storefront.StartedAsync();
        using var another = new HttpClient { BaseAddress = browser.BaseAddress };

        await SignInWithCodeAsync(browser, shopper, app.WrongCode(), app.NextCode);
        await SignInWithCodeAsync(another, shopper, app.WrongCode(), () => codes[0]);
    }

    [Fact]
    public async Task A_mobile_app_whose_response_is_lost_gets_the_same_pair_again()
    {
        var (customer, wire, stored) = (await app.CustomerAsync(), new Wiretap(), new List<string>());
        using var http = new HttpClient(wire) { BaseAddress = app.Address };
        var session = new MobileSession(http, refresh =>
        {
            stored.Add(refresh);
            return Task.CompletedTask;
        });
        wire.LoseAnswerOf(Refreshing).Refuse(Refreshing);

        var pair = await session.RenewAsync(customer.Refresh);

        Assert.Equal(3, wire.To(Refreshing).Count());
        Assert.Equal([pair!.Refresh], stored);
        (await new Actor(app.CreateClient()) { Access = pair.Access }.Get("/api/customers/customers/me/")).Expect(200);
        Assert.NotNull(await session.RenewAsync(pair.Refresh));
        Assert.Null(await session.RenewAsync(customer.Refresh));
    }

    [Fact]
    public async Task Another_service_configures_itself_and_checks_tokens_offline()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        await using var orders = OrderService.Build(app.Address);
        using var http = await orders.StartedAsync();

        Assert.Equal((HttpStatusCode.OK, $"The cart of customer {customer.Id}"), await AskAsync(http, "/carts/mine", customer.Access));
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(http, "/carts", customer.Access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/carts", admin.Access)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(http, "/carts/mine", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(http, "/carts", Tampered(customer.Access))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(http, "/carts/mine", customer.Refresh)).Status);
    }

    [Fact]
    public async Task Another_service_refuses_tokens_for_others()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Tokens:Audience"] = "somebody-else" } });
        var customer = await own.CustomerAsync();
        await using var orders = OrderService.Build(own.Address);
        using var http = await orders.StartedAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(http, "/carts/mine", customer.Access)).Status);
    }

    [Fact]
    public async Task Another_service_notices_no_planned_rotation()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await own.Keys().RotateAsync(soon: true, revoke: false, TestContext.Current.CancellationToken);
        await using var orders = OrderService.Build(own.Address);
        using var http = await orders.StartedAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/carts/mine", customer.Access)).Status);

        own.Clock.Advance(ServerKeys.ReadByAll + TimeSpan.FromSeconds(1));
        var later = await own.SignInAsync(customer.Username, customer.Password);

        Assert.NotEqual(customer.Access.Split('.')[0], later.Access.Split('.')[0]);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/carts/mine", later.Access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/carts/mine", customer.Access)).Status);
    }

    [Fact]
    public async Task Another_service_reads_the_keys_again_when_it_meets_a_new_one()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await using var orders = OrderService.Build(own.Address);
        using var http = await orders.StartedAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/carts/mine", customer.Access)).Status);

        await own.Keys().RotateAsync(soon: false, revoke: true, TestContext.Current.CancellationToken);
        var later = await own.SignInAsync(customer.Username, customer.Password);

        await Wait.UntilAsync(
            async () => (await AskAsync(http, "/carts/mine", later.Access)).Status == HttpStatusCode.OK, Patience, "the new key is known");

        // Until it is started again, the middleware also accepts the keys that it knew last.
        await using var restarted = OrderService.Build(own.Address);
        using var fresh = await restarted.StartedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(fresh, "/carts/mine", customer.Access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(fresh, "/carts/mine", later.Access)).Status);
    }

    private static async Task<HttpStatusCode> SignInAsync(HttpClient browser, string username, string password)
    {
        using var response = await browser.PostAsJsonAsync("/sign-in", new { username, password }, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task SignInWithCodeAsync(HttpClient browser, Actor shopper, string wrong, Func<string> nextCode)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var asked = await browser.PostAsJsonAsync("/sign-in", new { username = shopper.Username, password = shopper.Password }, cancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/account", cancellationToken)).StatusCode);
        var refusal = (await asked.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        Assert.Equal("""["totp","recovery_code"]""", refusal["factors"]!.ToJsonString());
        var challenge = (string)refusal["challenge"]!;

        Assert.Equal(HttpStatusCode.Unauthorized, await SendCodeAsync(browser, challenge, wrong));
        Assert.Equal(HttpStatusCode.NoContent, await SendCodeAsync(browser, challenge, nextCode()));
        Assert.Equal("Hello Ada", await browser.GetStringAsync("/account", cancellationToken));
    }

    private static async Task<HttpStatusCode> SendCodeAsync(HttpClient browser, string challenge, string code)
    {
        using var response = await browser.PostAsJsonAsync("/sign-in/factor", new { challenge, code }, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient http, string path, string? access)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = access is null ? null : new AuthenticationHeaderValue("Bearer", access);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The token with the role of an admin, which nobody signed.</summary>
    private static string Tampered(string access)
    {
        var parts = access.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"customer\"", "\"admin\"", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}

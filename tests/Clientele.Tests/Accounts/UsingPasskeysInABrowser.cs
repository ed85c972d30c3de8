using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.Accounts;

/// <summary>Passkeys in a real browser, whose authenticator is virtual. The page is one of the shop, and does what the documentation shows.</summary>
public sealed class UsingPasskeysInABrowser(ClienteleApp app, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Shop = "http://localhost:8000";

    private const string Create = """
        async token => {
          const call = (path, body) => fetch(path, {
            method: 'POST',
            headers: {'Content-Type': 'application/json', 'Authorization': `Bearer ${token}`},
            body: JSON.stringify(body),
          });
          const options = await (await call('/api/auth/factors/passkeys/options/', {})).json();
          const credential = await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)});
          const answer = await call('/api/auth/factors/passkeys/', {name: 'This computer', credential: credential.toJSON()});
          return JSON.stringify({status: answer.status, body: await answer.json()});
        }
        """;

    private const string SignIn = """
        async () => {
          const call = (path, body) => fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
          const options = await (await call('/api/auth/passkeys/options/', {})).json();
          const credential = await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
          const answer = await call('/api/auth/passkeys/', {credential: credential.toJSON()});
          return JSON.stringify({status: answer.status, body: await answer.json()});
        }
        """;

    private IPage? _page;

    private IPage Page => _page!;

    public async ValueTask InitializeAsync()
    {
        _page = await chromium.Browser.NewPageAsync();
        _page.SetDefaultTimeout(120_000);

        // The browser believes that the service has its documented address: a passkey belongs to its origin.
        await _page.RouteAsync($"{Shop}/**", ServeAsync);
        await _page.AddAuthenticatorAsync();
        await _page.GotoAsync($"{Shop}/shop");
    }

    public async ValueTask DisposeAsync() => await chromium.CloseContextsAsync();

    [Fact]
    public async Task A_browser_adds_a_passkey_and_signs_in_with_it_until_it_is_deleted()
    {
        var customer = await app.CustomerAsync();

        var (created, passkey) = await RunAsync(Create, customer.Access);
        Assert.True(created == 201, passkey.ToJsonString());
        customer.KeepCodesOf(passkey);
        var (signedIn, pair) = await RunAsync(SignIn);
        Assert.True(signedIn == 200, pair.ToJsonString());
        var listed = Assert.Single((await customer.Get(PasskeyCalls.Own)).Expect(200).Json.AsArray())!;
        (await customer.Delete($"{PasskeyCalls.Own}{passkey["id"]}/")).Expect(204);
        var (refused, problem) = await RunAsync(SignIn);

        var me = (await new Actor(app.CreateClient()) { Access = (string)pair["access"]! }.Get("/api/customers/customers/me/")).Expect(200);
        Assert.Equal(customer.Id, (long)me["id"]);
        Assert.Equal("This computer", (string)listed["name"]!);
        Assert.NotNull(listed["last_used_at"]);
        Assert.Equal((401, "urn:clientele:problem:invalid_credentials"), (refused, (string)problem["type"]!));
    }

    [Fact]
    public async Task A_browser_creates_no_second_passkey_for_an_account_that_has_one()
    {
        var customer = await app.CustomerAsync();
        var (created, passkey) = await RunAsync(Create, customer.Access);
        Assert.Equal(201, created);
        var proof = new { code = (string)passkey["recovery_codes"]![0]! };
        var steppedUp = (string)(await customer.Post("/api/auth/step_up/", proof)).Expect(200)["access"]!;

        var refused = await Assert.ThrowsAsync<PlaywrightException>(() => RunAsync(Create, steppedUp));

        Assert.Contains("InvalidStateError", refused.Message, StringComparison.Ordinal);
    }

    private async Task<(int Status, JsonNode Body)> RunAsync(string script, string? argument = null)
    {
        var answer = JsonNode.Parse((await Page.EvaluateAsync<string>(script, argument))!)!;
        return ((int)answer["status"]!, answer["body"]!);
    }

    private async Task ServeAsync(IRoute route)
    {
        var path = new Uri(route.Request.Url).PathAndQuery;
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = new Uri(app.Address, path).ToString() }) });
        }
        else
        {
            await route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>A shop</title>" });
        }
    }
}

using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// The headers of every response. <see cref="AnswerRules"/> checks them in each response of the run; this class covers kinds of responses that a run
/// might miss, and the differences between them.
/// </summary>
public sealed class SendingHeaders(ClienteleApp app)
{
    private const string Closed = "default-src 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task Answers_of_every_kind_are_closed_to_sniffing_framing_and_caching()
    {
        var customer = await app.CustomerAsync();
        var seen = (await customer.Get(customer.Url)).Expect(200);

        foreach (var (answer, caching) in new[]
        {
            (seen, "private, no-cache"),
            ((await customer.Get(customer.Url, ("If-None-Match", seen.ETag))).Expect(304), "private, no-cache"),
            ((await customer.Get("/api/customers/addresses/")).Expect(200), "no-store"),
            ((await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201), "private, no-cache"),
            ((await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).Expect(200), "no-store"),
            ((await app.Stranger.Post("/api/auth/token/revoke/", new { refresh = "x" })).Expect(204), "no-store"),
            ((await app.Stranger.Get("/.well-known/jwks.json")).Expect(200), "public, max-age=300"),
            ((await app.Stranger.Get("/.well-known/openid-configuration")).Expect(200), "private, max-age=300"),
            ((await app.Stranger.Get("/api/customers/addresses/countries/JP/")).Expect(200), "public, max-age=3600"),
            ((await app.Stranger.Get("/health/live")).Expect(200), "no-store"),
            ((await app.Stranger.Get(customer.Url)).ExpectProblem(401), "no-store"),
            ((await customer.Get("/api/customers/customers/")).ExpectProblem(403), "no-store"),
            ((await customer.Get("/api/customers/customers/999999999/")).ExpectProblem(404), "no-store"),
            ((await app.Stranger.Get("/no/such/path")).ExpectProblem(404), "no-store"),
            ((await app.Stranger.Get("/api/customers/register/")).ExpectProblem(405), "no-store"),
            ((await customer.Patch(customer.Url, new { gender = "female" }, ("If-Match", "\"0-0\""))).ExpectProblem(412), "no-store"),
        })
        {
            Assert.Equal(Closed, answer.Headers["Content-Security-Policy"]);
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
            Assert.Equal(caching.Split(", ").Order(StringComparer.Ordinal), answer.Headers["Cache-Control"].Split(", ").Order(StringComparer.Ordinal));
            Assert.DoesNotContain("Server", answer.Headers.Keys);
            Assert.DoesNotContain("Strict-Transport-Security", answer.Headers.Keys);
        }
    }

    [Theory]
    [InlineData("/api/docs/index.html")]
    [InlineData("/api/docs/swagger-ui.css")]
    [InlineData("/api/redoc/index.html")]
    public Task The_documentation_pages_load_from_this_host_only(string path) => LoadsFromThisHostOnlyAsync(app, path);

    [Fact]
    public async Task Without_the_console_the_home_page_loads_from_this_host_only()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Console:Enabled"] = "false" } });

        await LoadsFromThisHostOnlyAsync(own, "/");
    }

    private static async Task LoadsFromThisHostOnlyAsync(ClienteleApp of, string path)
    {
        var page = (await of.Stranger.Get(path)).Expect(200);

        Assert.StartsWith("default-src 'none'; script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        if (page.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("=\"http", page.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("=\"//", page.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_that_speaks_https_browsers_are_told_to_stay_there()
    {
        await using var own = await ClienteleApp.StartAsync(new ClienteleAppOptions { Settings = { ["Proxies:0"] = "127.0.0.1" } });

        var secure = await own.Stranger.Get("/health/live", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example.com"));
        var missing = await own.Stranger.Get("/nothing", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example.com"));
        var local = await own.Stranger.Get("/health/live", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "localhost"));
        var plain = await own.Stranger.Get("/health/live", ("X-Forwarded-Host", "shop.example.com"));

        Assert.Equal("max-age=31536000; includeSubDomains", secure.Headers["Strict-Transport-Security"]);
        Assert.Equal("max-age=31536000; includeSubDomains", missing.Headers["Strict-Transport-Security"]);
        Assert.DoesNotContain("Strict-Transport-Security", local.Headers.Keys);
        Assert.DoesNotContain("Strict-Transport-Security", plain.Headers.Keys);
    }

    [Fact]
    public async Task Nobody_but_a_configured_proxy_says_that_a_request_came_by_https()
    {
        var answer = (await app.Stranger.Get("/health/live", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example.com"))).Expect(200);

        Assert.DoesNotContain("Strict-Transport-Security", answer.Headers.Keys);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("image/png, */*;q=0.1")]
    public async Task Whatever_a_client_accepts_an_error_is_a_problem(string accept)
    {
        (await app.Stranger.Get("/api/customers/customers/me/", ("Accept", accept))).ExpectProblem(401);
        (await app.Stranger.Get("/no/such/path", ("Accept", accept))).ExpectProblem(404);
        (await app.Stranger.Post("/api/customers/register/", "{", ("Accept", accept))).ExpectProblem(400);
    }
}

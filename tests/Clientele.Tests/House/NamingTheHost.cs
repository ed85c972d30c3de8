using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The service answers for the hosts that it was told, and its links lead to the address that it was told: no request decides.</summary>
public sealed class NamingTheHost
{
    private const string Schema = "/api/schema.json";

    [Theory]
    [InlineData("shop.example", 200)]
    [InlineData("SHOP.example:8443", 200)]
    [InlineData("berlin.shops.example", 200)]
    [InlineData("accounts.example", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("shops.example", 400)]
    [InlineData("shop.example.evil.example", 400)]
    [InlineData("localhost", 400)]
    public async Task Only_names_that_are_set_are_answered(string host, int status)
    {
        await using var own = await StartAsync("shop.example; *.shops.example", "https://accounts.example");

        var answer = await own.Stranger.Get(Schema, ("Host", host));

        Assert.Equal(status, (int)answer.Status);
        if (status == 400)
        {
            Assert.Equal("bad_request", answer.ExpectProblem(400).Code);
        }
    }

    [Fact]
    public async Task Probes_are_answered_whatever_they_call_the_host()
    {
        await using var own = await StartAsync("shop.example", null);

        (await own.Stranger.Get("/health/live")).Expect(200);
        (await own.Stranger.Get("/health/ready", ("Host", "10.1.2.3"))).Expect(200);
        (await own.Stranger.Get(Schema)).ExpectProblem(400);
    }

    [Fact]
    public async Task A_request_without_a_host_is_refused_where_names_are_set()
    {
        await using var own = await StartAsync("shop.example", null);

        Assert.StartsWith("HTTP/1.1 400 ", await RawHttp.SendWithoutHostAsync(own.Address, $"GET {Schema} HTTP/1.0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_names_every_host_is_answered()
    {
        await using var own = await StartAsync(null, null);

        (await own.Stranger.Get(Schema, ("Host", "anybody.example"))).Expect(200);
    }

    [Theory]
    [InlineData("https://accounts.example", "https://accounts.example")]
    [InlineData("https://shop.example:8443/accounts/", "https://shop.example:8443/accounts")]
    public async Task Links_lead_to_the_public_address_whatever_the_request_says(string publicUrl, string address)
    {
        await using var own = await StartAsync("*", publicUrl);
        var admin = await own.AdminAsync();
        (string, string)[] forged = [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher")];

        var first = (await admin.Post("/api/customers/groups/", new { name = "One" }, forged)).Expect(201);
        (await admin.Post("/api/customers/groups/", new { name = "Two" }, forged)).Expect(201);
        var page = (await admin.Get("/api/customers/groups/?page_size=1", forged)).Expect(200);
        var second = (await admin.Get("/api/customers/groups/?page_size=1&page=2", forged)).Expect(200);
        var cursor = (await admin.Get("/api/customers/groups/?page_size=1&cursor=", forged)).Expect(200);

        Assert.Equal($"{address}/api/customers/groups/{first["id"]}/", first.Headers["Location"]);
        Assert.All(
            [page["next"], second["previous"], cursor["next"]],
            link => Assert.StartsWith($"{address}/api/customers/groups/?", (string)link!, StringComparison.Ordinal));
        Assert.Equal(address, (string)(await own.Stranger.Get(Schema, forged)).Expect(200)["servers"][0]!["url"]!);
        var discovery = (await own.Stranger.Get("/.well-known/openid-configuration", forged)).Expect(200);
        Assert.Equal($"{address}/.well-known/jwks.json", (string)discovery["jwks_uri"]!);
        Assert.Equal("public, max-age=300", discovery.Headers["Cache-Control"]);
        Assert.True(page.Headers.ContainsKey("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_path_before_the_service_may_be_left_on_by_the_proxy_or_taken_off()
    {
        await using var own = await StartAsync("*", "https://shop.example/accounts");
        var admin = await own.AdminAsync();

        (await admin.Get("/accounts/api/customers/customers/me/")).Expect(200);
        (await admin.Get("/api/customers/customers/me/")).Expect(200);
        (await own.Stranger.Get("/accounts/health/live")).Expect(200);
        var docs = (await own.Stranger.Get("/accounts/api/docs/")).Expect(200).Text;
        Assert.Contains("\"/accounts/api/docs/index.js\"", docs, StringComparison.Ordinal);
        (await own.Stranger.Get("/accounts/api/docs/index.js")).Expect(200);
        var scripts = (await own.Stranger.Get("/accounts/api/docs/index.js")).Text + (await own.Stranger.Get("/accounts/api/redoc/index.js")).Text;
        Assert.Contains("/accounts/api/schema.json", scripts, StringComparison.Ordinal);
    }

    private static Task<ClienteleApp> StartAsync(string? hosts, string? publicUrl) =>
        ClienteleApp.StartAsync(new() { Settings = { ["AllowedHosts"] = hosts, ["PublicUrl"] = publicUrl } });
}

using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Pages of other origins may call the service from a browser only if a setting names them.</summary>
public sealed class CallingFromOtherOrigins(ClienteleApp app)
{
    private const string Shop = "https://shop.example";
    private const string Allowed = "Access-Control-Allow-Origin";
    private static readonly (string Name, string Value)[] Preflight =
    [
        ("Origin", Shop), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,content-type,if-match"),
    ];

    [Fact]
    public async Task Without_the_setting_no_page_may()
    {
        var got = (await app.Stranger.Get("/health/live", ("Origin", Shop))).Expect(200);
        var asked = await app.Stranger.Send(HttpMethod.Options, Lists.Customers, null, Preflight);

        Assert.DoesNotContain(got.Headers.Keys.Concat(asked.Headers.Keys), name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Pages_of_a_named_origin_may_and_read_refusals_too()
    {
        await using var own = await StartAsync("https://other.example", "HTTPS://Shop.example:443");
        var customer = await own.CustomerAsync();

        var asked = (await own.Stranger.Send(HttpMethod.Options, customer.Url, null, Preflight)).Expect(204);
        Assert.Equal(Shop, asked.Headers[Allowed]);
        Assert.Contains("PATCH", asked.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.Contains("if-match", asked.Headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);
        foreach (var answer in new[]
        {
            (await customer.Get(customer.Url, ("Origin", Shop))).Expect(200),
            (await customer.Patch(customer.Url, new { gender = "female" }, ("Origin", Shop))).Expect(200),
            (await customer.Patch(customer.Url, new { phone = "x" }, ("Origin", Shop))).ExpectProblem(400),
            (await own.Stranger.Get(customer.Url, ("Origin", Shop))).ExpectProblem(401),
            (await customer.Get(Lists.Customers, ("Origin", Shop))).ExpectProblem(403),
            (await customer.Get("/no/such/path", ("Origin", Shop))).ExpectProblem(404),
        })
        {
            Assert.Equal(Shop, answer.Headers[Allowed]);
            Assert.Contains("ETag", answer.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
            Assert.Contains("Origin", answer.Headers["Vary"], StringComparison.Ordinal);
            Assert.DoesNotContain("Access-Control-Allow-Credentials", answer.Headers.Keys);
        }
    }

    [Theory]
    [InlineData("https://shop.example.evil")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("null")]
    public async Task Pages_of_another_origin_may_not(string origin)
    {
        await using var own = await StartAsync(Shop);

        var got = (await own.Stranger.Get("/health/live", ("Origin", origin))).Expect(200);
        var asked = await own.Stranger.Send(HttpMethod.Options, Lists.Customers, null, [("Origin", origin), .. Preflight[1..]]);

        Assert.DoesNotContain(Allowed, got.Headers.Keys);
        Assert.DoesNotContain(Allowed, asked.Headers.Keys);
    }

    [Fact]
    public async Task A_star_lets_all_pages()
    {
        await using var own = await StartAsync("*");

        Assert.Equal("*", (await own.Stranger.Get("/health/live", ("Origin", Shop))).Expect(200).Headers[Allowed]);
    }

    private static Task<ClienteleApp> StartAsync(params string[] origins) => ClienteleApp.StartAsync(new()
    {
        Settings = origins.Index().ToDictionary(origin => $"Cors:Origins:{origin.Index}", string? (origin) => origin.Item),
    });
}

using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>HEAD is answered like GET, without a body.</summary>
public sealed class AskingForHeads(ClienteleApp app)
{
    /// <summary>Headers about the moment, or about the length of a body that is not sent.</summary>
    private static readonly string[] Changing = ["Date", "Content-Length", "Transfer-Encoding"];

    [Fact]
    public async Task Every_get_has_a_head()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);
        var urls = world.Description.Operations.Where(operation => operation.Method == "GET").Select(world.PathOf)
            .Concat(["/", "/api/schema.json", "/api/docs/index.html", "/api/redoc/index.html", "/api/docs/swagger-ui.css", "/no/such/path", "/api/auth/token/"])
            .Concat(["/api/asyncapi.json", "/console/", "/console/customers", "/console/index.html", "/console/session/", "/console/_framework/nothing.wasm"])
            .ToList();
        Assert.True(urls.Count > 30);
        foreach (var url in urls)
        {
            foreach (var caller in new[] { world.Admin, world.Customer, own.Stranger })
            {
                var got = await caller.Get(url);
                var head = await caller.Send(HttpMethod.Head, url, null);

                Assert.True(got.Status == head.Status, $"{url}: {got.Status} and {head.Status}");
                Assert.Empty(head.Text);
                Assert.Equal(Of(got), Of(head));
            }
        }
    }

    [Fact]
    public async Task A_copy_that_is_current_need_not_be_sent_again()
    {
        var customer = await app.CustomerAsync();
        var head = (await customer.Send(HttpMethod.Head, customer.Url, null)).Expect(200);

        (await customer.Send(HttpMethod.Head, customer.Url, null, ("If-None-Match", head.ETag))).Expect(304);
    }

    [Fact]
    public async Task Where_get_is_allowed_head_is_too()
    {
        var refused = (await (await app.AdminAsync()).Post(Lists.Customers, new { })).ExpectProblem(405);
        var without = (await app.Stranger.Get("/api/customers/register/")).ExpectProblem(405);

        Assert.Equal("GET, HEAD", refused.Headers["Allow"]);
        Assert.Equal("POST", without.Headers["Allow"]);
    }

    private static IEnumerable<string> Of(Answer answer) => answer.Headers.Where(header => !Changing.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal);
}

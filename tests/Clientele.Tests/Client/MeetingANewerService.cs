using System.Net;
using System.Text;
using Clientele.Client;

namespace Clientele.Tests.Client;

/// <summary>A service that is newer than the SDK, or behind a proxy that responds in its place.</summary>
public sealed class MeetingANewerService
{
    [Fact]
    public async Task Members_that_the_client_does_not_know_are_ignored()
    {
        using var client = Answering(HttpStatusCode.OK, "application/json", """
            {"message":"Customer verified.","customer_id":123,"is_verified":true,"verified_by":{"name":"somebody"}}
            """);

        Assert.Equal(123, (await client.Customers.VerifyAsync(123)).CustomerId);
    }

    [Fact]
    public async Task An_error_page_of_a_proxy_is_an_exception_with_its_status()
    {
        using var client = Answering(HttpStatusCode.Forbidden, "text/html", "<h1>Forbidden</h1>");

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.VerifyAsync(123));

        Assert.Equal((HttpStatusCode.Forbidden, "unknown"), (refused.Status, refused.Code));
        Assert.Empty(refused.Errors);
    }

    [Theory]
    [InlineData("https://shop.example/clientele")]
    [InlineData("https://shop.example/clientele/")]
    public async Task The_service_may_live_under_a_path(string address)
    {
        Uri? asked = null;
        using var http = new HttpClient(new Fake(request =>
        {
            asked = request.RequestUri;
            return Json(HttpStatusCode.OK, "application/json", """{"status":"alive","version":"9.0.0","commit":"unknown"}""");
        }))
        {
            BaseAddress = new Uri(address),
        };
        using var client = new ClienteleClient(http);

        await client.Health.GetLivenessAsync();

        Assert.Equal("https://shop.example/clientele/health/live", asked!.AbsoluteUri);
    }

    private static ClienteleClient Answering(HttpStatusCode status, string type, string body) =>
        new(new HttpClient(new Fake(_ => Json(status, type, body))) { BaseAddress = new Uri("http://localhost") });

    private static HttpResponseMessage Json(HttpStatusCode status, string type, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    private sealed class Fake(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}

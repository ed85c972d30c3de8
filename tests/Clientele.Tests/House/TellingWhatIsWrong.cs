using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>An error response contains enough to correct the request, and is never larger than the request.</summary>
public sealed class TellingWhatIsWrong(ClienteleApp app)
{
    [Fact]
    public async Task At_most_twenty_faults_of_a_body_are_told()
    {
        var customer = await app.CustomerAsync();
        var body = string.Join(',', Enumerable.Range(0, 500).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{i}\": \"\\u0000\"")));

        var answer = (await customer.Patch(customer.Url, $"{{{body}}}")).Expect(400);

        Assert.Equal(20, Told(answer));
    }

    [Fact]
    public async Task At_most_twenty_faults_of_a_rule_are_told()
    {
        var admin = await app.AdminAsync();
        var rule = string.Join(',', Enumerable.Repeat("0", 100));

        var answer = (await admin.Post("/api/customers/groups/preview/", $"{{\"assignment_rules\": {{\"all\": [{rule}]}}}}")).Expect(400);

        Assert.Equal(20, Told(answer));
    }

    [Fact]
    public async Task At_most_twenty_faults_of_a_query_string_are_told()
    {
        var admin = await app.AdminAsync();

        var answer = (await admin.Get($"/api/customers/customers/?{string.Join('&', Enumerable.Range(0, 500).Select(i => $"x{i}=1"))}")).Expect(400);

        Assert.Equal(20, Told(answer));
    }

    [Fact]
    public async Task A_name_is_repeated_up_to_a_hundred_characters()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var (name, shown) = (new string('x', 5000), new string('x', 99) + "…");

        (await customer.Patch(customer.Url, $"{{\"{name}\": \"\\u0000\"}}")).ExpectProblem(400, shown);
        (await admin.Get($"/api/customers/customers/?{name}=1")).ExpectProblem(400, shown);
        var problem = (await admin.Get($"/api/customers/customers/?ordering={name}")).ExpectProblem(400, "ordering");
        Assert.DoesNotContain(shown[..^1] + "x", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_not_cut_in_the_middle_of_a_character()
    {
        var customer = await app.CustomerAsync();
        var name = new string('x', 98) + string.Concat(Enumerable.Repeat("😀", 100));

        (await customer.Patch(customer.Url, new JsonObject { [name] = "\0" }.ToJsonString())).ExpectProblem(400, new string('x', 98) + "…");
    }

    [Fact]
    public async Task Names_and_passwords_may_have_sixteen_kibibytes()
    {
        foreach (var path in new[] { "/api/customers/register/", "/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/token/revoke/" })
        {
            var answer = (await app.Stranger.Post(path, $"{{\"padding\": \"{new string('x', 16_384)}\"}}")).ExpectProblem(413);

            Assert.Equal("body_too_large", answer.Code);
            Assert.Contains("16384", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bodies_with_a_limit_may_be_exactly_as_long()
    {
        var customer = await app.CustomerAsync();
        var limits = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") is true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null)
            .Select(endpoint => (Path: endpoint.RoutePattern.RawText!, Size: endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize))
            .Where(limit => limit.Size <= 64 * 1024).ToList();

        foreach (var (path, size) in limits)
        {
            var longest = $"{{\"padding\": \"{new string('x', (int)size! - 15)}\"}}";
            Assert.Equal(size, longest.Length);
            Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, (await customer.Post(path, longest)).Status);

            // Without the header the connection may be closed while the body is being sent.
            (await customer.Post(path, longest + " ", ("Expect", "100-continue"))).ExpectProblem(413);
        }

        Assert.Equal(12, limits.Count(limit => limit.Size == 16 * 1024));
        Assert.Equal(
            [
                "/api/auth/factors/passkeys/", "/api/auth/passkeys/", "/api/auth/step_up/", "/api/auth/token/factor/", "/console/session/factor/",
                "/console/session/passkey/",
            ],
            limits.Where(limit => limit.Size == 64 * 1024).Select(limit => limit.Path).Order(StringComparer.Ordinal));
    }

    private static int Told(Answer answer) => answer.Json["errors"]!.AsObject().Sum(member => member.Value!.AsArray().Count);
}

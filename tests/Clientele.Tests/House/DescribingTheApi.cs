using System.Text.Json.Nodes;
using Clientele.Server;
using Clientele.Server.Events;
using Clientele.Server.Http;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

[Trait("Database", "Any")]
public sealed class DescribingTheApi(ClienteleApp app)
{
    private const string Customers = "/api/customers/customers/";
    private const string Addresses = "/api/customers/addresses/";
    private const string Groups = "/api/customers/groups/";

    [Fact]
    public async Task The_committed_description_is_the_one_that_is_served()
    {
        var served = (await app.Stranger.Get("/api/schema.json")).Expect(200).Text;
        var committed = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "openapi.json"), TestContext.Current.CancellationToken);

        served = served.Replace($"\"url\": \"{app.Address.AbsoluteUri.TrimEnd('/')}\"", "\"url\": \"http://localhost:8000\"", StringComparison.Ordinal);

        Assert.True(served == committed, "docs/openapi.json is not what is served. Generate it again: bin/clientele openapi > docs/openapi.json");
    }

    [Fact]
    public async Task The_command_prints_the_description_without_a_database()
    {
        var printed = await ServerProcess.RunAsync(["openapi"]);

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "openapi.json"), TestContext.Current.CancellationToken), printed.Output);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Errors));
    }

    [Fact]
    public async Task A_copy_that_is_current_need_not_be_sent_again()
    {
        var first = await app.Stranger.Get("/api/schema.json");

        (await app.Stranger.Get("/api/schema.json", ("If-None-Match", first.ETag))).Expect(304);
    }

    [Fact]
    public async Task Every_text_in_a_body_says_how_long_it_may_be()
    {
        var description = await ApiDescription.OfAsync(app);
        var endless = description.Operations
            .Where(operation => operation.Body is not null)
            .SelectMany(operation => Endless(operation.Body!, operation.Name))
            .ToList();

        // A refresh token is limited only by the size of its request: signing out returns 204 for any token.
        Assert.Equal(["RefreshToken.refresh", "RevokeToken.refresh"], endless.Order(StringComparer.Ordinal));

        IEnumerable<string> Endless(JsonNode schema, string at) => (description.Resolve(schema)["properties"]?.AsObject() ?? []).SelectMany(property =>
        {
            var member = new Member(property.Key, description.Resolve(property.Value!), Required: false);
            var bounded = new[] { "maxLength", "enum", "format", "pattern", "const" }.Any(member.Schema.ContainsKey);
            return (member.Schema["type"] is not null && member.Takes("string") && !bounded ? [$"{at}.{member.Name}"] : Array.Empty<string>())
                .Concat(member.Schema["items"] is { } items ? Endless(items, $"{at}.{member.Name}") : []);
        });
    }

    [Fact]
    public async Task Every_mapped_endpoint_is_described_under_its_own_path_and_nothing_else_is()
    {
        await using var built = App.Build([], quiet: true);
        var mapped = built.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.IsFile()
                && endpoint.RoutePattern.RawText is not ("/" or OpenApi.DocumentPath or AsyncApi.DocumentPath or Customers + "{uuid:guid}/")
                && !endpoint.RoutePattern.RawText!.StartsWith("/account/", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText!.StartsWith("/console/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods, (endpoint, method) =>
                $"{method} {endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).Replace(":guid", "", StringComparison.Ordinal)}");

        Assert.Equal(mapped.Order(), (await ApiDescription.OfAsync(app)).Operations.Select(operation => operation.ToString()).Order());
    }

    [Theory]
    [InlineData("GET", Customers, "admins.")]
    [InlineData("GET", Customers + "{id}/", "the owner and admins")]
    [InlineData("PUT", Customers + "{id}/", "the owner and admins")]
    [InlineData("PATCH", Customers + "{id}/", "the owner and admins")]
    [InlineData("DELETE", Customers + "{id}/", "admins.")]
    [InlineData("GET", Customers + "me/", "everybody who is signed in.")]
    [InlineData("PUT", Customers + "update_profile/", "everybody who is signed in.")]
    [InlineData("PATCH", Customers + "update_profile/", "everybody who is signed in.")]
    [InlineData("POST", Customers + "change_password/", "everybody who is signed in.")]
    [InlineData("GET", Customers + "{id}/stats/", "the owner and admins")]
    [InlineData("GET", Customers + "{id}/orders/", "the owner and admins")]
    [InlineData("GET", Customers + "{id}/wishlist/", "the owner and admins")]
    [InlineData("GET", Customers + "{id}/reviews/", "the owner and admins")]
    [InlineData("POST", Customers + "{id}/verify/", "admins.")]
    [InlineData("POST", Customers + "{id}/update_loyalty_tier/", "admins.")]
    [InlineData("POST", Customers + "{id}/add_loyalty_points/", "admins.")]
    [InlineData("POST", Customers + "{id}/make_vip/", "admins.")]
    [InlineData("POST", Customers + "{id}/deactivate/", "the owner and admins")]
    [InlineData("POST", Customers + "{id}/reactivate/", "admins.")]
    [InlineData("GET", Addresses, "everybody who is signed in.")]
    [InlineData("GET", Addresses + "{id}/", "the owner and admins")]
    [InlineData("POST", Addresses, "everybody who is signed in.")]
    [InlineData("PUT", Addresses + "{id}/", "the owner and admins")]
    [InlineData("PATCH", Addresses + "{id}/", "the owner and admins")]
    [InlineData("DELETE", Addresses + "{id}/", "the owner and admins")]
    [InlineData("POST", Addresses + "{id}/set_default/", "the owner and admins")]
    [InlineData("GET", Groups, "everybody who is signed in.")]
    [InlineData("GET", Groups + "{id}/", "everybody who is signed in.")]
    [InlineData("POST", Groups, "admins.")]
    [InlineData("PUT", Groups + "{id}/", "admins.")]
    [InlineData("PATCH", Groups + "{id}/", "admins.")]
    [InlineData("DELETE", Groups + "{id}/", "admins.")]
    [InlineData("GET", Groups + "{id}/members/", "everybody who is signed in.")]
    [InlineData("POST", Groups + "{id}/add_member/", "admins.")]
    [InlineData("POST", Groups + "{id}/remove_member/", "admins.")]
    [InlineData("POST", "/api/customers/register/", "everybody, signed in or not.")]
    public async Task What_the_original_documents_is_described_with_its_permission(string method, string path, string who)
    {
        var operation = (await ApiDescription.OfAsync(app)).Operations.Single(operation => (operation.Method, operation.Path) == (method, path));

        Assert.Contains($"Who: {who}", (string)operation.Json["description"]!, StringComparison.Ordinal);
        Assert.Equal(who.StartsWith("everybody,", StringComparison.Ordinal), operation.Json["security"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_under_which_tag()
    {
        var description = await ApiDescription.OfAsync(app);
        var tags = description.Json["tags"]!.AsArray().ToDictionary(tag => (string)tag!["name"]!, tag => (string)tag!["description"]!);

        Assert.All(description.Operations, operation =>
        {
            Assert.NotEmpty((string)operation.Json["summary"]!);
            Assert.Matches("^.+\n\nWho: .+$", (string)operation.Json["description"]!);
            Assert.NotEmpty(tags[(string)operation.Json["tags"]!.AsArray().Single()!]);
        });
    }

    [Fact]
    public async Task Every_parameter_has_a_description_and_an_example()
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.All(description.Operations.SelectMany(operation => description.Parameters(operation), (operation, parameter) => (operation, parameter)), item =>
        {
            Assert.False(string.IsNullOrEmpty((string?)item.parameter["description"]), $"{item.operation}: {item.parameter["name"]}");
            Assert.NotNull(item.parameter["example"] ?? item.parameter["schema"]!["examples"]![0]);
        });
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var description = await ApiDescription.OfAsync(app);

        foreach (var operation in description.Operations)
        {
            var contents = operation.Json["responses"]!.AsObject().Select(answer => description.Resolve(answer.Value!)["content"])
                .Append(operation.Json["requestBody"]?["content"]).SelectMany(content => content?.AsObject() ?? []);
            foreach (var (type, media) in contents)
            {
                var examples = media!["examples"] is JsonObject several ? several.Select(example => example.Value!["value"]) : [media["example"]];
                Assert.All(examples, example => Assert.NotNull(example));
                Assert.Empty(examples.SelectMany(example => description.Complaints(media["schema"]!, example, $"{operation} {type}")));
            }
        }
    }

    [Fact]
    public async Task Every_operation_describes_the_refusals_that_its_permission_implies()
    {
        var description = await ApiDescription.OfAsync(app);
        var endpoints = app.MappedEndpoints().ToDictionary(endpoint => endpoint.Name);

        Assert.All(description.Operations, operation =>
        {
            var (who, scope) = (endpoints[operation.Name].Who, endpoints[operation.Name].Scope);
            var statuses = operation.Json["responses"]!.AsObject().Select(answer => answer.Key).ToHashSet();
            var credentials = operation.Json["security"]!.AsArray().Select(one => one!.AsObject().Single().Key);
            Assert.Equal(who == Who.Public ? [] : scope is null ? ["bearer"] : ["bearer", "key"], credentials);
            Assert.Equal(scope, (string?)operation.Json["x-scope"]);
            Assert.True(who == Who.Public || statuses.IsSupersetOf(["401", "429"]));
            Assert.Equal(who != Who.Public || scope is not null || operation.Method != "GET", statuses.Contains("403"));
            Assert.True(operation.Body is null || statuses.IsSupersetOf(["400", "413", "415"]));
            Assert.True(!operation.Path.Contains("{id}", StringComparison.Ordinal) || statuses.Contains("404"));
        });
    }

    [Fact]
    public async Task Every_refusal_is_problem_json_with_an_example_of_its_status()
    {
        var description = await ApiDescription.OfAsync(app);

        foreach (var operation in description.Operations)
        {
            foreach (var (status, answer) in operation.Json["responses"]!.AsObject().Where(answer => answer.Key[0] is '4' or '5'))
            {
                var (type, media) = description.Resolve(answer!)["content"]!.AsObject().Single();
                Assert.Equal("application/problem+json", type);
                Assert.Equal("#/components/schemas/ProblemBody", (string)media!["schema"]!["$ref"]!);
                var examples = media["examples"] is JsonObject several ? several.Select(example => example.Value!["value"]) : [media["example"]];
                Assert.All(examples, example => Assert.Equal(status, example!["status"]!.ToString()));
            }
        }
    }

    [Fact]
    public async Task Every_post_outside_auth_takes_an_idempotency_key_but_for_batches_and_secrets()
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.All(description.Operations, operation => Assert.Equal(
            operation.Method == "POST" && !operation.Path.StartsWith("/api/auth/", StringComparison.Ordinal)
                && operation.Name is not ("PutOrders" or "CreateApiKey" or "RotateApiKey" or "CreateWebhook" or "RotateWebhook" or "TestWebhook"),
            description.Parameters(operation).Any(parameter => (string)parameter["name"]! == "Idempotency-Key")));
    }

    [Theory]
    [InlineData("GetCustomer", "If-None-Match", 304)]
    [InlineData("GetMe", "If-None-Match", 304)]
    [InlineData("GetAddress", "If-None-Match", 304)]
    [InlineData("GetGroup", "If-None-Match", 304)]
    [InlineData("ReplaceProfile", "If-Match", 412)]
    [InlineData("UpdateCustomer", "If-Match", 412)]
    [InlineData("DeleteAddress", "If-Match", 412)]
    [InlineData("ReplaceGroup", "If-Match", 412)]
    public async Task Single_resources_take_preconditions(string name, string header, int status)
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.Contains(description.Parameters(description[name]), parameter => (string)parameter["name"]! == header);
        description.Answer(description[name], status);
    }

    [Fact]
    public async Task A_patch_requires_nothing_and_may_be_sent_as_a_merge_patch()
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.All(description.Operations.Where(operation => operation.Method == "PATCH"), operation =>
        {
            Assert.NotNull(operation.Json["requestBody"]!["content"]!["application/merge-patch+json"]);
            Assert.Null(description.Resolve(operation.Body!)["required"]);
        });
    }

    [Theory]
    [InlineData("MakeCustomerVip", false)]
    [InlineData("UpdateLoyaltyTier", false)]
    [InlineData("RegisterCustomer", true)]
    [InlineData("UpdateProfile", true)]
    [InlineData("AddMember", true)]
    public async Task A_body_is_required_unless_the_action_has_a_meaning_without(string name, bool required) =>
        Assert.Equal(required, (bool?)(await ApiDescription.OfAsync(app))[name].Json["requestBody"]!["required"] ?? false);

    [Fact]
    public async Task Members_for_admins_say_so_and_are_not_required()
    {
        var customer = (await ApiDescription.OfAsync(app)).Json["components"]!["schemas"]!["CustomerResponse"]!;

        string[] names = ["is_staff", "last_login", "notes", "tags", "metadata"];
        Assert.All(names, name =>
        {
            Assert.Contains("Admins only", (string)customer["properties"]![name]!["description"]!, StringComparison.Ordinal);
            Assert.DoesNotContain(name, customer["required"]!.AsArray().Select(required => (string)required!));
        });
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Clientele.slnx")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}

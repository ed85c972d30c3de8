using System.Net;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// Random requests to every operation of the description: nothing breaks the service, and no response breaks the description. It finds what the tests
/// beside it do not look for: they send each kind of nonsense everywhere, one at a time and as an admin. <c>bin/bench fuzz</c> does it for longer;
/// <c>CLIENTELE_PROOF_SECONDS</c> and <c>CLIENTELE_PROOF_SEED</c> repeat a failure.
/// </summary>
public sealed class FuzzingTheApi(ClienteleApp app)
{
    private const int Seconds = 20;
    private const int MostShown = 20;
    private const int Values = 2000;

    private const string Invented = "an error of colour, which neither the operation nor the request has";

    private static readonly ApiDescription Description = new("""
        {
          "paths": {"/things/": {"post": {
            "operationId": "CreateThing",
            "security": [{"bearer": []}],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}}}}},
            "responses": {
              "201": {
                "headers": {"Location": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {
                  "type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}, "name": {"type": "string", "maxLength": 3}}
                }}}
              },
              "400": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
            }
          }}}
        }
        """);

    [Fact]
    public async Task No_request_gets_a_response_that_is_not_described()
    {
        var options = new ClienteleAppOptions();

        // The callers sign in from one network. The limits per account remain, so that some requests are refused by them.
        options.Settings["RateLimits:SignInPerNetwork"] = "1000000";
        await using var own = await ClienteleApp.StartAsync(options);
        var fuzzer = await ApiFuzzer.StartAsync(own, LongRun.Seed);

        await fuzzer.RunAsync(TimeSpan.FromSeconds(LongRun.Seconds ?? Seconds));

        Assert.True(
            fuzzer.Complaints.Count == 0,
            string.Join('\n', fuzzer.Complaints.Take(MostShown).Prepend($"{fuzzer.Complaints.Count} kinds of responses are wrong, of {fuzzer.Sent} in all:")));

        // Operations that need a secret from a mail or a device cannot succeed here.
        Assert.True(fuzzer.Failing.Count <= fuzzer.Description.Operations.Count / 4, $"These operations never succeeded: {string.Join(", ", fuzzer.Failing)}");
    }

    [Theory]
    [InlineData(201, """{"id": 1, "name": "abc"}""", "/things/1/", null)]
    [InlineData(201, """{"id": 1, "more": 1}""", "/things/1/", "body.more is not described")]
    [InlineData(201, """{"name": "abc"}""", "/things/1/", "body.id is missing")]
    [InlineData(201, """{"id": 0}""", "/things/1/", "body.id is 0, outside 1 to ")]
    [InlineData(201, """{"id": 1, "name": "abcd"}""", "/things/1/", "body.name is longer than 3")]
    [InlineData(201, """{"id": 1}""", null, "the header Location is missing")]
    [InlineData(200, """{"id": 1}""", "/things/1/", "the description does not have the status 200")]
    [InlineData(500, "{}", null, "an internal error")]
    [InlineData(400, """{"type": "validation_failed", "errors": {"name": ["Too long."]}}""", null, null)]
    [InlineData(400, """{"type": "validation_failed", "errors": {"colour": ["No."]}}""", null, Invented)]
    [InlineData(400, """{"type": "validation_failed"}""", null, "a refusal that names no member")]
    [InlineData(400, "{}", "/things/1/", "the description does not have the header Location")]
    public void A_response_that_is_not_described_is_recognised(int status, string body, string? location, string? complaint)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = status == 400 ? "application/problem+json" : "application/json" };
        if (location is not null)
        {
            headers["Location"] = location;
        }

        if (status == 400 && !body.Contains("type", StringComparison.Ordinal))
        {
            body = """{"type": "bad_request"}""";
        }

        var answer = new Answer((HttpStatusCode)status, body, headers);

        Assert.Equal(complaint is null ? [] : [complaint], new DescribedAnswers(Description).Complaints(Request, answer));
    }

    [Fact]
    public void A_faulty_request_that_is_taken_is_recognised()
    {
        var answer = new Answer(HttpStatusCode.Created, """{"id": 1}""", new Dictionary<string, string>
        {
            ["Content-Type"] = "application/json",
            ["Location"] = "/things/1/",
        });

        Assert.Equal(["taken, although name is 1"], new DescribedAnswers(Description).Complaints(Request with { Fault = "name is 1" }, answer));
    }

    [Fact]
    public async Task A_schema_allows_the_values_that_are_made_for_it_as_valid()
    {
        var description = await ApiDescription.OfAsync(app);
        var chance = new Random(LongRun.Seed);
        var values = new SchemaValues(description, new KnownIds(chance), chance);

        foreach (var schema in description.Json["components"]!["schemas"]!.AsObject())
        {
            for (var i = 0; i < Values / description.Json["components"]!["schemas"]!.AsObject().Count; i++)
            {
                var value = values.Valid("", schema.Value!);
                Assert.True(!description.Complaints(schema.Value!, value).Any(), $"{schema.Key}: {value?.ToJsonString()}");
            }
        }
    }

    [Fact]
    public async Task A_schema_does_not_allow_the_values_that_are_made_for_it_as_broken()
    {
        var description = await ApiDescription.OfAsync(app);
        var members = description.Operations.SelectMany(operation => operation.Bodies)
            .SelectMany(body => description.Resolve(body.Schema)["properties"]?.AsObject() ?? [])
            .Select(member => new Member(member.Key, description.Resolve(member.Value!), Required: false));

        foreach (var member in members.Where(member => member.Schema["maxLength"] is not null || member.Schema["maximum"] is not null))
        {
            Assert.Contains(SchemaValues.Broken(member), json => description.Complaints(member.Schema, JsonNode.Parse(json)).Any());
        }
    }

    [Fact]
    public void A_request_is_made_smaller_part_by_part()
    {
        var request = Request with { Body = """{"a": [1], "b": 2}""", Query = [("q", "it's")], Headers = [("If-Match", "*")] };

        Assert.Equal(
            """curl -i -X POST 'http://host/things/?q=it%27s' -H "Authorization: Bearer $admin" -H 'If-Match: *' -H 'Content-Type: application/json' """
                + """--data-binary '{"a": [1], "b": 2}'""",
            request.ToCurl(new Uri("http://host")));
        Assert.Equal(
            ["{\"a\": [1], \"b\": 2}", "{\"a\": [1], \"b\": 2}", """{"b":2}""", """{"a":[1]}""", """{"a":[],"b":2}"""],
            request.Smaller().Select(smaller => smaller.Body));
    }

    private static FuzzRequest Request => new(Description["CreateThing"], FuzzCast.Admin, "/things/") { Body = """{"name": "abc"}""" };
}

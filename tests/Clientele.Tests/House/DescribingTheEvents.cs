using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Server.Events;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The description of the events (AsyncAPI).</summary>
[Trait("Database", "Any")]
public sealed class DescribingTheEvents(ClienteleApp app)
{
    private static string Committed => Path.Combine(Repository.Root, "docs", "asyncapi.json");

    [Fact]
    public async Task The_committed_description_is_the_one_that_is_served()
    {
        var served = (await app.Stranger.Get("/api/asyncapi.json")).Expect(200).Text;

        Assert.True(
            served == await File.ReadAllTextAsync(Committed, TestContext.Current.CancellationToken),
            "docs/asyncapi.json is not what is served. Generate it again: bin/clientele asyncapi > docs/asyncapi.json");
    }

    [Fact]
    public async Task The_command_prints_it_without_a_database()
    {
        var printed = await ServerProcess.RunAsync(["asyncapi"]);

        Assert.Equal(await File.ReadAllTextAsync(Committed, TestContext.Current.CancellationToken), printed.Output);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Errors));
    }

    [Fact]
    public async Task Every_type_of_event_has_a_message_with_its_data_and_an_example()
    {
        var description = (await app.Stranger.Get("/api/asyncapi.json")).Expect(200);
        var messages = description["components"]["messages"]!.AsObject();
        var schemas = description["components"]["schemas"]!.AsObject();

        Assert.Equal("3.0.0", (string)description["asyncapi"]!);
        Assert.Equal(new OneOfAttribute(typeof(EventType)).Values.Order(), messages.Select(message => message.Key).Order());
        Assert.Equal(Enum.GetValues<EventKind>().Order(), EventForm.All.Select(form => form.Kind).Order());
        foreach (var (type, message) in messages)
        {
            Assert.NotEmpty((string)message!["summary"]!);
            Assert.Equal(type, (string)message["payload"]!["properties"]!["type"]!["const"]!);
            Assert.Equal(type, (string)message["examples"]![0]!["payload"]!["type"]!);
            Assert.NotEmpty(message["examples"]![0]!["payload"]!["data"]!.AsObject());
        }

        Assert.All(References(description.Json), reference => Assert.True(schemas.ContainsKey(reference), $"There is no schema {reference}."));
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" && (string)member.Value! is { } path
            ? path.StartsWith("#/components/schemas/", StringComparison.Ordinal) ? [path.Split('/')[^1]] : []
            : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}

using System.Text.Json.Nodes;
using Clientele.ConsoleApp.Rules;
using Clientele.Tests.Segments;
using Clientele.Tests.Support;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The rules that the console's builder offers to start from.</summary>
public sealed class StartingFromExamples(ClienteleApp app)
{
    [Fact]
    public async Task The_service_accepts_every_example()
    {
        var admin = await app.FreshAdminAsync();

        Assert.Equal(20, RuleExample.All.Count);
        Assert.Equal(20, RuleExample.All.Select(example => example.Name).Distinct().Count());
        foreach (var example in RuleExample.All)
        {
            var body = new JsonObject { ["assignment_rules"] = JsonNode.Parse(example.Json), ["sample_size"] = 0 };
            var answer = await admin.Post($"{Lists.Groups}preview/", body);
            Assert.True((int)answer.Status == 200, $"{example.Name}: {answer.Text}");
        }
    }

    [Fact]
    [Trait("Database", "Any")]
    public void The_builder_knows_every_part_of_every_example() => Assert.All(
        RuleExample.All.SelectMany(example => RuleTree.Parse(example.Json).Parts),
        part => Assert.True(part is not RuleRaw && part.Unfinished(RuleVocabularies.Terms) is null, part.Path));
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>The rules of docs/api/segments.md match the customers that the page names.</summary>
public sealed partial class WorkingThroughTheExamples(ClienteleApp app)
{
    private static IReadOnlyList<(string Title, string Rule, string Matches)> Examples =>
    [
        .. Example().Matches(Story.Of("segments.md").Text.Replace("\r\n", "\n", StringComparison.Ordinal).Split("## Twenty rules")[1])
            .Select(match => (match.Groups["title"].Value, match.Groups["rule"].Value, match.Groups["who"].Value)),
    ];

    [Fact]
    public async Task Every_rule_matches_whom_the_page_says()
    {
        await using var world = await RuleWorld.BeginAsync(ExampleCast.Everybody);
        await world.GoToAsync(ExampleCast.Now);

        Assert.Equal(20, Examples.Count);
        foreach (var (title, rule, matches) in Examples)
        {
            var preview = (await world.PreviewAsync(JsonNode.Parse(rule)!)).Expect(200);
            var names = Preview.Ids(preview).Select(world.Known)
                .Where(customer => !customer.IsStaff).Select(customer => customer.Username)
                .Order(StringComparer.Ordinal);
            Assert.True(matches == string.Join(", ", names), $"{title}: the page says {matches}; the service {string.Join(", ", names)}");
        }
    }

    [Fact]
    [Trait("Database", "Any")]
    public void The_page_names_every_operator() => Assert.All(
        Clientele.Server.Rules.Operators.All,
        op => Assert.Matches($@"\b{op}\b", Story.Of("segments.md").Text));

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_page_lists_what_rules_can_be_about()
    {
        var vocabulary = (await (await app.FreshAdminAsync()).Get("/api/customers/groups/fields/")).Expect(200);
        var page = Story.Of("segments.md").Text.ReplaceLineEndings("\n");

        Assert.Contains(Table("Customers", vocabulary["fields"]), page, StringComparison.Ordinal);
        Assert.All(
            vocabulary["relations"].AsArray(),
            relation => Assert.Contains(Table($"`{relation!["name"]}`", relation["members"]!), page, StringComparison.Ordinal));
    }

    private static string Table(string title, JsonNode fields) =>
        $"### {title}\n\n| Name | Type | Is |\n|---|---|---|\n"
        + string.Concat(fields.AsArray().Select(field => $"| `{field!["name"]}` | {field["type"]}{Values(field)} | {field["description"]} |\n"))
        + "\n";

    private static string Values(JsonNode field) =>
        field["values"] is JsonArray values ? $": {string.Join(", ", values.Select(value => $"`{value}`"))}" : "";

    [GeneratedRegex(@"^### (?<title>[^\n]+)\n(?:(?!^###).)*?^```json\n(?<rule>.*?)^```\n\n(?<who>[^\n]+)\.$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}

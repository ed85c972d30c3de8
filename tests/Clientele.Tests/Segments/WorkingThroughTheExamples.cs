using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>The rules of docs/api/segments.md match whom the page says.</summary>
public sealed partial class WorkingThroughTheExamples
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
            var names = Preview.Ids(preview).Select(world.Known).Where(customer => !customer.IsStaff).Select(customer => customer.Username).Order(StringComparer.Ordinal);
            Assert.True(matches == string.Join(", ", names), $"{title}: the page says {matches}; the service {string.Join(", ", names)}");
        }
    }

    [Fact]
    [Trait("Database", "Any")]
    public void The_page_names_every_operator() => Assert.All(
        Clientele.Server.Segments.Operators.All,
        op => Assert.Matches($@"\b{op}\b", Story.Of("segments.md").Text));

    [GeneratedRegex(@"^### (?<title>[^\n]+)\n(?:(?!^###).)*?^```json\n(?<rule>.*?)^```\n\n(?<who>[^\n]+)\.$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}

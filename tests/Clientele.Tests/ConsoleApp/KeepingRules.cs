using System.Globalization;
using System.Text.Json;
using Clientele.ConsoleApp.Rules;
using Clientele.Tests.Segments;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The console's builder reads a rule as a tree, and writes it as it was.</summary>
[Trait("Database", "Any")]
public sealed class KeepingRules
{
    private const int Rules = 10_000;

    private static readonly IReadOnlyList<string> Drawn = [.. Draw()];

    [Fact]
    public void Random_rules_are_written_as_they_were_read() => Assert.All(Drawn, rule => Assert.Equal(rule, Written(rule)));

    [Fact]
    public void Every_random_rule_has_a_sentence() => Assert.All(Drawn, rule =>
    {
        var sentence = RuleSentence.Of(RuleTree.Parse(rule), RuleVocabularies.Terms, CultureInfo.InvariantCulture);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    });

    [Fact]
    public void No_part_of_a_random_rule_is_unknown_or_unfinished() => Assert.All(Drawn.Take(1000), rule => Assert.All(
        RuleTree.Parse(rule).Parts,
        part => Assert.True(part is not RuleRaw && part.Unfinished(RuleVocabularies.Terms) is null, $"{part.Path} in {rule}")));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"time_zone":"Europe/Berlin","v":1}""")]
    [InlineData("""{"all":[{"shape":"round","of":[1,null]},7,null,[],"text"]}""")]
    [InlineData("""{"all":{"not":"a list"}}""")]
    [InlineData("""{"all":[],"any":[]}""")]
    [InlineData("""{"note":"why","not":{"in_group":"five","hint":{"a":1.50}},"v":2}""")]
    [InlineData("""{"op":"later","value":{"unit":"fortnight","n":1e2,"extra":[]},"field":"total_spent","more":true}""")]
    [InlineData("""{"where":{"where":1},"related":"pets","within":7,"every":"yes","having":[],"at_least":-1}""")]
    [InlineData("""{"related":"orders","where":null}""")]
    [InlineData("""{"field":7}""")]
    public void What_is_not_understood_is_kept(string rule)
    {
        var tree = RuleTree.Parse(rule);

        Assert.Equal(rule, tree.ToJson().ToJsonString());
        Assert.NotEmpty(RuleSentence.Of(tree, RuleVocabularies.Terms, CultureInfo.InvariantCulture));
        Assert.NotEmpty(RuleSentence.Of(tree, RuleTerms.None, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"all":[],"all":[]}""")]
    [InlineData("""{"field":"email","op":"eq","value":"\ud800"}""")]
    public void What_is_not_JSON_is_refused(string text) => Assert.ThrowsAny<JsonException>(() => RuleTree.Parse(text));

    [Fact]
    public void A_pointer_finds_its_part_and_the_member_of_it()
    {
        var tree = RuleTree.Parse("""
            {"all":[{"not":{"field":"email","op":"eq","value":"a"}},
                    {"related":"orders","where":{"any":[{"field":"net","op":"gt","value":1}]},"within":{"on":"placed_at","last":{"n":1,"unit":"day"}}}]}
            """);

        Assert.All(tree.Parts, part => Assert.Same(part, tree.Locate(part.Path)!.Value.Part));
        Assert.Equal(["", "/all/0", "/all/0/not", "/all/1", "/all/1/where", "/all/1/where/any/0"], tree.Parts.Select(part => part.Path));
        Assert.Equal(("/all/0/not", "op"), Found("/all/0/not/op"));
        Assert.Equal(("/all/1", "within/last/n"), Found("/all/1/within/last/n"));
        Assert.Equal(("/all/1/where/any/0", "value"), Found("/all/1/where/any/0/value"));
        Assert.Equal(("", "all/7"), Found("/all/7"));

        (string, string) Found(string pointer) => tree.Locate(pointer) is var (part, inside) ? (part.Path, inside) : default;
    }

    private static IEnumerable<string> Draw()
    {
        var (chance, calendar) = (new Random(4), new Segments.Calendar(RuleWorld.LeapYear));
        var customers = new RandomCustomers(chance, calendar).Draw(20);
        var rules = new RandomRules(chance, customers, calendar.Asking[0], [3, 5]);
        return Enumerable.Range(0, Rules).Select(_ => rules.Draw(RuleSize.Any).ToJsonString());
    }

    private static string Written(string rule) => RuleTree.Parse(rule).ToJson().ToJsonString();
}

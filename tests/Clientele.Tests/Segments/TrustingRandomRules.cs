using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Checks that the random rules are useful: valid, about everything, and true for some customers and not for others.</summary>
[Trait("Database", "Any")]
public sealed class TrustingRandomRules
{
    private const int Customers = 40;
    private static readonly string[] NodeNames = ["all", "any", "none", "not", "field", "related", "in_group"];
    private static readonly string[] ListOperators = ["in", "not_in", "contains_any", "contains_all", "contains_none"];

    [Fact]
    public void They_hit_everything()
    {
        var words = new HashSet<string>();
        foreach (var (rule, _) in Drawn(200))
        {
            Note(rule, words);
        }

        Assert.Equal("", string.Join(", ", Everything().Except(words)));
    }

    [Fact]
    public void Most_tell_customers_apart()
    {
        var rules = Drawn(30).ToList();

        Assert.InRange(rules.Count(drawn => drawn.Matching is > 0 and < Customers), rules.Count * 8 / 10, rules.Count);
    }

    [Fact]
    public void They_keep_the_limits() => Assert.All(Drawn(50).Select(drawn => drawn.Rule), rule =>
    {
        var nodes = Objects(rule).Where(node => NodeNames.Any(node.ContainsKey)).ToList();
        Assert.InRange(nodes.Count, 1, 200);
        Assert.InRange(nodes.Count(node => node.ContainsKey("related")), 0, 5);
        Assert.InRange(nodes.Where(node => ListOperators.Contains((string?)node["op"])).Sum(node => node["value"]!.AsArray().Count), 0, 1000);
        Assert.InRange(Depth(rule), 1, 6);
    });

    [Fact]
    public void They_are_shortened_to_an_end()
    {
        foreach (var (drawn, _) in Drawn(3))
        {
            var rule = drawn;
            while (SimplerRules.Of(rule).LastOrDefault() is { } simpler)
            {
                Assert.True(simpler.ToJsonString().Length < rule.ToJsonString().Length);
                rule = simpler;
            }
        }
    }

    /// <summary>A number of rules for each instant, and how many customers each matches.</summary>
    private static IEnumerable<(JsonObject Rule, int Matching)> Drawn(int count)
    {
        var (chance, calendar) = (new Random(1), new Calendar(RuleWorld.LeapYear));
        var customers = new RandomCustomers(chance, calendar).Draw(Customers);
        foreach (var now in calendar.Asking)
        {
            var rules = new RandomRules(chance, customers, now, [0, 1]);
            for (var i = 0; i < count; i++)
            {
                var rule = rules.Next(RuleSize.Any);
                yield return (rule, customers.Count(customer => NaiveRules.Matches(rule, customer, now)));
            }
        }
    }

    /// <summary>All kinds of conditions: the operators for each type of field.</summary>
    private static IEnumerable<string> Everything() =>
    [
        .. Vocabulary.Fields.SelectMany(field => Vocabulary.Operators(field.Type)
            .Select(op => field.Type is MemberType.Metadata ? $"metadata {op}" : $"field {field.Name}")),
        .. Vocabulary.Relations.SelectMany(relation => relation.Value.Select(member => $"{relation.Key} {member.Name}")),
        .. Vocabulary.Fields.Concat(Vocabulary.Relations.Values.SelectMany(members => members))
            .SelectMany(member => Vocabulary.Operators(member.Type))
            .Select(op => $"op {op}"),
        .. Vocabulary.Aggregates.Select(aggregate => $"agg {aggregate}"),
        .. Vocabulary.Units.SelectMany(unit => new[] { $"value {unit}", $"last {unit}" }),
        .. new[]
        {
            "all", "any", "none", "not", "in_group", "where", "within", "last", "between", "having", "at_least", "at_most", "exactly",
            "no_rows", "every", "time_zone", "v",
        },
    ];

    private static void Note(JsonNode? node, HashSet<string> words, string relation = "")
    {
        if (node is JsonArray children)
        {
            children.ToList().ForEach(child => Note(child, words, relation));
        }
        else if (node is JsonObject members)
        {
            relation = (string?)node["related"] ?? relation;
            foreach (var (name, value) in members)
            {
                words.Add(name);
                words.Add($"{name} {(value is JsonValue ? value : (value as JsonObject)?["unit"])}");
                Note(value, words, relation);
            }

            if ((string?)node["field"] is { } field)
            {
                words.Add(
                    relation.Length > 0 ? $"{relation} {field}"
                    : field.StartsWith("metadata.", StringComparison.Ordinal) ? $"metadata {node["op"]}"
                    : $"field {field}");
            }
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Objects),
        JsonObject members => members.SelectMany(member => Objects(member.Value)).Prepend(members),
        _ => [],
    };

    private static int Depth(JsonNode node) =>
        1 + NaiveRules.Children(node).Concat(node["where"] is { } where ? [where] : []).Select(Depth).DefaultIfEmpty().Max();
}

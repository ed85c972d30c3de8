using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Compares the service's explanation of a rule with the interpreter's.</summary>
internal static class Explaining
{
    /// <summary>The difference, or null.</summary>
    public static async Task<string?> ComplaintAsync(RuleWorld world, JsonObject rule, IReadOnlyList<long> customers)
    {
        foreach (var answer in await world.ExplainAsync(rule, customers))
        {
            var customer = world.Known((long)answer["customer"]);
            var expected = string.Join('\n', Lines(rule, customer, world.Now).Prepend($"{customer.Username} {NaiveRules.Matches(rule, customer, world.Now)}"));
            var found = string.Join('\n', Lines(answer["tree"]).Prepend($"{customer.Username} {(bool)answer["matches"]}"));
            if (expected != found)
            {
                return $"explained\n{found}\n  and right is\n{expected}";
            }
        }

        return null;
    }

    private static IEnumerable<string> Lines(JsonNode node) =>
        node["children"]!.AsArray().SelectMany(child => Lines(child!)).Prepend(Line((string)node["path"]!, (bool)node["matches"]!, (bool)node["decides"]!));

    /// <summary>A node decides if the result of the rule changes when the node is replaced by its negation.</summary>
    private static IEnumerable<string> Lines(JsonObject rule, ModelCustomer customer, DateTime now)
    {
        var whole = NaiveRules.IsTrue(rule, customer, now);
        return NaiveRules.Nodes(rule, (string?)rule["time_zone"]).Zip(Paths(rule, ""), (node, path) =>
            Line(path, NaiveRules.IsTrue(node, customer, now), NaiveRules.IsTrue(Turned(rule, path), customer, now) != whole));
    }

    private static string Line(string path, bool matches, bool decides) => $"{path} {matches} {(decides ? "decides" : "")}";

    private static IEnumerable<string> Paths(JsonNode node, string path)
    {
        var below = node["not"] is { } child ? [($"{path}/not", child)]
            : NaiveRules.Children(node).Select((one, i) => (
                Path: string.Create(CultureInfo.InvariantCulture, $"{path}/{node.AsObject().First(member => member.Value is JsonArray).Key}/{i}"),
                Child: one));
        return below.SelectMany(one => Paths(one.Item2, one.Item1)).Prepend(path);
    }

    private static JsonObject Turned(JsonObject rule, string path)
    {
        var turned = new JsonObject { ["not"] = rule.DeepClone() };
        var (parent, last) = ((JsonNode)turned, "not");
        foreach (var step in path.Split('/').Skip(1))
        {
            (parent, last) = (Step(parent, last), step);
        }

        var node = Step(parent, last);
        if (path.Length > 0)
        {
            var negated = new JsonObject { ["not"] = node.DeepClone() };
            if (parent is JsonArray array)
            {
                array[int.Parse(last, CultureInfo.InvariantCulture)] = negated;
            }
            else
            {
                parent[last] = negated;
            }

            turned = turned["not"]!.DeepClone().AsObject();
        }
        else if (rule["time_zone"] is { } zone)
        {
            turned["time_zone"] = zone.DeepClone();
        }

        return turned;
    }

    private static JsonNode Step(JsonNode at, string step) => at is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step]!;
}

using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Shortens rules, so that a wrong rule is reported as its smallest wrong part.</summary>
internal static class SimplerRules
{
    private static readonly string[] Lists = ["all", "any", "none"];
    private static readonly string[] Counts = ["having", "at_least", "at_most", "exactly", "no_rows", "every"];

    /// <summary>The rules with one part less. Each is valid if the rule is.</summary>
    public static IEnumerable<JsonObject> Of(JsonObject rule)
    {
        var (zone, body) = (rule["time_zone"], rule.DeepClone().AsObject());
        body.Remove("time_zone");
        body.Remove("v");
        foreach (var simpler in Simpler(body))
        {
            if (zone is not null)
            {
                simpler["time_zone"] = zone.DeepClone();
            }

            yield return simpler;
        }

        if (zone is not null)
        {
            yield return body;
        }
    }

    private static IEnumerable<JsonObject> Simpler(JsonObject node)
    {
        foreach (var child in NaiveRules.Children(node))
        {
            yield return child.DeepClone().AsObject();
        }

        foreach (var list in Lists.Where(list => node[list] is not null))
        {
            foreach (var simpler in Shorter(node[list]!.AsArray()))
            {
                yield return With(node, list, simpler);
            }
        }

        foreach (var below in new[] { "not", "where" }.Where(below => node[below] is not null))
        {
            foreach (var simpler in Simpler(node[below]!.AsObject()))
            {
                yield return With(node, below, simpler);
            }
        }

        foreach (var less in Counts.Append("where").Append("within").Where(less => node["related"] is not null && node[less] is not null))
        {
            var without = node.DeepClone().AsObject();
            without.Remove(less);
            yield return without;
        }

        if ((string?)node["op"] is "in" or "not_in" or "contains_any" or "contains_all" or "contains_none")
        {
            foreach (var half in node["value"]!.AsArray() is { Count: > 1 } values ? values.Chunk((values.Count + 1) / 2) : [])
            {
                yield return With(node, "value", new JsonArray([.. half.Select(value => value!.DeepClone())]));
            }
        }
    }

    private static IEnumerable<JsonArray> Shorter(JsonArray children)
    {
        for (var i = 0; i < children.Count; i++)
        {
            var less = children.DeepClone().AsArray();
            less.RemoveAt(i);
            yield return less;
            foreach (var simpler in Simpler(children[i]!.AsObject()))
            {
                var other = children.DeepClone().AsArray();
                other[i] = simpler;
                yield return other;
            }
        }
    }

    private static JsonObject With(JsonObject node, string member, JsonNode value)
    {
        var other = node.DeepClone().AsObject();
        other[member] = value;
        return other;
    }
}

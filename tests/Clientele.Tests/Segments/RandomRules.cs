using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>The maximum size of a random rule.</summary>
internal sealed record RuleSize(int Nodes, int Depth)
{
    public static readonly RuleSize Any = new(40, 6);

    /// <summary>Small enough that every node can also be put below another one.</summary>
    public static readonly RuleSize Small = new(12, 5);
}

/// <summary>Random rules, all of them valid, about existing customers.</summary>
internal sealed class RandomRules(Random chance, IReadOnlyCollection<ModelCustomer> customers, DateTime now, IReadOnlyList<long> groups)
{
    private const int MostRelated = 5;
    private const int Attempts = 6;

    private readonly RandomValues _values = new(chance, customers, now);
    private int _nodes;
    private int _related;

    /// <summary>A rule, usually one that some customers match and others do not.</summary>
    public JsonObject Next(RuleSize size)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rule = Draw(size);
            var matching = customers.Count(customer => NaiveRules.Matches(rule, customer, now));
            if (attempt == Attempts || chance.Next(10) == 0 || (matching > 0 && matching < customers.Count(customer => customer.IsActive)))
            {
                return rule;
            }
        }
    }

    /// <summary>Any random rule.</summary>
    public JsonObject Draw(RuleSize size)
    {
        (_nodes, _related) = (size.Nodes, MostRelated);
        var root = Node(size.Depth);
        if (chance.Next(10) < 7)
        {
            root["time_zone"] = Of(Calendar.Zones);
        }

        if (chance.Next(5) == 0)
        {
            root["v"] = 1;
        }

        // Parse it as sent: nodes created in memory remember types that JSON does not have.
        return JsonNode.Parse(root.ToJsonString())!.AsObject();
    }

    private JsonObject Node(int depth)
    {
        _nodes--;
        return chance.Next(20) switch
        {
            < 6 when depth > 1 && _nodes > 0 => Boolean(depth, Node),
            < 13 when _related > 0 => Related(depth),
            13 => new() { ["in_group"] = Of(groups) },

            // Metadata stands for many fields, and has the operators of most of them.
            14 => _values.ConditionOn("", Vocabulary.Fields.Single(field => field.Type is MemberType.Metadata)),
            _ => _values.ConditionOn("", Of(Vocabulary.Fields)),
        };
    }

    private JsonObject Boolean(int depth, Func<int, JsonObject> child)
    {
        if (chance.Next(5) == 0)
        {
            return new() { ["not"] = child(depth - 1) };
        }

        var children = new JsonArray();
        for (var left = chance.Next(15) == 0 ? 0 : chance.Next(1, 5); left > 0 && _nodes > 0; left--)
        {
            children.Add(child(depth - 1));
        }

        return new() { [Of(["all", "any", "any", "none"])] = children };
    }

    private JsonObject Related(int depth)
    {
        _related--;
        var relation = Of([.. Vocabulary.Relations.Keys]);
        var node = new JsonObject { ["related"] = relation };
        if (depth > 1 && _nodes > 0 && chance.Next(10) < 7)
        {
            node["where"] = Where(relation, depth - 1);
        }

        if (chance.Next(10) < 4 && Vocabulary.Relations[relation].FirstOrDefault(member => member.Type is MemberType.Instant) is { } on)
        {
            node["within"] = chance.Next(3) == 0
                ? new JsonObject { ["on"] = on.Name, ["between"] = _values.Between(relation, on.Name) }
                : new JsonObject { ["on"] = on.Name, ["last"] = _values.Window(relation, on.Name, Vocabulary.Units) };
        }

        Count(node, relation);
        return node;
    }

    private JsonObject Where(string relation, int depth)
    {
        _nodes--;
        return chance.Next(10) < 4 && depth > 1 && _nodes > 0
            ? Boolean(depth, below => Where(relation, below))
            : _values.ConditionOn(relation, Of(Vocabulary.Relations[relation]));
    }

    private void Count(JsonObject node, string relation)
    {
        switch (chance.Next(12))
        {
            case 0:
                node["at_least"] = chance.Next(0, 4);
                break;
            case 1:
                node["at_most"] = chance.Next(0, 3);
                break;
            case 2:
                node["exactly"] = chance.Next(0, 4);
                break;
            case 3:
                node["no_rows"] = true;
                break;
            case 4 or 5:
                node["every"] = true;
                break;
            case < 9:
                node["having"] = Having(relation);
                break;
            default:
                break;
        }
    }

    private JsonObject Having(string relation)
    {
        var aggregate = Of(Vocabulary.Aggregates);
        var members = Vocabulary.Relations[relation].Where(member => aggregate switch
        {
            "count" or "count_distinct" => true,
            "sum" or "avg" => member.Type is MemberType.Number or MemberType.Money,
            _ => member.Type is MemberType.Number or MemberType.Money or MemberType.Instant,
        }).ToArray();
        if (members.Length == 0 || (aggregate == "count" && chance.Next(2) == 0))
        {
            return Counted("count", null);
        }

        var of = Of(members);
        if (aggregate is "count" or "count_distinct")
        {
            return Counted(aggregate, of.Name);
        }

        var operators = Vocabulary.Operators(of.Type);
        var condition = _values.Condition(relation, of, Of(aggregate == "sum" ? operators[2..] : operators));
        condition.Insert(0, "agg", aggregate);
        condition.Insert(1, "of", of.Name);
        return condition;
    }

    private JsonObject Counted(string aggregate, string? of)
    {
        var op = Of(Vocabulary.Operators(MemberType.Number)[2..]);
        var (least, more) = (chance.Next(0, 4), chance.Next(0, 3));
        var having = new JsonObject { ["agg"] = aggregate };
        if (of is not null)
        {
            having["of"] = of;
        }

        having["op"] = op;
        having["value"] = op is "between" or "not_between" ? new JsonArray(least, least + more) : least;
        return having;
    }

    private T Of<T>(IReadOnlyList<T> pool) => pool[chance.Next(pool.Count)];
}

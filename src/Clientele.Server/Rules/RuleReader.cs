namespace Clientele.Server.Rules;

/// <summary>
/// Parses a rule. It reports all errors at once, each at its place (a JSON pointer) and with what is allowed there; the result is then null.
/// </summary>
internal sealed class RuleReader(IReadOnlyList<string> tiers, Errors errors)
{
    private const int MostNodes = 200;
    private const int MostDepth = 6;
    private const int MostRelations = 5;
    private const int MostValues = 1000;

    private static readonly string[] Kinds = ["all", "any", "none", "not", "field", "related", "in_group"];
    private static readonly string[] Counts = ["at_least", "at_most", "exactly", "no_rows", "every", "having"];

    private int _nodes;
    private int _relations;
    private int _values;

    public IReadOnlyList<string> Tiers => tiers;

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public Node? Root(JsonElement rule, string pointer)
    {
        if (rule.ValueKind == JsonValueKind.Object)
        {
            var zone = rule.TryGetProperty("time_zone", out var name) ? FindZone(name) : TimeZoneInfo.Utc;
            errors.Require(zone is not null, pointer + "/time_zone", "Must be the name of an IANA time zone, such as Europe/Berlin.");
            Zone = zone ?? TimeZoneInfo.Utc;
            var isKnownVersion = !rule.TryGetProperty("v", out var version) || Whole(version, 1, 1) is not null;
            errors.Require(isKnownVersion, pointer + "/v", "Must be 1, the only version.");
        }

        var node = Read(rule, pointer, depth: 1, relation: null, root: true);
        errors.Require(_nodes <= MostNodes, pointer, $"A rule can have at most {MostNodes} nodes; this one has {_nodes}.");
        errors.Require(_relations <= MostRelations, pointer, $"A rule can have at most {MostRelations} related nodes; this one has {_relations}.");
        errors.Require(_values <= MostValues, pointer, $"The lists of a rule can have at most {MostValues} values together; these have {_values}.");
        return errors.Any ? null : node;
    }

    /// <summary>The one value of a comparison, or the values of a list. Null if one is wrong.</summary>
    public IReadOnlyList<object>? List(Operator op, JsonElement value, string pointer, string expected, Func<JsonElement, object?> read)
    {
        if (op is not (Operator.In or Operator.ContainsAny or Operator.ContainsAll))
        {
            var hint = value.ValueKind == JsonValueKind.Null ? "; for customers without a value use is_missing" : "";
            return read(value) is { } one ? [one] : Fail<IReadOnlyList<object>>(pointer, $"Must be {expected}{hint}.");
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Fail<IReadOnlyList<object>>(pointer, $"Must be a list; each element must be {expected}.");
        }

        if ((_values += value.GetArrayLength()) > MostValues)
        {
            return null;
        }

        object?[] values = [.. value.EnumerateArray().Select(read)];
        foreach (var (i, _) in values.Index().Where(one => one.Item is null))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"), $"Must be {expected}.");
        }

        return values.Contains(null) ? null : [.. values.OfType<object>()];
    }

    /// <summary>The two bounds of a between.</summary>
    public (object From, object To)? Pair(JsonElement value, string pointer, string expected, Func<JsonElement, object?> read)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2 || read(value[0]) is not { } from || read(value[1]) is not { } to)
        {
            errors.Add(pointer, $"Must be a list of two, from and to, each {expected}.");
            return null;
        }

        if (((IComparable)from).CompareTo(to) > 0)
        {
            errors.Add(pointer, "The first must not be greater than the second.");
            return null;
        }

        return (from, to);
    }

    /// <summary>A number of units of time, such as <c>{"n": 90, "unit": "day"}</c>.</summary>
    public Span? Span(JsonElement value, string pointer, bool calendar = false)
    {
        var units = calendar ? Rules.Span.Units[3..] : Rules.Span.Units;
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add(pointer, """Must be a length of time, such as {"n": 90, "unit": "day"}.""");
            return null;
        }

        Unknown(value, pointer, ["n", "unit"]);
        var count = value.TryGetProperty("n", out var n) ? Whole(n, 1, Rules.Span.Most) : null;
        var unit = Text(value, "unit");
        errors.Require(count is not null, pointer + "/n", $"Must be a whole number from 1 to {Rules.Span.Most}.");
        errors.Require(units.Contains(unit), pointer + "/unit", $"Must be one of {string.Join(", ", units)}.");
        return count is { } known && units.Contains(unit) ? new Span((int)known, unit) : null;
    }

    public T? Fail<T>(string pointer, string message)
        where T : class
    {
        errors.Add(pointer, message);
        return null;
    }

    /// <summary>The operator and value of a condition, or of an aggregate's comparison.</summary>
    public (T Value, bool Negated)? Comparison<T>(JsonElement json, IReadOnlyList<string> known, string pointer, Func<Operator, JsonElement, string, T?> read)
        where T : class
    {
        var name = Text(json, "op");
        if (!known.Contains(name))
        {
            errors.Add(pointer + "/op", $"Must be one of {string.Join(", ", known)}.");
            return null;
        }

        var (positive, negated) = Operators.Of(name);
        var hasValue = json.TryGetProperty("value", out var value);
        if (hasValue == (positive == Operator.IsSet))
        {
            errors.Add(pointer + "/value", hasValue ? $"{name} takes no value." : $"{name} needs a value.");
            return null;
        }

        return read(positive, value, pointer + "/value") is { } test ? (test, negated) : null;
    }

    /// <summary>Refuses members that are not known.</summary>
    public void Unknown(JsonElement json, string pointer, IReadOnlyList<string> known)
    {
        foreach (var property in json.EnumerateObject().TakeWhile(_ => !errors.IsFull).Where(property => !known.Contains(property.Name)))
        {
            var name = property.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            errors.Add($"{pointer}/{name}", $"Unknown member; known are {string.Join(", ", known)}.");
        }
    }

    public static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    /// <summary>The text of a member; empty if there is none.</summary>
    public static string Text(JsonElement json, string member) => json.TryGetProperty(member, out var value) ? Text(value) ?? "" : "";

    public static long? Whole(JsonElement json, long least, long most) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number) && number >= least && number <= most ? number : null;

    private Node? Read(JsonElement json, string pointer, int depth, Relation? relation, bool root = false)
    {
        if (++_nodes > MostNodes || Kind(json, pointer, depth, root) is not { } kind)
        {
            return null;
        }

        var at = $"{pointer}/{kind}";
        var value = json.GetProperty(kind);
        switch (kind)
        {
            case "field":
                return Condition(json, pointer, relation);
            case "not":
                return Read(value, at, depth + 1, relation) is { } child ? new None([child]) { Pointer = pointer } : null;
            case "related" or "in_group" when relation is not null:
                return Fail<Node>(at, "A where can contain conditions and boolean nodes only.");
            case "related":
                return Related(json, pointer, depth);
            case "in_group":
                var id = Whole(value, long.MinValue, long.MaxValue);
                return id is null ? Fail<Node>(at, "Must be the id of a group.") : new InGroup(id.Value) { Pointer = pointer };
        }

        return Children(value, at, depth, relation) is not { } children ? null : kind switch
        {
            "all" => new All(children) { Pointer = pointer },
            "any" => new Any(children) { Pointer = pointer },
            _ => new None(children) { Pointer = pointer },
        };
    }

    /// <summary>The member that says what the node is.</summary>
    private string? Kind(JsonElement json, string pointer, int depth, bool root)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Fail<string>(pointer, $"Must be a node: an object with one of {string.Join(", ", Kinds)}.");
        }

        if (depth > MostDepth)
        {
            return Fail<string>(pointer, $"A rule can be at most {MostDepth} nodes deep.");
        }

        string[] kinds = [.. Kinds.Where(kind => json.TryGetProperty(kind, out _))];
        if (kinds.Length != 1)
        {
            var found = kinds.Length == 0 ? "none" : string.Join(", ", kinds);
            return Fail<string>(pointer, $"A node must have exactly one of {string.Join(", ", Kinds)}; this one has {found}.");
        }

        string[] more = kinds[0] switch { "field" => ["op", "value"], "related" => ["where", "within", .. Counts], _ => [] };
        string[] ofRoot = root ? ["time_zone", "v"] : [];
        Unknown(json, pointer, [.. kinds, .. more, .. ofRoot]);
        return kinds[0];
    }

    private List<Node>? Children(JsonElement list, string pointer, int depth, Relation? relation)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return Fail<List<Node>>(pointer, "Must be a list of nodes.");
        }

        var children = new List<Node>();
        foreach (var (i, element) in list.EnumerateArray().Index())
        {
            if (Read(element, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"), depth + 1, relation) is { } node)
            {
                children.Add(node);
            }

            if (_nodes > MostNodes)
            {
                _nodes += list.GetArrayLength() - i - 1;
                break;
            }
        }

        return children;
    }

    private Condition? Condition(JsonElement json, string pointer, Relation? relation)
    {
        var name = Text(json, "field");
        if ((relation is null ? Vocabulary.Find(name) : relation.Member(name)) is not { } field)
        {
            var known = relation is null
                ? Vocabulary.Fields.Select(known => known.Name).Append("metadata.<key>")
                : relation.Members.Select(member => member.Name);
            return Fail<Condition>(pointer + "/field", $"Must be one of {string.Join(", ", known)}.");
        }

        var found = Comparison(json, field.Operators, pointer, (op, value, at) => op == Operator.IsSet ? field.Presence : field.Read(op, value, this, at));
        return found is var (test, negated) ? new Condition(field, test, negated) { Pointer = pointer } : null;
    }

    private Related? Related(JsonElement json, string pointer, int depth)
    {
        _relations++;
        if (Vocabulary.Relation(Text(json, "related")) is not { } relation)
        {
            return Fail<Related>(pointer + "/related", $"Must be one of {string.Join(", ", Vocabulary.Relations.Select(known => known.Name))}.");
        }

        var counts = Counts.Where(count => json.TryGetProperty(count, out _)).ToList();
        if (counts.Count > 1)
        {
            return Fail<Related>($"{pointer}/{counts[1]}", $"A related node can have at most one of {string.Join(", ", Counts)}.");
        }

        var where = json.TryGetProperty("where", out var condition) ? Read(condition, pointer + "/where", depth + 1, relation) : null;
        var within = json.TryGetProperty("within", out var window) ? Window(window, pointer + "/within", relation) : null;
        var (having, negated) = counts.Count == 0
            ? (HavingReader.AnyRow, false)
            : new HavingReader(this).Read(json.GetProperty(counts[0]), counts[0], $"{pointer}/{counts[0]}", relation);
        return having is null || (where is null && json.TryGetProperty("where", out _))
            ? null
            : new Related(relation, where, within, having, negated) { Pointer = pointer };
    }

    private IntervalPredicate? Window(JsonElement json, string pointer, Relation relation)
    {
        string[] instants = [.. relation.Members.Where(member => member.Type == FieldType.Instant).Select(member => member.Name)];
        if (json.ValueKind != JsonValueKind.Object || instants.Length == 0)
        {
            return Fail<IntervalPredicate>(pointer, instants.Length == 0
                ? $"{relation.Name} have no instant for a window."
                : """Must be a window, such as {"on": "placed_at", "last": {"n": 90, "unit": "day"}}.""");
        }

        Unknown(json, pointer, ["on", "last", "between"]);
        var on = Text(json, "on");
        if (!instants.Contains(on))
        {
            return Fail<IntervalPredicate>(pointer + "/on", $"Must be {string.Join(" or ", instants)}.");
        }

        var (hasLast, hasBetween) = (json.TryGetProperty("last", out var last), json.TryGetProperty("between", out var between));
        if (hasLast == hasBetween)
        {
            return Fail<IntervalPredicate>(pointer, "A window must have exactly one of last and between.");
        }

        var bounds = hasLast
            ? Bounds.Read(FieldType.Instant, Operator.WithinLast, last, this, pointer + "/last")
            : Bounds.Read(FieldType.Instant, Operator.Between, between, this, pointer + "/between");
        return bounds is null ? null : new IntervalPredicate(relation.Member(on)!, bounds);
    }

    private static TimeZoneInfo? FindZone(JsonElement json) =>
        Text(json) is { } name && (name == "UTC" || name.Contains('/', StringComparison.Ordinal))
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}

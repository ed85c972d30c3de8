using System.Text.Json.Nodes;

namespace Clientele.Server.Rules;

/// <summary>
/// Explains a rule, node by node, for one customer. The database decides which nodes are true, with the same expressions that decide membership.
/// </summary>
internal sealed class Explanation(ClienteleDb db, Rule rule, Customer customer, DateTime now)
{
    private readonly RuleContext _moment = rule.At(db, now);
    private Dictionary<Node, bool> _truth = [];
    private JsonElement _profile;

    public async Task<ExplainedNode> RunAsync(JsonElement json, CancellationToken cancellationToken)
    {
        var nodes = Deciding(rule.Root).ToList();
        var who = Expression.Parameter(typeof(Customer), "c");
        var truths = Expression.Lambda<Func<Customer, bool[]>>(Expression.NewArrayInit(typeof(bool), nodes.Select(node => node.Holds(who, _moment))), who);
        var answers = await db.Customers.Where(c => c.Id == customer.Id).Select(truths).SingleAsync(cancellationToken);
        _truth = nodes.Zip(answers).ToDictionary(ReferenceEqualityComparer.Instance);
        var tags = await db.CustomerTags.Where(t => t.CustomerId == customer.Id).OrderBy(t => t.TagKey).Select(t => t.Tag).ToListAsync(cancellationToken);
        _profile = JsonSerializer.SerializeToElement(customer.ToResponse([], [], tags), Wire.For<CustomerResponse>(admin: true));
        return await NodeAsync(rule.Root, json, cancellationToken);
    }

    /// <summary>The nodes that are true or false for the customer; the nodes of a <c>where</c> are so for rows.</summary>
    private static IEnumerable<Node> Deciding(Node node) => node is Related ? [node] : node.Children.SelectMany(Deciding).Prepend(node);

    private async Task<ExplainedNode> NodeAsync(Node node, JsonElement json, CancellationToken cancellationToken)
    {
        var children = new List<ExplainedNode>();
        foreach (var child in node is Related ? [] : node.Children)
        {
            children.Add(await NodeAsync(child, json, cancellationToken));
        }

        var own = Own(At(json, node.Pointer), node);
        var actual = node switch
        {
            Condition condition => new JsonObject { ["value"] = Actual(condition.Field) },
            Related related => await ActualAsync(related, cancellationToken),
            _ => null,
        };
        return new ExplainedNode
        {
            Path = node.Pointer,
            Node = JsonSerializer.SerializeToElement(own, WireJson.Default.JsonObject),
            Matches = _truth[node],
            Actual = actual is null ? null : JsonSerializer.SerializeToElement(actual, WireJson.Default.JsonObject),
            Decides = Root(flipped: node) != _truth[rule.Root],
            Flip = children.Count > 0 ? null : Flip(node, own, actual),
            Children = children,
        };
    }

    private string Flip(Node node, JsonObject own, JsonObject? actual)
    {
        var would = _truth[node] ? "would no longer have to" : "would have to";
        var asked = own["value"] is null ? $"{own["op"]}" : $"{own["op"]} {Text(own["value"])}";
        var present = node is Condition ? Text(actual!["value"]) : Text(actual);
        return node switch
        {
            Condition { Predicate.DependsOnTime: true } condition =>
                $"{condition.Field.Name} {would} satisfy {asked}; it is {present}, and time alone can change it.",
            Condition condition => $"{condition.Field.Name} {would} satisfy {asked}; it is {present}.",
            InGroup group => string.Create(CultureInfo.InvariantCulture, $"The customer {would} be a member of group {group.Id}."),
            Related related => $"The customer's {related.Relation.Name} {would} satisfy the node; the node finds {present}.",
            _ => "Nothing can change it: it contains no nodes.",
        };
    }

    private static string Text(JsonNode? value) => value is null ? "missing" : value.ToJsonString(Wire.ForAdmins);

    /// <summary>The result of the whole rule if one node had the opposite result.</summary>
    private bool Root(Node flipped)
    {
        return Value(rule.Root);

        bool Value(Node node)
        {
            var value = node switch
            {
                All => node.Children.All(Value),
                Any => node.Children.Any(Value),
                None => !node.Children.Any(Value),
                _ => _truth[node],
            };
            return node == (object)flipped ? !value : value;
        }
    }

    private JsonNode? Actual(Field field) => field.Name switch
    {
        "email_domain" => customer.EmailDomain,
        "age" => customer.DateOfBirth is { } born ? _moment.Calendar.Age(born) : null,
        _ when field is MetadataField metadata => Of(_profile.GetProperty("metadata"), metadata.Key),
        _ when field is AverageField && customer.TotalOrders == 0 => null,
        _ => Of(_profile, field.Name),
    };

    private static JsonNode? Of(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? JsonNode.Parse(value.GetRawText()) : null;

    /// <summary>The number of rows, and the value that is compared.</summary>
    private async Task<JsonObject> ActualAsync(Related related, CancellationToken cancellationToken)
    {
        var rows = related.RowsOf(Expression.Constant(customer), _moment);
        var values = await rows.Values(db, related.Having.Member).TagWith("scatter: the rows that a rule looks at").ToListAsync(cancellationToken);
        var actual = new JsonObject { ["rows"] = values.Count };
        if (related.Having.Member is { } member && related.Having.Name is { } name)
        {
            actual[name] = related.Having.Actual([.. values.Where(value => value is not null).Select(value => value!)]) switch
            {
                DateTime instant => JsonSerializer.SerializeToNode(instant, WireJson.Default.DateTime),
                decimal number when member.Type == FieldType.Money && name != "count_distinct" => (number / 100).ToString("0.00", CultureInfo.InvariantCulture),
                decimal number => number,
                _ => null,
            };
        }

        return actual;
    }

    private static JsonElement At(JsonElement json, string pointer) => pointer.Split('/').Skip(1).Aggregate(
        json, (at, step) => at.ValueKind == JsonValueKind.Array ? at[int.Parse(step, CultureInfo.InvariantCulture)] : at.GetProperty(step));

    /// <summary>The node without its children.</summary>
    private static JsonObject Own(JsonElement json, Node node)
    {
        var own = JsonObject.Create(json)!;
        foreach (var member in node.Children.Count > 0 && node is not Related ? own.Select(member => member.Key).Except(["v", "time_zone"]).ToList() : [])
        {
            own[member] = member == "not" ? new JsonObject() : new JsonArray();
        }

        return own.DeepClone().AsObject();
    }
}

using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>Errors in a rule are reported at their place, with what is allowed there.</summary>
public sealed class RefusingRules(ClienteleApp app)
{
    private const string Root = "/assignment_rules";

    public static TheoryData<string, string, string> Wrong => new()
    {
        { """{}""", "", "exactly one of all, any" },
        { """{"all": [], "any": []}""", "", "this one has all, any" },
        { """{"all": {}}""", "/all", "list of nodes" },
        { """{"all": [7]}""", "/all/0", "Must be a node" },
        { """{"all": [{"not": {"field": "nothing", "op": "eq", "value": 1}}]}""", "/all/0/not/field", "total_spent" },
        { """{"field": "is_vip", "op": "gt", "value": true}""", "/op", "eq, ne, in" },
        { """{"field": "is_vip", "op": "eq"}""", "/value", "needs a value" },
        { """{"field": "phone", "op": "is_set", "value": true}""", "/value", "takes no value" },
        { """{"field": "phone", "op": "eq", "value": null}""", "/value", "is_missing" },
        { """{"field": "phone", "op": "eq", "value": " "}""", "/value", "1 to 1000 characters" },
        { """{"field": "phone", "op": "in", "value": ["1", 2]}""", "/value/1", "text" },
        { """{"field": "is_vip", "op": "eq", "value": true, "valeu": 1}""", "/valeu", "known are field, op, value" },
        { """{"field": "is_vip", "op": "eq", "value": true, "a/b~c": 1}""", "/a~1b~0c", "known are" },
        { """{"field": "total_spent", "op": "gte", "value": "10.001"}""", "/value", "12.50" },
        { """{"field": "total_orders", "op": "between", "value": [3, 1]}""", "/value", "first must not be greater" },
        { """{"field": "total_orders", "op": "between", "value": [3]}""", "/value", "from and to" },
        { """{"field": "date_joined", "op": "gte", "value": "yesterday"}""", "/value", "2025-10-01T12:00:00Z" },
        { """{"field": "date_joined", "op": "within_last", "value": {"n": 0, "unit": "day"}}""", "/value/n", "from 1 to 10000" },
        { """{"field": "date_joined", "op": "within_last", "value": {"n": 1, "unit": "fortnight"}}""", "/value/unit", "second, minute" },
        { """{"field": "date_of_birth", "op": "within_last", "value": {"n": 1, "unit": "hour"}}""", "/value/unit", "day, week, month, year" },
        { """{"field": "loyalty_tier", "op": "eq", "value": "diamond"}""", "/value", "bronze, silver, gold, platinum" },
        { """{"in_group": 999999999}""", "/in_group", "no such group" },
        { """{"in_group": "VIPs"}""", "/in_group", "id of a group" },
        { """{"related": "carts"}""", "/related", "orders, order_lines" },
        { """{"related": "orders", "where": {"in_group": 1}}""", "/where/in_group", "conditions and boolean nodes only" },
        { """{"related": "orders", "where": {"field": "rating", "op": "eq", "value": 1}}""", "/where/field", "placed_at" },
        { """{"related": "orders", "within": {"on": "total", "last": {"n": 1, "unit": "day"}}}""", "/within/on", "placed_at" },
        { """{"related": "orders", "within": {"on": "placed_at"}}""", "/within", "exactly one of last and between" },
        { """{"related": "addresses", "within": {"on": "created_at", "last": {"n": 1, "unit": "day"}}}""", "/within", "no instant" },
        { """{"related": "orders", "at_least": 1, "exactly": 2}""", "/exactly", "at most one of" },
        { """{"related": "orders", "at_least": -1}""", "/at_least", "from 0" },
        { """{"related": "orders", "every": false}""", "/every", "true" },
        { """{"related": "orders", "having": {"agg": "median", "of": "net", "op": "gt", "value": 1}}""", "/having/agg", "count_distinct" },
        { """{"related": "orders", "having": {"agg": "sum", "of": "status", "op": "gt", "value": 1}}""", "/having/of", "total, refunded, net" },
        { """{"related": "orders", "having": {"agg": "sum", "op": "gt", "value": 1}}""", "/having/of", "total, refunded, net" },
        { """{"related": "orders", "having": {"agg": "count", "op": "contains", "value": 1}}""", "/having/op", "eq, ne, lt" },
        { """{"time_zone": "Berlin", "all": []}""", "/time_zone", "Europe/Berlin" },
        { """{"v": 2, "all": []}""", "/v", "1" },
        { """{"all": [{"v": 1, "all": []}]}""", "/all/0/v", "known are all" },
        { Nested(7), "/not/not/not/not/not/not", "6 nodes deep" },
        { $$"""{"any": [{{Repeated(200, """{"all": []}""")}}]}""", "", "at most 200 nodes" },
        { $$"""{"any": [{{Repeated(6, """{"related": "orders"}""")}}]}""", "", "at most 5 related" },
        { $$"""{"field": "username", "op": "in", "value": [{{Repeated(1001, "\"x\"")}}]}""", "", "at most 1000 values" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task It_says_where_and_what_would_be_right(string rule, string place, string says)
    {
        var admin = await app.AdminAsync();

        var rules = new JsonObject { ["assignment_rules"] = JsonNode.Parse(rule) };
        var preview = (await admin.Post(Lists.Groups + "preview/", rules)).ExpectProblem(400, Root + place);
        Assert.Contains(says, (string)preview["errors"][Root + place]![0]!, StringComparison.Ordinal);

        if (rule != "{}")
        {
            var body = new JsonObject { ["name"] = $"Wrong {Guid.NewGuid()}", ["auto_assign"] = true, ["assignment_rules"] = JsonNode.Parse(rule) };
            (await admin.Post(Lists.Groups, body)).ExpectProblem(400, Root + place);
        }
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var rule = JsonNode.Parse(
            """{"all": [{"field": "x", "op": "eq", "value": 1}, {"field": "is_vip", "op": "eq", "value": 1},"""
            + """ {"related": "orders", "at_least": "two"}]}""");

        var problem = (await (await app.AdminAsync()).Post(Lists.Groups + "preview/", new JsonObject { ["assignment_rules"] = rule })).ExpectProblem(400);

        Assert.Equal(
            [Root + "/all/0/field", Root + "/all/1/value", Root + "/all/2/at_least"],
            problem["errors"].AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    private static string Nested(int depth) => depth == 1 ? """{"all": []}""" : $$"""{"not": {{Nested(depth - 1)}}}""";

    private static string Repeated(int count, string part) => string.Join(", ", Enumerable.Repeat(part, count));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

public sealed class BuildingRules(ClienteleApp app)
{
    public static TheoryData<RuleNode, string> Rules => new()
    {
        { Rule.Empty, "{}" },
        { Rule.Field("total_spent").AtLeast(1000), """{"field": "total_spent", "op": "gte", "value": 1000}""" },
        { Rule.Field("total_spent").LessThan(12.50m), """{"field": "total_spent", "op": "lt", "value": 12.50}""" },
        { Rule.Field("loyalty_points").Between(1, 5), """{"field": "loyalty_points", "op": "between", "value": [1, 5]}""" },
        { Rule.Field("loyalty_tier").In("gold", "platinum"), """{"field": "loyalty_tier", "op": "in", "value": ["gold", "platinum"]}""" },
        { Rule.Field("is_vip").EqualTo(true), """{"field": "is_vip", "op": "eq", "value": true}""" },
        { Rule.Field("phone").IsMissing(), """{"field": "phone", "op": "is_missing"}""" },
        { Rule.Field("metadata.size").EqualTo("XL"), """{"field": "metadata.size", "op": "eq", "value": "XL"}""" },
        { Rule.Field("tags").ContainingAny("press"), """{"field": "tags", "op": "contains_any", "value": ["press"]}""" },
        { Rule.Field("date_joined").MoreThan(new DateTimeOffset(2025, 10, 1, 12, 0, 0, TimeSpan.FromHours(2))),
            """{"field": "date_joined", "op": "gt", "value": "2025-10-01T10:00:00Z"}""" },
        { Rule.Field("date_of_birth").AnniversaryWithinNext(7, RuleUnit.Day),
            """{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 7, "unit": "day"}}""" },
        { Rule.Not(Rule.InGroup(1)), """{"not": {"in_group": 1}}""" },
        { Rule.Related("reviews"), """{"related": "reviews"}""" },
        { Rule.All(Rule.Any(), Rule.None(Rule.Related("orders").NoRows())), """{"all": [{"any": []}, {"none": [{"related": "orders", "no_rows": true}]}]}""" },
        { Rule.Related("orders").Where(Rule.Field("status").EqualTo("paid")).WithinLast("placed_at", 90, RuleUnit.Day).Sum("net").AtLeast(100),
            """
            {
              "related": "orders",
              "where": {"field": "status", "op": "eq", "value": "paid"},
              "within": {"on": "placed_at", "last": {"n": 90, "unit": "day"}},
              "having": {"agg": "sum", "of": "net", "op": "gte", "value": 100}
            }
            """ },
        { Rule.Field("is_vip").IsSet() with { TimeZone = "Europe/Berlin", V = 1 },
            """{"field": "is_vip", "op": "is_set", "time_zone": "Europe/Berlin", "v": 1}""" },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public async Task A_rule_is_the_JSON_that_the_service_takes(RuleNode rule, string json)
    {
        using var client = app.Client(await app.AdminAsync());

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonSerializer.SerializeToNode(rule.ToJsonElement())), rule.ToJsonElement().ToString());
        Assert.Equal(rule.ToJsonElement().ToString(), RuleNode.FromJsonElement(rule).ToJsonElement().ToString());
        if (json != "{}" && !json.Contains("in_group", StringComparison.Ordinal))
        {
            await client.Groups.PreviewAsync(new PreviewRequest { AssignmentRules = rule, SampleSize = 0 });
        }
    }
}

using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Tests the interpreter itself, with examples computed by hand.</summary>
[Trait("Database", "Any")]
public sealed class TrustingTheInterpreter
{
    private static readonly ModelCustomer Bare = new() { Username = "bare" };

    public static TheoryData<string, string, string> Rules => Traps.All;

    [Theory]
    [MemberData(nameof(Rules))]
    public void Whom_the_rule_matches(string claim, string rule, string expected)
    {
        var found = TrapCast.Everybody.Select(customer => customer.WithStatistics())
            .Where(customer => NaiveRules.Matches(Traps.Parse(rule), customer, TrapCast.Now));

        var names = string.Join(' ', found.Select(customer => customer.Username));
        Assert.True(expected == names, $"{claim}: {names}");
    }

    [Theory]
    [InlineData("gender", "eq", "\"x\"")]
    [InlineData("gender", "in", "[\"x\"]")]
    [InlineData("gender", "contains", "\"x\"")]
    [InlineData("gender", "starts_with", "\"x\"")]
    [InlineData("gender", "ends_with", "\"x\"")]
    [InlineData("average_order_value", "eq", "0")]
    [InlineData("average_order_value", "lt", "1")]
    [InlineData("average_order_value", "lte", "0")]
    [InlineData("average_order_value", "gt", "-1")]
    [InlineData("average_order_value", "gte", "0")]
    [InlineData("average_order_value", "between", "[-1, 1]")]
    [InlineData("age", "lt", "200")]
    [InlineData("last_login", "lt", "\"2100-01-01\"")]
    [InlineData("last_login", "gte", "\"1900-01-01\"")]
    [InlineData("last_login", "between", "[\"1900-01-01\", \"2100-01-01\"]")]
    [InlineData("last_login", "within_last", "{\"n\": 10000, \"unit\": \"year\"}")]
    [InlineData("last_login", "within_next", "{\"n\": 10000, \"unit\": \"year\"}")]
    [InlineData("date_of_birth", "within_last", "{\"n\": 10000, \"unit\": \"year\"}")]
    [InlineData("date_of_birth", "anniversary_within_next", "{\"n\": 1, \"unit\": \"year\"}")]
    [InlineData("metadata.size", "eq", "\"M\"")]
    [InlineData("metadata.size", "in", "[1, 2]")]
    [InlineData("metadata.size", "lt", "1e9")]
    [InlineData("tags", "contains_any", "[\"x\"]")]
    [InlineData("tags", "contains_all", "[\"x\"]")]
    public void A_missing_value_satisfies_no_positive_operator(string field, string op, string value) =>
        Assert.False(Matches($$"""{"field": "{{field}}", "op": "{{op}}", "value": {{value}}}""", Bare));

    [Theory]
    [InlineData("gender", "ne", "\"x\"")]
    [InlineData("gender", "not_in", "[\"x\"]")]
    [InlineData("gender", "not_contains", "\"x\"")]
    [InlineData("average_order_value", "ne", "0")]
    [InlineData("average_order_value", "not_between", "[-1, 1]")]
    [InlineData("last_login", "not_within_last", "{\"n\": 1, \"unit\": \"day\"}")]
    [InlineData("metadata.size", "ne", "true")]
    [InlineData("tags", "contains_none", "[\"x\"]")]
    public void A_missing_value_satisfies_every_negative_operator(string field, string op, string value) =>
        Assert.True(Matches($$"""{"field": "{{field}}", "op": "{{op}}", "value": {{value}}}""", Bare));

    [Theory]
    [InlineData("STRASSE", "straße")]
    [InlineData("Ümit", "ÜMIT")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("ﬁsh", "FISH")]
    [InlineData("José", "JOSÉ")]
    public void Texts_that_differ_by_case_and_composition_are_the_same(string one, string other) => Assert.True(NaiveText.Same(one, other));

    [Theory]
    [InlineData("Jose", "José")]
    [InlineData("ss", "s")]
    [InlineData("i", "ı")]
    public void Texts_that_differ_otherwise_are_not(string one, string other) => Assert.False(NaiveText.Same(one, other));

    [Fact]
    public void A_tier_that_is_not_known_any_more_is_below_all()
    {
        var customer = Bare with { LoyaltyTier = "diamond" };
        Assert.True(Matches("""{"field": "loyalty_tier", "op": "lt", "value": "BRONZE"}""", customer));
        Assert.True(Matches("""{"field": "loyalty_tier", "op": "gte", "value": "silver"}""", Bare with { LoyaltyTier = "gold" }));
        Assert.False(Matches("""{"field": "loyalty_tier", "op": "gt", "value": "gold"}""", Bare with { LoyaltyTier = "gold" }));
    }

    [Fact]
    public void Amounts_of_lines_are_rounded_once_half_to_even()
    {
        var line = new ModelLine(1, "tea", "Tea", 3, 0.05m);
        Assert.Equal(0.12m, (line with { Quantity = 1, UnitPrice = 0.25m }).Amount(0.5m));
        Assert.Equal(0.02m, line.Amount(0.1m));
    }

    [Fact]
    public void An_aggregate_leaves_out_what_is_missing()
    {
        var lines = new[] { "a", "A", null }.Select((sku, i) => new ModelLine(i, "tea", "Tea", 1, 1) { Sku = sku }).ToArray();
        var customer = Bare with { Orders = [new() { OrderNumber = "1", Total = 3, PlacedAt = TrapCast.Now, Lines = lines }] };
        Assert.True(Matches("""{"related": "order_lines", "having": {"agg": "count", "op": "eq", "value": 3}}""", customer));
        Assert.True(Matches("""{"related": "order_lines", "having": {"agg": "count", "of": "sku", "op": "eq", "value": 2}}""", customer));
        Assert.True(Matches("""{"related": "order_lines", "having": {"agg": "count_distinct", "of": "sku", "op": "eq", "value": 1}}""", customer));
    }

    private static bool Matches(string rule, ModelCustomer customer) => NaiveRules.Matches(JsonNode.Parse(rule)!, customer, TrapCast.Now);
}

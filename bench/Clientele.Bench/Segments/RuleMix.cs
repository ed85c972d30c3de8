namespace Clientele.Bench.Segments;

/// <summary>The rules of the many segments that are kept up to date meanwhile: everything that rules can test, with varying constants.</summary>
internal static class RuleMix
{
    /// <summary>The rules of the n-th round; the last argument is a group that others refer to.</summary>
    private static readonly Func<int, long, string>[] Templates =
    [
        (n, _) => $$"""{"field": "total_spent", "op": "gte", "value": "{{200 + (150 * n)}}.00"}""",
        (n, _) => $$"""{"all": [{"field": "loyalty_tier", "op": "gte", "value": "{{Pick(n, "silver", "gold", "platinum")}}"},"""
            + $$""" {"field": "last_order_date", "op": "not_within_last", "value": {"n": {{30 + (15 * n)}}, "unit": "day"} }]}""",
        (n, _) => $$"""{"all": [{"field": "is_vip", "op": "eq", "value": true}, {"field": "total_orders", "op": "gte", "value": {{n + 1}}}]}""",
        (n, _) => $$"""{"all": ["""
            + $$"""{"field": "tags", "op": "contains_any", "value": ["{{Pick(n, "wholesale", "press", "early-adopter", "complained", "gift-buyer")}}"]},"""
            + $$""" {"field": "total_spent", "op": "lt", "value": "{{1000 + (500 * n)}}.00"}]}""",
        (n, _) => $$"""{"related": "orders", "within": {"on": "placed_at", "last": {"n": {{7 + (7 * n)}}, "unit": "day"} }, "at_least": {{1 + (n % 3)}}}""",
        (n, _) => $$"""{"related": "order_lines","""
            + $$""" "where": {"field": "product_id", "op": "eq", "value": "{{Pick(n, "tee-01", "jean-02", "coat-01", "boot-01", "bag-02", "watch-01")}}"},"""
            + $$""" "within": {"on": "order.placed_at", "last": {"n": {{30 + (10 * n)}}, "unit": "day"} },"""
            + $$""" "having": {"agg": "count_distinct", "of": "order.order_number", "op": "gte", "value": {{1 + (n % 2)}} } }""",
        (n, _) => $$"""{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": {{1 + (3 * n)}}, "unit": "day"} }""",
        (n, _) => $$"""{"field": "age", "op": "between", "value": [{{18 + (4 * n)}}, {{25 + (4 * n)}}]}""",
        (n, _) => $$"""{"related": "reviews", "where": {"field": "rating", "op": "gte", "value": {{3 + (n % 3)}}}, "every": true}""",
        (n, _) => $$"""{"all": [{"related": "reviews", "having": {"agg": "avg", "of": "rating", "op": "lte", "value": {{2 + (n % 2)}} } },"""
            + $$""" {"field": "total_spent", "op": "gte", "value": "{{500 + (100 * n)}}.00"}]}""",
        (n, group) => $$"""{"all": [{"in_group": {{group}}}, {"field": "total_orders", "op": "gte", "value": {{3 + n}}}]}""",
        (n, _) => $$"""{"related": "orders", "within": {"on": "placed_at", "last": {"n": {{1 + (6 * n)}}, "unit": "hour"} } }""",
        (n, _) => $$"""{"all": [{"field": "date_joined", "op": "within_last", "value": {"n": {{1 + n}}, "unit": "month"} },"""
            + $$""" {"field": "total_orders", "op": "eq", "value": 0}]}""",
        (n, _) => $$"""{"all": [{"field": "accepts_marketing_email", "op": "eq", "value": true},"""
            + $$""" {"related": "addresses", "where": {"field": "country", "op": "in", "value": ["{{Pick(n, "DE", "US", "GB", "JP", "BR")}}", "CA"]} }]}""",
        (n, _) => $$"""{"related": "order_lines","""
            + $$""" "where": {"field": "category", "op": "eq", "value": "{{Pick(n, "shirts", "trousers", "coats", "shoes", "bags", "accessories")}}"},"""
            + $$""" "having": {"agg": "sum", "of": "amount", "op": "gt", "value": "{{100 + (50 * n)}}.00"} }""",
        (n, _) => $$"""{"related": "order_lines","""
            + $$""" "where": {"field": "product_id", "op": "eq", "value": "{{Pick(n, "tee-02", "shirt-01", "hat-01", "belt-01")}}"}, "no_rows": true}""",
        (n, _) => $$"""{"field": "average_order_value", "op": "gt", "value": "{{60 + (20 * n)}}.00"}""",
        (n, _) => $$"""{"time_zone": "Europe/Berlin", "related": "orders", "where": {"field": "net", "op": "gte", "value": "{{50 + (10 * n)}}.00"},"""
            + $$""" "within": {"on": "placed_at", "last": {"n": {{1 + n}}, "unit": "month"} }, "at_least": 2}""",
        (n, _) => $$"""{"all": [{"field": "loyalty_points", "op": "gte", "value": {{100 * (n + 1)}}},"""
            + $$""" {"related": "points", "within": {"on": "created_at", "last": {"n": {{30 * (n + 1)}}, "unit": "day"} } }]}""",
        (n, _) => $$"""{"any": [{"field": "email_domain", "op": "ne", "value": "example.com"},"""
            + $$""" {"all": [{"field": "source", "op": "eq", "value": "{{Pick(n, "google", "store", "friend")}}"},"""
            + $$""" {"not": {"field": "last_login", "op": "within_last", "value": {"n": {{n + 1}}, "unit": "week"} } }]}]}""",
        (n, _) => $$"""{"all": ["""
            + $$"""{"related": "wishlist", "where": {"field": "product_id", "op": "eq", "value": "{{Pick(n, "scarf-01", "shoe-02", "coat-02")}}"} },"""
            + $$""" {"field": "last_order_date", "op": "not_within_last", "value": {"n": {{12 * (n + 1)}}, "unit": "hour"} }]}""",
    ];

    public static string Rule(int number, long group) => Templates[number % Templates.Length](number / Templates.Length, group);

    private static string Pick(int n, params string[] values) => values[n % values.Length];
}

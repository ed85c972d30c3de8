namespace Clientele.ConsoleApp.Rules;

/// <summary>A rule to start from.</summary>
/// <param name="Topic">What it is for.</param>
/// <param name="Name">The name of the segment.</param>
/// <param name="Json">The rule.</param>
public sealed record RuleExample(string Topic, string Name, string Json)
{
    public static readonly IReadOnlyList<RuleExample> All =
    [
        new("Win back", "Lapsed gold customers", """
            {"all": [
              {"field": "loyalty_tier", "op": "gte", "value": "gold"},
              {"field": "last_order_date", "op": "not_within_last", "value": {"n": 90, "unit": "day"}}
            ]}
            """),
        new("Win back", "Regulars who went silent", """
            {"all": [
              {"related": "orders", "within": {"on": "placed_at", "last": {"n": 12, "unit": "month"}}, "at_least": 3},
              {"related": "orders", "within": {"on": "placed_at", "last": {"n": 60, "unit": "day"}}, "no_rows": true}
            ]}
            """),
        new("Win back", "One order, long ago", """
            {"all": [
              {"field": "total_orders", "op": "eq", "value": 1},
              {"field": "last_order_date", "op": "not_within_last", "value": {"n": 180, "unit": "day"}}
            ]}
            """),
        new("Welcome", "First order in the last 30 days", """
            {"related": "orders", "having": {"agg": "min", "of": "placed_at", "op": "within_last", "value": {"n": 30, "unit": "day"}}}
            """),
        new("Welcome", "Joined this month, not ordered yet", """
            {"all": [
              {"field": "date_joined", "op": "within_last", "value": {"n": 1, "unit": "month"}},
              {"field": "total_orders", "op": "eq", "value": 0}
            ]}
            """),
        new("Welcome", "Ready for a second order", """
            {"all": [
              {"field": "total_orders", "op": "eq", "value": 1},
              {"field": "last_order_date", "op": "within_last", "value": {"n": 45, "unit": "day"}},
              {"field": "accepts_marketing_email", "op": "eq", "value": true}
            ]}
            """),
        new("Birthdays and dates", "Birthday in the next 7 days", """
            {"all": [
              {"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 7, "unit": "day"}},
              {"field": "accepts_marketing_email", "op": "eq", "value": true}
            ]}
            """),
        new("Birthdays and dates", "Customers for more than two years", """
            {"all": [
              {"field": "date_joined", "op": "not_within_last", "value": {"n": 2, "unit": "year"}},
              {"related": "orders", "within": {"on": "placed_at", "last": {"n": 12, "unit": "month"}}, "at_least": 1}
            ]}
            """),
        new("Birthdays and dates", "Young adults", """
            {"field": "age", "op": "between", "value": [18, 29]}
            """),
        new("Wishlist and products", "Wishlist, but no order", """
            {"all": [
              {"related": "wishlist"},
              {"related": "orders", "no_rows": true}
            ]}
            """),
        new("Wishlist and products", "Added to the wishlist this week", """
            {"related": "wishlist", "within": {"on": "added_at", "last": {"n": 7, "unit": "day"}}}
            """),
        new("Wishlist and products", "Bought three different products this year", """
            {"related": "order_lines",
             "within": {"on": "order.placed_at", "last": {"n": 12, "unit": "month"}},
             "having": {"agg": "count_distinct", "of": "product_id", "op": "gte", "value": 3}}
            """),
        new("Value", "Big spenders of the last 12 months", """
            {"related": "orders",
             "within": {"on": "placed_at", "last": {"n": 12, "unit": "month"}},
             "having": {"agg": "sum", "of": "net", "op": "gte", "value": "1000.00"}}
            """),
        new("Value", "High average order value", """
            {"all": [
              {"field": "average_order_value", "op": "gte", "value": "200.00"},
              {"field": "total_orders", "op": "gte", "value": 2}
            ]}
            """),
        new("Value", "Many points, and no order for 60 days", """
            {"all": [
              {"field": "loyalty_points", "op": "gte", "value": 500},
              {"field": "last_order_date", "op": "not_within_last", "value": {"n": 60, "unit": "day"}}
            ]}
            """),
        new("Value", "VIP or platinum, but no SMS consent", """
            {"all": [
              {"any": [
                {"field": "is_vip", "op": "eq", "value": true},
                {"field": "loyalty_tier", "op": "gte", "value": "platinum"}
              ]},
              {"field": "accepts_marketing_sms", "op": "eq", "value": false}
            ]}
            """),
        new("Care", "High returns", """
            {"related": "orders",
             "where": {"field": "status", "op": "in", "value": ["partially_refunded", "refunded"]},
             "within": {"on": "placed_at", "last": {"n": 6, "unit": "month"}},
             "at_least": 2}
            """),
        new("Care", "Unhappy, and worth a call", """
            {"all": [
              {"related": "reviews", "having": {"agg": "avg", "of": "rating", "op": "lte", "value": 2}},
              {"field": "total_spent", "op": "gte", "value": "500.00"}
            ]}
            """),
        new("Care", "Every review is a good one", """
            {"related": "reviews", "where": {"field": "rating", "op": "gte", "value": 4}, "every": true}
            """),
        new("Regions", "E-mail consent in Germany, Austria or Switzerland", """
            {"all": [
              {"field": "accepts_marketing_email", "op": "eq", "value": true},
              {"related": "addresses", "where": {"field": "country", "op": "in", "value": ["DEU", "AUT", "CHE"]}}
            ]}
            """),
    ];
}

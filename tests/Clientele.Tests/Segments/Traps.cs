using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>
/// Rules about <see cref="TrapCast"/> that are easy to get wrong, and the customers that they match. LEAP stands for the year, GROUP for the first
/// group.
/// </summary>
internal static class Traps
{
    public static TheoryData<string, string, string> All =>
        [.. Table.Select(trap => new TheoryDataRow<string, string, string>(trap.Claim, trap.Rule, trap.Expected))];

    public static JsonObject Parse(string rule, long group = 0) => JsonNode.Parse(rule
        .Replace("LEAP", RuleWorld.LeapYear.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("GROUP", group.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))!.AsObject();

    private static (string Claim, string Rule, string Expected)[] Table =>
    [
        ("all of nothing is true", """{"all": []}""", "Ada Ben Cy Dee Fay Gus"),
        ("any of nothing is false", """{"any": []}""", ""),
        ("none of nothing is true", """{"none": []}""", "Ada Ben Cy Dee Fay Gus"),
        ("the inactive do not match", """{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "tea"}}""", "Ada Ben"),
        ("unless the rule asks for them", """{"field": "is_active", "op": "eq", "value": false}""", "Eve"),
        ("or asks anything of is_active", """{"any": [{"field": "is_vip", "op": "eq", "value": true}, {"field": "is_active", "op": "is_missing"}]}""", "Eve"),
        ("in has both values of is_active", """{"field": "is_active", "op": "in", "value": [true, false]}""", "Ada Ben Cy Dee Eve Fay Gus"),

        // Two-valued
        ("ne includes who has no value", """{"field": "gender", "op": "ne", "value": "FEMALE"}""", "Ben Cy Dee Fay Gus"),
        ("not eq is the same as ne", """{"not": {"field": "gender", "op": "eq", "value": "FEMALE"}}""", "Ben Cy Dee Fay Gus"),
        ("not_in includes who has no value", """{"field": "gender", "op": "not_in", "value": ["female", "male"]}""", "Cy Dee Fay Gus"),
        ("in nothing is false", """{"field": "gender", "op": "in", "value": []}""", ""),
        ("not_in nothing is true", """{"field": "gender", "op": "not_in", "value": []}""", "Ada Ben Cy Dee Fay Gus"),
        ("not_contains includes who has no value", """{"field": "phone", "op": "not_contains", "value": "123"}""", "Ben Cy Dee Fay Gus"),
        ("not_between includes who has no value",
            """{"field": "date_of_birth", "op": "not_between", "value": ["1996-01-01", "1996-03-15"]}""", "Cy Dee Fay Gus"),
        ("nobody without a value is less", """{"field": "average_order_value", "op": "lt", "value": 1000000}""", "Ada Ben Fay Gus"),
        ("nor is it more", """{"field": "average_order_value", "op": "gte", "value": 0}""", "Ada Ben Fay Gus"),
        ("and not less includes them", """{"not": {"field": "average_order_value", "op": "gte", "value": 0}}""", "Cy Dee"),
        ("not both ways has only the missing",
            """{"none": [{"field": "average_order_value", "op": "gte", "value": 50}, {"field": "average_order_value", "op": "lt", "value": 50}]}""", "Cy Dee"),
        ("not_within_last includes who never has",
            """{"field": "last_order_date", "op": "not_within_last", "value": {"n": 20, "unit": "day"}}""", "Ben Cy Dee"),
        ("nobody is younger than nobody can be", """{"field": "age", "op": "lt", "value": -8000}""", ""),
        ("everybody born is younger than nobody can be", """{"field": "age", "op": "lte", "value": 999999999999}""", "Ada Ben Fay Gus"),
        ("an empty text is missing", """{"field": "last_name", "op": "is_missing"}""", "Ada Ben Cy Dee Fay Gus"),
        ("a boolean is never missing", """{"field": "is_vip", "op": "is_set"}""", "Ada Ben Cy Dee Fay Gus"),
        ("metadata of another type is missing", """{"field": "metadata.score", "op": "gte", "value": 1}""", "Ada"),
        ("ne includes metadata of another type", """{"field": "metadata.score", "op": "ne", "value": 10}""", "Ben Cy Dee Fay Gus"),
        ("but any metadata is set", """{"field": "metadata.score", "op": "is_set"}""", "Ada Ben"),
        ("a text of digits is no number", """{"field": "metadata.score", "op": "eq", "value": "10"}""", "Ben"),

        // Text and sets
        ("text has no case", """{"field": "email_domain", "op": "eq", "value": "EXAMPLE.COM"}""", "Ada Ben Cy Dee Fay Gus"),
        ("tags have no case", """{"field": "tags", "op": "contains_any", "value": ["PRESS"]}""", "Ada Ben"),
        ("but accents distinguish", """{"field": "tags", "op": "contains_any", "value": ["ete"]}""", ""),
        ("however they are composed", """{"field": "tags", "op": "contains_any", "value": ["e\u0301te\u0301"]}""", "Dee"),
        ("all of the tags", """{"field": "tags", "op": "contains_all", "value": ["press", "wholesale"]}""", "Ada"),
        ("none of the tags", """{"field": "tags", "op": "contains_none", "value": ["press", "été"]}""", "Cy Fay Gus"),
        ("no tags at all", """{"field": "tags", "op": "is_empty"}""", "Cy Fay Gus"),
        ("all of no tags", """{"field": "tags", "op": "contains_all", "value": []}""", "Ada Ben Cy Dee Fay Gus"),
        ("any of no tags", """{"field": "tags", "op": "contains_any", "value": []}""", ""),

        // What was bought
        ("bought tea or a mug", """{"related": "order_lines", "where": {"field": "product_id", "op": "in", "value": ["tea", "mug"]}}""", "Ada Ben Fay"),
        ("bought tea and a mug",
            """{"all": [{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "tea"}},"""
                + """ {"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "mug"}}]}""", "Ada Ben"),
        ("no line is tea and a mug",
            """{"related": "order_lines", "where": {"all": [{"field": "product_id", "op": "eq", "value": "tea"},"""
                + """ {"field": "product_id", "op": "eq", "value": "mug"}]}}""", ""),
        ("both kinds, counted",
            """{"related": "order_lines", "where": {"field": "product_id", "op": "in", "value": ["tea", "mug"]},"""
                + """ "having": {"agg": "count_distinct", "of": "product_id", "op": "eq", "value": 2}}""", "Ada Ben"),
        ("did not buy tea", """{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "tea"}, "no_rows": true}""", "Cy Dee Fay Gus"),
        ("not bought tea is the same",
            """{"not": {"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "tea"}}}""", "Cy Dee Fay Gus"),
        ("some line without tea is not", """{"related": "order_lines", "where": {"field": "product_id", "op": "ne", "value": "tea"}}""", "Ada Ben Fay Gus"),
        ("nothing but mugs", """{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "mug"}, "every": true}""", "Fay"),
        ("a line without category is other than drinks",
            """{"related": "order_lines", "where": {"field": "category", "op": "ne", "value": "drinks"}}""", "Ada Ben Fay Gus"),

        // Correlation
        ("five stars for tea",
            """{"related": "reviews", "where": {"all": [{"field": "product_id", "op": "eq", "value": "tea"},"""
                + """ {"field": "rating", "op": "eq", "value": 5}]}}""", "Ada"),
        ("five stars, and something for tea",
            """{"all": [{"related": "reviews", "where": {"field": "product_id", "op": "eq", "value": "tea"}},"""
                + """ {"related": "reviews", "where": {"field": "rating", "op": "eq", "value": 5}}]}""", "Ada Ben"),
        ("an address for shipping to Germany",
            """{"related": "addresses", "where": {"all": [{"field": "country", "op": "eq", "value": "Germany"},"""
                + """ {"field": "address_type", "op": "eq", "value": "shipping"}]}}""", "Ada"),

        // Orders that count
        ("orders are those that count", """{"related": "orders"}""", "Ada Ben Fay Gus"),
        ("unless their status is asked for", """{"related": "orders", "where": {"field": "status", "op": "eq", "value": "cancelled"}}""", "Dee"),
        ("asked for, even without effect", """{"related": "orders", "where": {"field": "status", "op": "is_set"}, "exactly": 3}""", "Dee Gus"),
        ("by one node for itself alone",
            """{"all": [{"related": "orders", "no_rows": true},"""
                + """ {"related": "orders", "where": {"field": "status", "op": "eq", "value": "pending"}}]}""", "Dee"),
        ("in what is counted, too", """{"related": "orders", "having": {"agg": "count_distinct", "of": "status", "op": "eq", "value": 3}}""", "Dee"),
        ("lines ask for their order's",
            """{"related": "order_lines", "where": {"field": "order.status", "op": "in", "value": ["refunded", "pending"]}, "at_least": 2}""", "Dee"),
        ("net is the store's money", """{"related": "orders", "having": {"agg": "sum", "of": "net", "op": "eq", "value": "30.00"}}""", "Fay"),
        ("amounts are of what was kept", """{"related": "order_lines", "where": {"field": "amount", "op": "eq", "value": 30}}""", "Fay"),

        // Empty sets
        ("no rows count 0", """{"related": "orders", "having": {"agg": "count", "op": "lt", "value": 1}}""", "Cy Dee"),
        ("no rows sum up to 0", """{"related": "orders", "having": {"agg": "sum", "of": "net", "op": "eq", "value": 0}}""", "Cy Dee"),
        ("the least of none is missing", """{"related": "reviews", "having": {"agg": "min", "of": "rating", "op": "lt", "value": 2}}""", "Ada Ben"),
        ("and not less, either", """{"related": "reviews", "having": {"agg": "min", "of": "rating", "op": "ne", "value": 1}}""", "Cy Dee Fay Gus"),
        ("the average of none is missing", """{"related": "orders", "having": {"agg": "avg", "of": "net", "op": "is_missing"}}""", "Cy Dee"),
        ("every of none is false", """{"related": "reviews", "where": {"field": "rating", "op": "gte", "value": 1}, "every": true}""", "Ada Ben"),
        ("at most none has who has none", """{"related": "wishlist", "at_most": 0}""", "Ben Cy Dee Fay Gus"),

        // Averages
        ("33.33 is less than a third of 100", """{"field": "average_order_value", "op": "gt", "value": "33.33"}""", "Ada Ben Gus"),
        ("and 33.34 is more", """{"related": "orders", "having": {"agg": "avg", "of": "net", "op": "lt", "value": 33.34}}""", "Fay Gus"),
        ("so it equals neither", """{"field": "average_order_value", "op": "eq", "value": 33.33}""", ""),
        ("an average that comes out even", """{"related": "orders", "having": {"agg": "avg", "of": "total", "op": "eq", "value": 50}}""", "Ben"),

        // Time
        ("yesterday noon is within the last two days", """{"field": "last_login", "op": "within_last", "value": {"n": 2, "unit": "day"}}""", "Ada"),
        ("but not within today", """{"field": "last_login", "op": "within_last", "value": {"n": 1, "unit": "day"}}""", ""),
        ("nor, to the second, within 24 hours", """{"field": "last_login", "op": "within_last", "value": {"n": 24, "unit": "hour"}}""", ""),
        ("what is to come is within the last", """{"field": "last_order_date", "op": "within_last", "value": {"n": 20, "unit": "day"}}""", "Ada Fay Gus"),
        ("tomorrow is within the next two days", """{"field": "last_order_date", "op": "within_next", "value": {"n": 2, "unit": "day"}}""", "Gus"),
        ("but not within the next", """{"field": "last_order_date", "op": "within_next", "value": {"n": 1, "unit": "day"}}""", ""),
        ("unless today is tomorrow already",
            """{"field": "last_order_date", "op": "within_next", "value": {"n": 1, "unit": "day"}, "time_zone": "Pacific/Kiritimati"}""", "Gus"),
        ("the last month begins on the 16th",
            """{"related": "orders", "within": {"on": "placed_at", "last": {"n": 1, "unit": "month"}}, "exactly": 1}""", "Ada Ben Fay Gus"),
        ("in New York on its eve",
            """{"related": "orders", "within": {"on": "placed_at", "last": {"n": 1, "unit": "month"}}, "exactly": 1,"""
                + """ "time_zone": "America/New_York"}""", "Ada Fay Gus"),
        ("between ends before its end", """{"related": "orders", "within": {"on": "placed_at", "between": ["LEAP-02-15", "LEAP-02-16"]}}""", "Ben"),
        ("every is over the window alone",
            """{"related": "order_lines", "within": {"on": "order.placed_at", "between": ["LEAP-02-16", "LEAP-02-17"]},"""
                + """ "where": {"field": "product_id", "op": "eq", "value": "mug"}, "every": true}""", "Ben"),
        ("28 years on the 29th of February", """{"field": "date_of_birth", "op": "eq", "value": "1996-02-29"}""", "Ada"),
        ("a birthday today", """{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 1, "unit": "day"}}""", "Fay"),
        ("or tomorrow", """{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 2, "unit": "day"}}""", "Fay Gus"),
        ("a birthday within 350 days: the 28th of February, and in a common year the 29th",
            """{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 351, "unit": "day"}}""", "Ada Ben Fay Gus"),
        ("but not in one day less", """{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 350, "unit": "day"}}""", "Fay Gus"),

        // Groups
        ("members of a group", """{"in_group": GROUP}""", "Ada"),
        ("and who is none", """{"not": {"in_group": GROUP}}""", "Ben Cy Dee Fay Gus"),
    ];
}

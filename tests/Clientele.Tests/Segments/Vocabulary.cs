namespace Clientele.Tests.Segments;

internal enum MemberType
{
    Text,
    Boolean,
    Enumeration,
    Country,
    Tier,
    Number,
    Money,
    Instant,
    Date,
    Set,
    Metadata,
}

/// <summary>A field that a condition can test: of the customer, or a member of a relation.</summary>
internal sealed record Member(string Name, MemberType Type);

/// <summary>Every field, relation, operator and unit that a rule can have.</summary>
internal static class Vocabulary
{
    public static readonly string[] Units = ["second", "minute", "hour", "day", "week", "month", "year"];

    public static readonly string[] Aggregates = ["count", "count_distinct", "sum", "min", "max", "avg"];

    public static readonly IReadOnlyList<Member> Fields =
    [
        new("id", MemberType.Number), new("username", MemberType.Text), new("email", MemberType.Text), new("email_domain", MemberType.Text),
        new("first_name", MemberType.Text), new("last_name", MemberType.Text), new("phone", MemberType.Text), new("phone_verified", MemberType.Boolean),
        new("is_active", MemberType.Boolean), new("is_verified", MemberType.Boolean), new("is_vip", MemberType.Boolean), new("is_staff", MemberType.Boolean),
        new("gender", MemberType.Text), new("date_of_birth", MemberType.Date), new("age", MemberType.Number), new("preferred_language", MemberType.Text),
        new("preferred_currency", MemberType.Text), new("accepts_marketing_email", MemberType.Boolean), new("accepts_marketing_sms", MemberType.Boolean),
        new("source", MemberType.Text), new("tags", MemberType.Set), new("metadata", MemberType.Metadata), new("date_joined", MemberType.Instant),
        new("last_login", MemberType.Instant), new("total_orders", MemberType.Number), new("total_spent", MemberType.Money),
        new("average_order_value", MemberType.Money), new("last_order_date", MemberType.Instant),
        new("loyalty_tier", MemberType.Tier), new("loyalty_points", MemberType.Number),
    ];

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Member>> Relations = new Dictionary<string, IReadOnlyList<Member>>
    {
        ["orders"] = Orders(""),
        ["order_lines"] =
        [
            new("line_number", MemberType.Number), new("product_id", MemberType.Text), new("sku", MemberType.Text), new("name", MemberType.Text),
            new("category", MemberType.Text), new("quantity", MemberType.Number), new("unit_price", MemberType.Money),
            new("refunded_quantity", MemberType.Number), new("amount", MemberType.Money), .. Orders("order."),
        ],
        ["reviews"] = [new("product_id", MemberType.Text), new("rating", MemberType.Number), new("created_at", MemberType.Instant)],
        ["wishlist"] = [new("product_id", MemberType.Text), new("added_at", MemberType.Instant)],
        ["addresses"] =
        [
            new("country", MemberType.Country), new("state", MemberType.Text), new("city", MemberType.Text), new("postal_code", MemberType.Text),
            new("address_type", MemberType.Enumeration), new("is_default", MemberType.Boolean),
        ],
        ["points"] = [new("kind", MemberType.Enumeration), new("points", MemberType.Number), new("created_at", MemberType.Instant)],
    };

    /// <summary>The names of an enumeration.</summary>
    public static string[] Names(string member) => member switch
    {
        "status" or "order.status" => ["pending", "paid", "processing", "shipped", "delivered", "cancelled", "partially_refunded", "refunded"],
        "address_type" => ["billing", "shipping"],
        "kind" => ["earn", "adjust", "redeem", "reverse", "expire", "release", "forfeit"],
        "loyalty_tier" => ["bronze", "silver", "gold", "platinum"],
        "country" => ["USA", "us", "United States", "DEU", "de", "germany", "FRA", "IE", "Ireland", "JPN", "AUT"],
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, null),
    };

    public static string[] Operators(MemberType type) => type switch
    {
        MemberType.Text => [.. Presence, "eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with"],
        MemberType.Boolean => [.. Presence, "eq", "ne", "in"],
        MemberType.Enumeration or MemberType.Country => [.. Presence, "eq", "ne", "in", "not_in"],
        MemberType.Tier => [.. Presence, "eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte"],
        MemberType.Number or MemberType.Money => [.. Presence, .. Ordered],
        MemberType.Instant => [.. Presence, .. Ordered, "within_last", "not_within_last", "within_next"],
        MemberType.Date => [.. Presence, .. Ordered, "within_last", "not_within_last", "within_next", "anniversary_within_next"],
        MemberType.Set => [.. Presence, "contains_any", "contains_all", "contains_none", "is_empty"],
        MemberType.Metadata => [.. Presence, .. Ordered, "in", "not_in", "contains", "not_contains", "starts_with", "ends_with"],
    };

    private static string[] Presence => ["is_set", "is_missing"];

    private static string[] Ordered => ["eq", "ne", "lt", "lte", "gt", "gte", "between", "not_between"];

    private static IReadOnlyList<Member> Orders(string prefix) =>
    [
        new(prefix + "order_number", MemberType.Text), new(prefix + "status", MemberType.Enumeration), new(prefix + "currency", MemberType.Text),
        new(prefix + "total", MemberType.Money), new(prefix + "refunded", MemberType.Money), new(prefix + "net", MemberType.Money),
        new(prefix + "placed_at", MemberType.Instant),
    ];
}

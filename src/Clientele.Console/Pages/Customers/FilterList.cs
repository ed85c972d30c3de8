using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>All filters of the list of customers.</summary>
internal static class FilterList
{
    private const string Account = "Account", Loyalty = "Loyalty", Orders = "Orders", Profile = "Profile", Membership = "Tags and groups", Dates = "Dates";

    public static readonly IReadOnlyList<CustomerFilter> All =
    [
        Flag("is_vip", "VIP|Not VIP"),
        Flag("is_active", "Active|Inactive"),
        Flag("is_verified", "E-mail verified|E-mail not verified"),
        Flag("phone_verified", "Phone verified|Phone not verified"),
        Flag("accepts_marketing_email", "Marketing by e-mail|No marketing by e-mail"),
        Flag("accepts_marketing_sms", "Marketing by SMS|No marketing by SMS"),
        Flag("is_staff", "Staff|Not staff"),
        new("tag", Membership, "Tag", FilterKind.Text, "Tag: {0}", "tags", "contains_any"),
        new("group", Membership, "Group", FilterKind.Group, "In group: {0}", "group"),
        new("loyalty_tier", Loyalty, FieldNames.Of("loyalty_tier"), FilterKind.Tier, "Tier: {0}", "loyalty_tier"),
        Range("min_points", Loyalty, "loyalty_points", FilterKind.Count, "At least {0} point|At least {0} points", "gte"),
        Range("max_points", Loyalty, "loyalty_points", FilterKind.Count, "At most {0} point|At most {0} points", "lte"),
        Range("min_orders", Orders, "total_orders", FilterKind.Count, "At least {0} order|At least {0} orders", "gte"),
        Range("max_orders", Orders, "total_orders", FilterKind.Count, "At most {0} order|At most {0} orders", "lte"),
        Range("min_spent", Orders, "total_spent", FilterKind.Money, "Total spent at least {0}", "gte"),
        Range("max_spent", Orders, "total_spent", FilterKind.Money, "Total spent at most {0}", "lte"),
        Range("last_order_after", Orders, "last_order_date", FilterKind.From, "Last order from {0}", "gte"),
        Range("last_order_before", Orders, "last_order_date", FilterKind.Until, "Last order until {0}", "lte"),
        Range("joined_after", Dates, "date_joined", FilterKind.From, "Joined from {0}", "gte"),
        Range("joined_before", Dates, "date_joined", FilterKind.Until, "Joined until {0}", "lte"),
        new("updated_after", Dates, FieldNames.Of("updated_at", "from"), FilterKind.From, "Changed from {0}"),
        new("updated_before", Dates, FieldNames.Of("updated_at", "until"), FilterKind.Until, "Changed until {0}"),
        Text("preferred_language"),
        Text("preferred_currency"),
        Text("gender"),
        Text("source"),
        Text("username"),
        Text("email"),
        Text("phone"),
        new("uuid", Profile, FieldNames.Of("uuid"), FilterKind.Uuid, "UUID: {0}"),
        new("ids", Profile, "IDs", FilterKind.Ids, "IDs: {0}"),
    ];

    public static CustomerFilter? Find(string name) => All.FirstOrDefault(filter => filter.Name == name);

    private static CustomerFilter Flag(string name, string says) => new(name, Account, FieldNames.Of(name), FilterKind.YesNo, says, name);

    private static CustomerFilter Text(string name) =>
        new(name, Profile, FieldNames.Of(name), FilterKind.Text, $"{FieldNames.Of(name)}: {{0}}", name);

    private static CustomerFilter Range(string name, string section, string field, FilterKind kind, string says, string op)
    {
        var comparison = kind switch
        {
            FilterKind.From => "from",
            FilterKind.Until => "until",
            _ => op == "gte" ? "at least" : "at most",
        };
        return new(name, section, FieldNames.Of(field, comparison), kind, says, field, op);
    }
}

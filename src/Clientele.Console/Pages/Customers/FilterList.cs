namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>All filters of the list of customers.</summary>
internal static class FilterList
{
    private const string Account = "Account", Loyalty = "Loyalty", Orders = "Orders", Profile = "Profile", Membership = "Tags and groups", Dates = "Dates";

    public static readonly IReadOnlyList<CustomerFilter> All =
    [
        Flag("is_vip", Account, "VIP", "VIP|Not VIP"),
        Flag("is_active", Account, "Active", "Active|Inactive"),
        Flag("is_verified", Account, "Verified", "Verified|Not verified"),
        Flag("phone_verified", Account, "Phone verified", "Phone verified|Phone not verified"),
        Flag("accepts_marketing_email", Account, "Accepts e-mail", "Accepts e-mail|Does not accept e-mail"),
        Flag("accepts_marketing_sms", Account, "Accepts SMS", "Accepts SMS|Does not accept SMS"),
        Flag("is_staff", Account, "Staff", "Staff|Not staff"),
        new("tag", Membership, "Tag", FilterKind.Text, "Tag: {0}", "tags", "contains_any"),
        new("group", Membership, "Member of group", FilterKind.Group, "In group: {0}", "group"),
        new("loyalty_tier", Loyalty, "Tier", FilterKind.Tier, "Tier: {0}", "loyalty_tier"),
        new("min_points", Loyalty, "Points, at least", FilterKind.Count, "At least {0} point|At least {0} points", "loyalty_points", "gte"),
        new("max_points", Loyalty, "Points, at most", FilterKind.Count, "At most {0} point|At most {0} points", "loyalty_points", "lte"),
        new("min_orders", Orders, "Orders, at least", FilterKind.Count, "At least {0} order|At least {0} orders", "total_orders", "gte"),
        new("max_orders", Orders, "Orders, at most", FilterKind.Count, "At most {0} order|At most {0} orders", "total_orders", "lte"),
        new("min_spent", Orders, "Spent, at least", FilterKind.Money, "Spent at least {0}", "total_spent", "gte"),
        new("max_spent", Orders, "Spent, at most", FilterKind.Money, "Spent at most {0}", "total_spent", "lte"),
        new("last_order_after", Orders, "Last order, from", FilterKind.From, "Last order from {0}", "last_order_date", "gte"),
        new("last_order_before", Orders, "Last order, until", FilterKind.Until, "Last order until {0}", "last_order_date", "lte"),
        new("joined_after", Dates, "Joined, from", FilterKind.From, "Joined from {0}", "date_joined", "gte"),
        new("joined_before", Dates, "Joined, until", FilterKind.Until, "Joined until {0}", "date_joined", "lte"),
        new("updated_after", Dates, "Changed, from", FilterKind.From, "Changed from {0}"),
        new("updated_before", Dates, "Changed, until", FilterKind.Until, "Changed until {0}"),
        new("preferred_language", Profile, "Language", FilterKind.Text, "Language: {0}", "preferred_language"),
        new("preferred_currency", Profile, "Currency", FilterKind.Text, "Currency: {0}", "preferred_currency"),
        new("gender", Profile, "Gender", FilterKind.Text, "Gender: {0}", "gender"),
        new("source", Profile, "Source", FilterKind.Text, "Source: {0}", "source"),
        new("username", Profile, "Username", FilterKind.Text, "Username: {0}", "username"),
        new("email", Profile, "E-mail", FilterKind.Text, "E-mail: {0}", "email"),
        new("phone", Profile, "Phone", FilterKind.Text, "Phone: {0}", "phone"),
        new("uuid", Profile, "UUID", FilterKind.Uuid, "UUID: {0}"),
        new("ids", Profile, "Ids", FilterKind.Ids, "Ids: {0}"),
    ];

    public static CustomerFilter? Find(string name) => All.FirstOrDefault(filter => filter.Name == name);

    private static CustomerFilter Flag(string name, string section, string label, string says) => new(name, section, label, FilterKind.YesNo, says, name);
}

using System.Globalization;

namespace Clientele.ConsoleApp.Shared;

/// <summary>
/// What the fields of a customer are called, in the list, its filters, the profile, the audit and the segment builder alike. A field that is not here has
/// the name of the API, with blanks for underscores.
/// </summary>
public static class FieldNames
{
    private static readonly Dictionary<string, string> Known = new()
    {
        ["accepts_marketing_email"] = "Marketing by e-mail",
        ["accepts_marketing_sms"] = "Marketing by SMS",
        ["address_line1"] = "Address line 1",
        ["address_line2"] = "Address line 2",
        ["average_order_value"] = "Average order",
        ["created_at"] = "Created",
        ["date_joined"] = "Joined",
        ["email"] = "E-mail",
        ["id"] = "ID",
        ["is_active"] = "Active",
        ["is_staff"] = "Staff",
        ["is_verified"] = "E-mail verified",
        ["is_vip"] = "VIP",
        ["last_login"] = "Last sign-in",
        ["last_order_date"] = "Last order",
        ["loyalty_points"] = "Points",
        ["loyalty_tier"] = "Tier",
        ["preferred_currency"] = "Currency",
        ["preferred_language"] = "Language",
        ["total_orders"] = "Orders",
        ["total_spent"] = "Total spent",
        ["updated_at"] = "Changed",
        ["uuid"] = "UUID",
    };

    /// <summary>The name of a field of the API; null if it has the one of the API.</summary>
    public static string? Find(string field) => Known.GetValueOrDefault(field);

    /// <summary>The name of a field of the API.</summary>
    public static string Of(string? field) => field is not { Length: > 0 } ? "" : Find(field) ?? Wording.Label(field);

    /// <summary>The same with what follows it, such as "Points, at least".</summary>
    public static string Of(string field, string comparison) => string.Create(CultureInfo.InvariantCulture, $"{Of(field)}, {comparison}");
}

using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>A column of the list of customers.</summary>
/// <param name="Key">Its name, under which the choice is kept.</param>
/// <param name="Label">Its header.</param>
/// <param name="Sort">The sort key of the API; null if the list cannot be ordered by it.</param>
/// <param name="IsNumber">Numbers stand on the right.</param>
/// <param name="IsDefault">Shown until somebody chooses.</param>
public sealed record CustomerColumn(string Key, string Label, string? Sort = null, bool IsNumber = false, bool IsDefault = true)
{
    public static readonly IReadOnlyList<CustomerColumn> All =
    [
        new("email", FieldNames.Of("email"), "email"),
        new("phone", FieldNames.Of("phone"), IsDefault: false),
        new("tier", FieldNames.Of("loyalty_tier")),
        new("points", FieldNames.Of("loyalty_points"), IsNumber: true),
        new("orders", FieldNames.Of("total_orders"), "total_orders", IsNumber: true),
        new("spent", FieldNames.Of("total_spent"), "total_spent", IsNumber: true),
        new("last_order", FieldNames.Of("last_order_date"), "last_order_date"),
        new("joined", FieldNames.Of("date_joined"), "date_joined"),
        new("changed", FieldNames.Of("updated_at"), "updated_at", IsDefault: false),
        new("username", FieldNames.Of("username"), IsDefault: false),
        new("id", FieldNames.Of("id"), IsNumber: true, IsDefault: false),
    ];

    /// <summary>Reads a stored choice: names separated by commas. Unknown names are left out; nothing means the default.</summary>
    public static IReadOnlyList<CustomerColumn> Chosen(string? stored) =>
        [.. All.Where(column => stored is null ? column.IsDefault : stored.Split(',').Contains(column.Key))];
}

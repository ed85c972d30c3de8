using MudBlazor;

namespace Clientele.ConsoleApp.Layout;

/// <summary>A page of the navigation.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Address">Its address, relative to the console's.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="Key">The key that goes there after <c>g</c>.</param>
/// <param name="Also">The beginning of other addresses that belong to it.</param>
internal sealed record Place(string Title, string Address, string Icon, char Key, string? Also = null);

/// <summary>The pages that can be reached from everywhere.</summary>
internal static class Places
{
    public static readonly IReadOnlyList<Place> All =
    [
        new("Search", "", Icons.Material.Outlined.Search, 's', "search"),
        new("Overview", "overview", Icons.Material.Outlined.Dashboard, 'o'),
        new("Customers", "customers", Icons.Material.Outlined.People, 'c'),
        new("Groups and segments", "groups", Icons.Material.Outlined.Workspaces, 'g', "segments"),
        new("Loyalty", "loyalty", Icons.Material.Outlined.Loyalty, 'l'),
        new("Messages", "messages", Icons.Material.Outlined.Mail, 'm'),
        new("Webhooks", "webhooks", Icons.Material.Outlined.Webhook, 'w'),
        new("Staff and keys", "staff", Icons.Material.Outlined.Badge, 'k'),
        new("Me", "me", Icons.Material.Outlined.AccountCircle, 'e'),
    ];
}

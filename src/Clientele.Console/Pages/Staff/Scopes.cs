using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Staff;

/// <summary>What an API key may do, as people say it.</summary>
internal static class Scopes
{
    public static readonly IReadOnlyList<(string Scope, string Text)> All =
    [
        (KeyScope.CustomersRead, "Read profiles, statistics, benefits, wishlists and reviews"),
        (KeyScope.CustomersWrite, "Register and change customers, verify, deactivate and reactivate them"),
        (KeyScope.AddressesRead, "Read addresses"),
        (KeyScope.AddressesWrite, "Create, change and delete addresses"),
        (KeyScope.GroupsRead, "Read groups, their members and changes, try out rules"),
        (KeyScope.GroupsWrite, "Create, change and delete groups, add and remove members"),
        (KeyScope.OrdersRead, "Read orders"),
        (KeyScope.OrdersWrite, "Deliver orders"),
        (KeyScope.WishlistWrite, "Put products on wishlists and take them off"),
        (KeyScope.ReviewsWrite, "Deliver and delete reviews"),
        (KeyScope.PointsRead, "Read points, tiers and the points outstanding"),
        (KeyScope.PointsWrite, "Add, take, redeem and give back points, set tiers"),
        (KeyScope.AnalyticsRead, "Read figures about all customers"),
        (KeyScope.EventsRead, "Read what has happened"),
        (KeyScope.WebhooksRead, "Read webhooks and their deliveries"),
        (KeyScope.WebhooksWrite, "Create, change, test and delete webhooks, send events again"),
        (KeyScope.ExportRead, "Export everything that is stored about a customer"),
    ];
}

namespace Clientele.Client;

/// <summary>What an API key may do.</summary>
public static class KeyScope
{
    /// <summary>Read profiles, statistics, benefits, wishlists and reviews.</summary>
    public const string CustomersRead = "customers:read";

    /// <summary>Register customers, change their profiles, verify, deactivate and reactivate them.</summary>
    public const string CustomersWrite = "customers:write";

    /// <summary>Read addresses.</summary>
    public const string AddressesRead = "addresses:read";

    /// <summary>Create, change and delete addresses.</summary>
    public const string AddressesWrite = "addresses:write";

    /// <summary>Read groups, their members and changes, try out rules and explain memberships.</summary>
    public const string GroupsRead = "groups:read";

    /// <summary>Create, change and delete groups, add and remove members.</summary>
    public const string GroupsWrite = "groups:write";

    /// <summary>Read orders.</summary>
    public const string OrdersRead = "orders:read";

    /// <summary>Deliver orders.</summary>
    public const string OrdersWrite = "orders:write";

    /// <summary>Put products on wishlists and take them off.</summary>
    public const string WishlistWrite = "wishlist:write";

    /// <summary>Deliver and delete reviews.</summary>
    public const string ReviewsWrite = "reviews:write";

    /// <summary>Read points, tiers and the points outstanding.</summary>
    public const string PointsRead = "points:read";

    /// <summary>Add, take, redeem and give back points, and set tiers.</summary>
    public const string PointsWrite = "points:write";

    /// <summary>Read figures about all customers.</summary>
    public const string AnalyticsRead = "analytics:read";

    /// <summary>Read what has happened.</summary>
    public const string EventsRead = "events:read";

    /// <summary>Read webhooks and their deliveries.</summary>
    public const string WebhooksRead = "webhooks:read";

    /// <summary>Create, change, test and delete webhooks, and send events again.</summary>
    public const string WebhooksWrite = "webhooks:write";

    /// <summary>Export everything that is stored about a customer.</summary>
    public const string ExportRead = "export:read";
}

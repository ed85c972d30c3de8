namespace Clientele.Client;

/// <summary>What has happened to a customer.</summary>
public static class EventType
{
    /// <summary>An account was created.</summary>
    public const string CustomerRegistered = "customer.registered";

    /// <summary>Members of the profile have changed, except those with an event of their own.</summary>
    public const string CustomerUpdated = "customer.updated";

    /// <summary>The account was verified.</summary>
    public const string CustomerVerified = "customer.verified";

    /// <summary>The account was deactivated.</summary>
    public const string CustomerDeactivated = "customer.deactivated";

    /// <summary>The account was activated again.</summary>
    public const string CustomerReactivated = "customer.reactivated";

    /// <summary>The customer was erased.</summary>
    public const string CustomerErased = "customer.erased";

    /// <summary>A consent was given or withdrawn.</summary>
    public const string ConsentChanged = "consent.changed";

    /// <summary>An address was created.</summary>
    public const string AddressCreated = "address.created";

    /// <summary>An address was changed.</summary>
    public const string AddressUpdated = "address.updated";

    /// <summary>An address was deleted.</summary>
    public const string AddressDeleted = "address.deleted";

    /// <summary>An order was stored for the first time, or in a newer revision.</summary>
    public const string OrderRecorded = "order.recorded";

    /// <summary>Points were earned by an order.</summary>
    public const string PointsEarned = "points.earned";

    /// <summary>Points were spent.</summary>
    public const string PointsRedeemed = "points.redeemed";

    /// <summary>Points were added or taken away by hand.</summary>
    public const string PointsAdjusted = "points.adjusted";

    /// <summary>A redemption was reversed, or an order has lost points.</summary>
    public const string PointsReversed = "points.reversed";

    /// <summary>Points have expired.</summary>
    public const string PointsExpired = "points.expired";

    /// <summary>Pending points can be spent now.</summary>
    public const string PointsReleased = "points.released";

    /// <summary>Points are going to expire soon.</summary>
    public const string PointsExpiring = "points.expiring";

    /// <summary>The loyalty tier has changed.</summary>
    public const string TierChanged = "tier.changed";

    /// <summary>The customer has entered a group.</summary>
    public const string GroupEntered = "group.entered";

    /// <summary>The customer has left a group.</summary>
    public const string GroupLeft = "group.left";
}

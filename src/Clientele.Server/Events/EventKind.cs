namespace Clientele.Server.Events;

/// <summary>What an event tells. The numbers are stored and must never change their meaning. Events of one save are in this order.</summary>
internal enum EventKind
{
    CustomerRegistered = 1,
    CustomerUpdated = 2,
    CustomerVerified = 3,
    CustomerDeactivated = 4,
    CustomerReactivated = 5,
    ConsentChanged = 6,
    AddressCreated = 7,
    AddressUpdated = 8,
    AddressDeleted = 9,
    OrderRecorded = 10,
    PointsEarned = 11,
    PointsRedeemed = 12,
    PointsAdjusted = 13,
    PointsReversed = 14,
    PointsExpired = 15,
    PointsReleased = 16,
    PointsExpiring = 17,
    TierChanged = 18,
    GroupEntered = 19,
    GroupLeft = 20,
    CustomerErased = 21,
}

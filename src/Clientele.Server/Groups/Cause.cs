namespace Clientele.Server.Groups;

/// <summary>Why a customer entered or left a group. The numbers are stored and must never change their meaning.</summary>
internal enum Cause
{
    /// <summary>An admin added, removed or reset them.</summary>
    ByHand = 0,

    /// <summary>The rule changed, or all customers were evaluated again.</summary>
    Rule = 1,

    /// <summary>Only time has passed.</summary>
    Clock = 2,

    /// <summary>Their membership of a group that the rule refers to changed.</summary>
    Group = 3,
    Registered = 4,
    Erased = 5,
    Profile = 6,
    Order = 7,
    Points = 8,
    Tier = 9,
    Address = 10,
    Review = 11,
    Wishlist = 12,
    Login = 13,
}

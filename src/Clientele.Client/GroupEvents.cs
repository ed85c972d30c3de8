namespace Clientele.Client;

/// <summary>The data of <c>group.entered</c> and <c>group.left</c>.</summary>
public sealed record GroupMovedData
{
    /// <summary>The group's id.</summary>
    /// <example>3</example>
    public required long Group { get; init; }

    /// <summary>Why.</summary>
    /// <example>order</example>
    [OneOf(typeof(GroupMoveCause))]
    public required string Cause { get; init; }
}

/// <summary>Why a customer has entered or left a group, as events tell it.</summary>
public static class GroupMoveCause
{
    /// <summary>An admin added, removed or reset the customer.</summary>
    public const string ByHand = GroupChangeCause.ByHand;

    /// <summary>The rule changed, or all customers were evaluated.</summary>
    public const string Rule = GroupChangeCause.Rule;

    /// <summary>Time has passed.</summary>
    public const string Clock = GroupChangeCause.Clock;

    /// <summary>The members of another group changed.</summary>
    public const string Group = GroupChangeCause.Group;

    /// <summary>The customer registered.</summary>
    public const string Registered = GroupChangeCause.Registered;

    /// <summary>The customer was erased.</summary>
    public const string Erased = GroupChangeCause.Erased;

    /// <summary>The profile changed.</summary>
    public const string Profile = GroupChangeCause.Profile;

    /// <summary>An order changed.</summary>
    public const string Order = GroupChangeCause.Order;

    /// <summary>The points changed.</summary>
    public const string Points = GroupChangeCause.Points;

    /// <summary>The tier changed.</summary>
    public const string Tier = GroupChangeCause.Tier;

    /// <summary>An address changed.</summary>
    public const string Address = GroupChangeCause.Address;

    /// <summary>A review changed.</summary>
    public const string Review = GroupChangeCause.Review;

    /// <summary>The wishlist changed.</summary>
    public const string Wishlist = GroupChangeCause.Wishlist;

    /// <summary>The customer signed in.</summary>
    public const string Login = GroupChangeCause.Login;

    /// <summary>The group was deleted.</summary>
    public const string GroupDeleted = "group_deleted";
}

using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Webhooks;

/// <summary>Webhooks, their events and their deliveries, as people say them.</summary>
internal static class WebhookText
{
    public static readonly IReadOnlyList<string> Types = new OneOfAttribute(typeof(EventType)).Values;

    public static readonly IReadOnlyList<string> States = new OneOfAttribute(typeof(WebhookDeliveryState)).Values;

    private const int FewTypes = 3;

    /// <summary>What people call the webhook.</summary>
    public static string Title(WebhookResponse webhook) => webhook.Description.Length > 0 ? webhook.Description : webhook.Url;

    /// <summary>What a type of events tells.</summary>
    public static string Type(string type) => type switch
    {
        EventType.CustomerRegistered => "An account was created",
        EventType.CustomerUpdated => "The profile has changed",
        EventType.CustomerVerified => "The account was verified",
        EventType.CustomerDeactivated => "The account was deactivated",
        EventType.CustomerReactivated => "The account was activated again",
        EventType.CustomerErased => "The customer was erased",
        EventType.ConsentChanged => "A consent was given or withdrawn",
        EventType.AddressCreated => "An address was created",
        EventType.AddressUpdated => "An address was changed",
        EventType.AddressDeleted => "An address was deleted",
        EventType.OrderRecorded => "An order was stored, or a newer revision of it",
        EventType.PointsEarned => "An order has earned points",
        EventType.PointsRedeemed => "Points were spent",
        EventType.PointsAdjusted => "Points were added or taken by hand",
        EventType.PointsReversed => "A redemption was reversed, or an order has lost points",
        EventType.PointsExpired => "Points have expired",
        EventType.PointsReleased => "Pending points can be spent now",
        EventType.PointsExpiring => "Points expire soon",
        EventType.TierChanged => "The loyalty tier has changed",
        EventType.GroupEntered => "The customer has entered a group",
        EventType.GroupLeft => "The customer has left a group",
        _ => Wording.Label(type),
    };

    /// <summary>Whether events of the type can be limited to groups.</summary>
    public static bool IsAboutGroups(string type) => type is EventType.GroupEntered or EventType.GroupLeft;

    /// <summary>The first few types, and how many more there are.</summary>
    public static string Few(IReadOnlyList<string> types) => types.Count switch
    {
        0 => "All",
        <= FewTypes => string.Join(", ", types),
        _ => string.Create(CultureInfo.CurrentCulture, $"{string.Join(", ", types.Take(FewTypes - 1))} and {types.Count - FewTypes + 1:N0} more"),
    };

    /// <summary>The state of a delivery.</summary>
    public static string State(string state) => state switch
    {
        WebhookDeliveryState.Waiting => "Waiting",
        WebhookDeliveryState.Delivered => "Delivered",
        WebhookDeliveryState.GivenUp => "Given up",
        _ => Wording.Label(state),
    };

    /// <summary>How long ago something was, in its largest unit.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Wording.Count((long)age.TotalMinutes, "minute"),
        { TotalDays: < 1 } => Wording.Count((long)age.TotalHours, "hour"),
        _ => Wording.Count((long)age.TotalDays, "day"),
    };

    /// <summary>How long an attempt took.</summary>
    public static string Latency(int? milliseconds) =>
        milliseconds is { } took ? string.Create(CultureInfo.CurrentCulture, $"{took:N0} ms") : "–";
}

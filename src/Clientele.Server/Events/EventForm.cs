using System.Collections.Frozen;
using System.Reflection;

namespace Clientele.Server.Events;

/// <summary>The form of the events of a kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The type in the API.</param>
/// <param name="Data">The record of the data.</param>
/// <param name="NamesPerson">Whether the data can name a person, and is removed by an erasure. Other data has only numbers, ids and closed sets.</param>
internal sealed record EventForm(EventKind Kind, string Name, Type Data, bool NamesPerson = false)
{
    /// <summary>The version of the forms.</summary>
    public const int Version = 1;

    public static readonly IReadOnlyList<EventForm> All =
    [
        new(EventKind.CustomerRegistered, EventType.CustomerRegistered, typeof(CustomerRegisteredData), NamesPerson: true),
        new(EventKind.CustomerUpdated, EventType.CustomerUpdated, typeof(CustomerUpdatedData), NamesPerson: true),
        new(EventKind.CustomerVerified, EventType.CustomerVerified, typeof(CustomerVerifiedData)),
        new(EventKind.CustomerDeactivated, EventType.CustomerDeactivated, typeof(CustomerActivationData)),
        new(EventKind.CustomerReactivated, EventType.CustomerReactivated, typeof(CustomerActivationData)),
        new(EventKind.CustomerErased, EventType.CustomerErased, typeof(CustomerErasedData)),
        new(EventKind.ConsentChanged, EventType.ConsentChanged, typeof(ConsentChangedData)),
        new(EventKind.AddressCreated, EventType.AddressCreated, typeof(AddressResponse), NamesPerson: true),
        new(EventKind.AddressUpdated, EventType.AddressUpdated, typeof(AddressUpdatedData), NamesPerson: true),
        new(EventKind.AddressDeleted, EventType.AddressDeleted, typeof(AddressDeletedData)),
        new(EventKind.OrderRecorded, EventType.OrderRecorded, typeof(OrderRecordedData), NamesPerson: true),
        new(EventKind.PointsEarned, EventType.PointsEarned, typeof(PointsChangedData)),
        new(EventKind.PointsRedeemed, EventType.PointsRedeemed, typeof(PointsChangedData)),
        new(EventKind.PointsAdjusted, EventType.PointsAdjusted, typeof(PointsChangedData)),
        new(EventKind.PointsReversed, EventType.PointsReversed, typeof(PointsChangedData)),
        new(EventKind.PointsExpired, EventType.PointsExpired, typeof(PointsChangedData)),
        new(EventKind.PointsReleased, EventType.PointsReleased, typeof(PointsChangedData)),
        new(EventKind.PointsExpiring, EventType.PointsExpiring, typeof(PointsExpiringData)),
        new(EventKind.TierChanged, EventType.TierChanged, typeof(TierChangedData)),
        new(EventKind.GroupEntered, EventType.GroupEntered, typeof(GroupMovedData)),
        new(EventKind.GroupLeft, EventType.GroupLeft, typeof(GroupMovedData)),
    ];

    public static readonly FrozenDictionary<string, EventKind> Kinds = All.ToFrozenDictionary(form => form.Name, form => form.Kind);

    /// <summary>The kinds whose data an erasure removes.</summary>
    public static readonly EventKind[] Personal = [.. All.Where(form => form.NamesPerson).Select(form => form.Kind)];

    private static readonly FrozenDictionary<EventKind, EventForm> ByKind = All.ToFrozenDictionary(form => form.Kind);

    /// <summary>What the kind means: the documentation of its constant.</summary>
    public string Summary => OpenApiTexts.Summary(Constant)!;

    private FieldInfo Constant => Array.Find(typeof(EventType).GetFields(), constant => (string?)constant.GetRawConstantValue() == Name)!;

    public static EventForm Of(EventKind kind) => ByKind[kind];

    /// <summary>Data as it is stored: the JSON of its record.</summary>
    public static string Text<T>(T data) => JsonSerializer.Serialize(data, Wire.For<T>(admin: true));
}

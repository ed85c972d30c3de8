using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>An event: the JSON envelope of CloudEvents 1.0.</summary>
public sealed record CustomerEvent
{
    /// <summary>The version of CloudEvents.</summary>
    /// <example>1.0</example>
    [JsonPropertyName("specversion")]
    public required string SpecVersion { get; init; }

    /// <summary>The event's id. It never changes: an event that arrives twice has the same id.</summary>
    /// <example>123-17</example>
    public required string Id { get; init; }

    /// <summary>The service that tells the event: the setting <c>Events:Source</c>.</summary>
    /// <example>/clientele</example>
    public required string Source { get; init; }

    /// <summary>What has happened.</summary>
    /// <example>customer.updated</example>
    [OneOf(typeof(EventType))]
    public required string Type { get; init; }

    /// <summary>The customer, as <c>customer/</c> and the id.</summary>
    /// <example>customer/123</example>
    public required string Subject { get; init; }

    /// <summary>When it happened.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime Time { get; init; }

    /// <summary>The format of <c>data</c>.</summary>
    /// <example>application/json</example>
    [JsonPropertyName("datacontenttype")]
    public required string DataContentType { get; init; }

    /// <summary>The customer's id, as text, because numbers of CloudEvents have 32 bits.</summary>
    /// <example>123</example>
    public required string Customer { get; init; }

    /// <summary>The version of the form of <c>data</c>. It grows when members are removed or change their meaning, not when members are added.</summary>
    /// <example>1</example>
    public required int Version { get; init; }

    /// <summary>The facts. Their members depend on the type. Null if they could name a person, and the customer was erased afterwards.</summary>
    /// <example>{"changed": {"first_name": "Joan"}}</example>
    [Shape(
        typeof(CustomerRegisteredData), typeof(CustomerUpdatedData), typeof(CustomerVerifiedData), typeof(CustomerActivationData), typeof(CustomerErasedData),
        typeof(ConsentChangedData), typeof(AddressResponse), typeof(AddressUpdatedData), typeof(AddressDeletedData), typeof(OrderRecordedData),
        typeof(PointsChangedData), typeof(PointsExpiringData), typeof(TierChangedData), typeof(GroupMovedData))]
    public required JsonElement? Data { get; init; }

    /// <summary>The customer's id.</summary>
    [JsonIgnore]
    public long CustomerId => long.Parse(Customer, CultureInfo.InvariantCulture);

    /// <summary>Reads the facts as the record of the event's type, such as <see cref="CustomerUpdatedData"/>; null if an erasure has removed them.</summary>
    /// <typeparam name="T">The record. The documentation of the events says which one a type has.</typeparam>
    public T? ReadData<T>()
        where T : class => Data is { ValueKind: not JsonValueKind.Null } data ? (T?)data.Deserialize(WireJson.Default.GetTypeInfo(typeof(T))!) : null;
}

/// <summary>A page of events.</summary>
public sealed record EventsResponse
{
    /// <summary>The events, in the order in which they must be applied.</summary>
    public required IReadOnlyList<CustomerEvent> Results { get; init; }

    /// <summary>Where to continue, also if there are no more events for now.</summary>
    /// <example>ZS4xNw</example>
    public required string Cursor { get; init; }

    /// <summary>Whether there is more to read now. If not, a call with <c>wait</c> waits for it.</summary>
    /// <example>false</example>
    public required bool More { get; init; }
}

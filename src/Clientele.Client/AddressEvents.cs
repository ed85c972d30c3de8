using System.Text.Json;

namespace Clientele.Client;

/// <summary>The data of <c>address.updated</c>.</summary>
public sealed record AddressUpdatedData
{
    /// <summary>The address's id.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary>The members that have changed, with their new values.</summary>
    /// <example>{"city": "Austin"}</example>
    [Shape(typeof(AddressChanges))]
    public required IReadOnlyDictionary<string, JsonElement> Changed { get; init; }
}

/// <summary>The members of an address that an event of a change may have. A member that has not changed is left out.</summary>
public sealed record AddressChanges
{
    /// <summary>What the address is for.</summary>
    /// <example>billing</example>
    [OneOf(typeof(AddressType))]
    public string? AddressType { get; init; }

    /// <summary>The recipient's given name.</summary>
    /// <example>John</example>
    public string? FirstName { get; init; }

    /// <summary>The recipient's family name.</summary>
    /// <example>Doe</example>
    public string? LastName { get; init; }

    /// <summary>The company.</summary>
    /// <example>Doe Ltd</example>
    public string? Company { get; init; }

    /// <summary>The recipient's phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public string? Phone { get; init; }

    /// <summary>Street and house number.</summary>
    /// <example>123 Main St</example>
    public string? AddressLine1 { get; init; }

    /// <summary>Apartment, floor or building.</summary>
    /// <example>Apt 4B</example>
    public string? AddressLine2 { get; init; }

    /// <summary>The city.</summary>
    /// <example>Austin</example>
    public string? City { get; init; }

    /// <summary>The code or name of the state, province or region.</summary>
    /// <example>TX</example>
    public string? State { get; init; }

    /// <summary>The postal code.</summary>
    /// <example>73301</example>
    public string? PostalCode { get; init; }

    /// <summary>The country, as ISO 3166-1 alpha-3.</summary>
    /// <example>USA</example>
    public string? Country { get; init; }

    /// <summary>Whether this is the default of its type.</summary>
    /// <example>true</example>
    public bool? IsDefault { get; init; }
}

/// <summary>The data of <c>address.deleted</c>.</summary>
public sealed record AddressDeletedData
{
    /// <summary>The address's id.</summary>
    /// <example>7</example>
    public required long Id { get; init; }

    /// <summary>What the address was for.</summary>
    /// <example>shipping</example>
    [OneOf(typeof(AddressType))]
    public required string AddressType { get; init; }
}

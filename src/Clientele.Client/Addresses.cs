using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>An address of a customer.</summary>
public sealed record AddressResponse
{
    /// <summary>The address's id.</summary>
    /// <example>456</example>
    public required long Id { get; init; }

    /// <summary>The id of the customer it belongs to.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary><c>billing</c> or <c>shipping</c>.</summary>
    /// <example>shipping</example>
    [OneOf(typeof(AddressType))]
    public required string AddressType { get; init; }

    /// <summary>The recipient's given name.</summary>
    /// <example>John</example>
    public required string FirstName { get; init; }

    /// <summary>The recipient's family name.</summary>
    /// <example>Doe</example>
    public required string LastName { get; init; }

    /// <summary>The recipient's company.</summary>
    /// <example>Acme Inc.</example>
    public required string? Company { get; init; }

    /// <summary>The recipient's phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public required string? Phone { get; init; }

    /// <summary>The street line.</summary>
    /// <example>123 Main St</example>
    public required string AddressLine1 { get; init; }

    /// <summary>A second line.</summary>
    /// <example>Apt 4B</example>
    public required string? AddressLine2 { get; init; }

    /// <summary>The city or town.</summary>
    /// <example>New York</example>
    public required string? City { get; init; }

    /// <summary>The state, province or region: a code if the country has a closed list.</summary>
    /// <example>NY</example>
    public required string? State { get; init; }

    /// <summary>The English name of the state; the state itself if the country has no closed list.</summary>
    /// <example>New York</example>
    public required string? StateName { get; init; }

    /// <summary>The postal code, as the country spells it.</summary>
    /// <example>10001</example>
    public required string? PostalCode { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-3.</summary>
    /// <example>USA</example>
    public required string Country { get; init; }

    /// <summary>The English name of the country.</summary>
    /// <example>United States</example>
    public required string CountryName { get; init; }

    /// <summary>Whether it is the customer's default address of its type.</summary>
    /// <example>true</example>
    public required bool IsDefault { get; init; }

    /// <summary>The address in one line, in the order and with the names that the country writes on letters; the country comes last, in English.</summary>
    /// <example>John Doe, 123 Main St, Apt 4B, New York, NY 10001, United States</example>
    public required string FullAddress { get; init; }

    /// <summary>When it was created.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>The writable members of an address.</summary>
public sealed record AddressRequest
{
    /// <summary><c>billing</c> or <c>shipping</c>.</summary>
    /// <example>shipping</example>
    [Required, OneOf(typeof(AddressType))]
    public string AddressType { get; set; } = "";

    /// <summary>The recipient's given name.</summary>
    /// <example>John</example>
    [Required, StringLength(150), OneLine]
    public string FirstName { get; set; } = "";

    /// <summary>The recipient's family name; empty for people with one name.</summary>
    /// <example>Doe</example>
    [Required(AllowEmptyStrings = true), StringLength(150), OneLine]
    public string LastName { get; set; } = "";

    /// <summary>The recipient's company.</summary>
    /// <example>Acme Inc.</example>
    [StringLength(150), OneLine]
    public string? Company { get; set; }

    /// <summary>
    /// The recipient's phone number, in any usual spelling; it is stored in E.164 form. Without its country code it belongs to the address's country.
    /// </summary>
    /// <example>+1234567890</example>
    [StringLength(40)]
    public string? Phone { get; set; }

    /// <summary>The street line.</summary>
    /// <example>123 Main St</example>
    [Required, StringLength(255), OneLine]
    public string AddressLine1 { get; set; } = "";

    /// <summary>A second line.</summary>
    /// <example>Apt 4B</example>
    [StringLength(255), OneLine]
    public string? AddressLine2 { get; set; }

    /// <summary>The city or town; required if addresses in the country have one.</summary>
    /// <example>New York</example>
    [StringLength(100), OneLine]
    public string? City { get; set; }

    /// <summary>
    /// The state, province or region. If the country has a closed list: its ISO 3166-2 code with or without the country, or any usual name.
    /// </summary>
    /// <example>NY</example>
    [StringLength(100), OneLine]
    public string? State { get; set; }

    /// <summary>The postal code. Blanks, dashes, case and a prefix of the country do not matter.</summary>
    /// <example>10001</example>
    [StringLength(20), OneLine]
    public string? PostalCode { get; set; }

    /// <summary>The country: ISO 3166-1 alpha-2 or alpha-3, or a usual name such as "UK".</summary>
    /// <example>USA</example>
    [Required, StringLength(100)]
    public string Country { get; set; } = "";

    /// <summary>Whether it becomes the customer's default address of its type. A customer's first address of a type always does.</summary>
    /// <example>true</example>
    public bool IsDefault { get; set; }

    /// <summary>The customer the address is for. Used only when an admin creates an address; all other callers create addresses for themselves.</summary>
    /// <example>123</example>
    [AdminOnly]
    public long? Customer { get; set; }
}

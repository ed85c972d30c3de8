namespace Clientele.Client;

/// <summary>What a form for addresses in a country needs.</summary>
public sealed record CountryResponse
{
    /// <summary>The ISO 3166-1 alpha-2 code.</summary>
    /// <example>JP</example>
    public required string Code { get; init; }

    /// <summary>The ISO 3166-1 alpha-3 code, which addresses contain.</summary>
    /// <example>JPN</example>
    public required string Code3 { get; init; }

    /// <summary>The English name.</summary>
    /// <example>Japan</example>
    public required string Name { get; init; }

    /// <summary>The name in the country's first language.</summary>
    /// <example>日本</example>
    public required string NativeName { get; init; }

    /// <summary>The members that an address in the country must have, in addition to the recipient's name and the country.</summary>
    /// <example>["postal_code", "state", "address_line1"]</example>
    public required IReadOnlyList<string> Required { get; init; }

    /// <summary>What the country calls a member.</summary>
    /// <example>{"postal_code": "Postal code", "state": "Prefecture", "address_line1": "Address line 1", "city": "City"}</example>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The members that a form shows, in the order in which the country writes them.</summary>
    /// <example>["postal_code", "state", "city", "address_line1", "address_line2", "company", "first_name", "last_name"]</example>
    public required IReadOnlyList<string> Order { get; init; }

    /// <summary>The form of postal codes; null if the country is not known to have any.</summary>
    public required PostalCodeFormat? PostalCode { get; init; }

    /// <summary>The regions of a closed list; empty if any text is accepted.</summary>
    public required IReadOnlyList<RegionResponse> Regions { get; init; }
}

/// <summary>The form of a country's postal codes.</summary>
public sealed record PostalCodeFormat
{
    /// <summary>A regular expression for the whole code, regardless of case. The service also accepts blanks and dashes at other places.</summary>
    /// <example>\d{3}-?\d{4}</example>
    public required string Pattern { get; init; }

    /// <summary>A code as the country spells it.</summary>
    /// <example>154-0023</example>
    public required string? Example { get; init; }
}

/// <summary>A region of a country with a closed list.</summary>
public sealed record RegionResponse
{
    /// <summary>The code: the part after the dash of the ISO 3166-2 code, where the region has one.</summary>
    /// <example>13</example>
    public required string Code { get; init; }

    /// <summary>The English name.</summary>
    /// <example>Tokyo</example>
    public required string Name { get; init; }

    /// <summary>The name in the country's own language.</summary>
    /// <example>東京都</example>
    public required string NativeName { get; init; }
}

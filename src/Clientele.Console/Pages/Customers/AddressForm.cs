using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What a form for an address shows in a country.</summary>
internal static class AddressForm
{
    private static readonly string[] AllMembers = ["address_line1", "address_line2", "postal_code", "city", "state"];

    /// <summary>The members after the recipient, in the order in which the country writes them. The second line follows the first.</summary>
    public static IEnumerable<string> Order(CountryResponse? country)
    {
        var known = (country?.Order ?? []).Where(AllMembers.Contains).ToList();
        if (known.Count == 0)
        {
            return AllMembers;
        }

        // Lines that the country does not name are still possible.
        known.AddRange(AllMembers.Where(IsLine).Where(line => !known.Contains(line)));
        var first = known.IndexOf("address_line1");
        if (known.Remove("address_line2"))
        {
            known.Insert(known.IndexOf("address_line1") + 1, "address_line2");
        }

        return first < 0 ? AllMembers : known;
    }

    public static bool IsLine(string member) => member is "address_line1" or "address_line2";

    /// <summary>What the country calls a member, with a star if addresses there must have it.</summary>
    public static string Label(CountryResponse? country, string member)
    {
        var label = country?.Labels.GetValueOrDefault(member) ?? member switch
        {
            "address_line1" => "Address line 1",
            "address_line2" => "Address line 2",
            "postal_code" => "Postal code",
            "city" => "City",
            _ => "Region",
        };
        return Wording.Label(label) + (country?.Required.Contains(member) == true || member == "address_line1" ? " *" : "");
    }

    public static string? Hint(CountryResponse? country, string member) =>
        member == "postal_code" && country?.PostalCode?.Example is { } example ? $"For example {example}" : null;

    public static string Get(AddressDraft draft, string member) => member switch
    {
        "address_line1" => draft.AddressLine1,
        "address_line2" => draft.AddressLine2,
        "postal_code" => draft.PostalCode,
        "city" => draft.City,
        _ => draft.State,
    };

    public static void Set(AddressDraft draft, string member, string? value)
    {
        var text = value ?? "";
        _ = member switch
        {
            "address_line1" => draft.AddressLine1 = text,
            "address_line2" => draft.AddressLine2 = text,
            "postal_code" => draft.PostalCode = text,
            "city" => draft.City = text,
            _ => draft.State = text,
        };
    }

    /// <summary>Countries by name, native name or code; all for no text, or for the name of one.</summary>
    public static IEnumerable<CountryResponse> Find(IReadOnlyList<CountryResponse> countries, string? text) =>
        string.IsNullOrWhiteSpace(text) || countries.Any(country => country.Name == text)
            ? countries
            : countries.Where(country =>
                Contains(country.Name, text) || Contains(country.NativeName, text) || Is(country.Code, text) || Is(country.Code3, text))
                .OrderByDescending(country => country.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>The codes of regions by name or code.</summary>
    public static IEnumerable<string> FindRegions(CountryResponse? country, string? text)
    {
        var regions = country?.Regions ?? [];
        return (string.IsNullOrWhiteSpace(text) || regions.Any(region => RegionName(country, region.Code) == text)
            ? regions
            : regions.Where(region => Contains(region.Name, text) || Contains(region.NativeName, text) || Is(region.Code, text))).Select(region => region.Code);
    }

    /// <summary>A region with its code; a text that is no code stays as it is.</summary>
    public static string RegionName(CountryResponse? country, string? code) =>
        country?.Regions.FirstOrDefault(region => region.Code == code) is { } region ? $"{region.Name} ({region.Code})" : code ?? "";

    private static bool Contains(string name, string text) => name.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string code, string text) => string.Equals(code, text, StringComparison.OrdinalIgnoreCase);
}

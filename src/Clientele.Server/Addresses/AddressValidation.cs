namespace Clientele.Server.Addresses;

/// <summary>The parts of an address that depend on the rules of its country.</summary>
internal sealed record AddressParts(string? AddressLine1, string? AddressLine2, string? City, string? State, string? PostalCode, string? Country);

/// <summary>The parts as they are stored, and the errors by member.</summary>
internal sealed record CheckedAddress(AddressParts Parts, IReadOnlyDictionary<string, string[]> Errors)
{
    public bool IsValid => Errors.Count == 0;
}

internal static class AddressValidation
{
    private const int LongestQuotation = 40;

    /// <summary>
    /// Trims the parts, converts the country to alpha-3 and a state from a closed list to its code, and checks the
    /// country's rules. It does not check lengths.
    /// </summary>
    public static CheckedAddress Check(AddressParts raw, CountryRules? rules = null)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var parts = new AddressParts(
            Trimmed(raw.AddressLine1), Trimmed(raw.AddressLine2), Trimmed(raw.City), Trimmed(raw.State), Trimmed(raw.PostalCode), Trimmed(raw.Country));
        if ((rules ?? CountryRules.Default).Find(parts.Country) is not { } country)
        {
            errors["country"] = [parts.Country is null
                ? "Country is required."
                : $"Country {Quoted(parts.Country)} is not known; use an ISO 3166-1 code or an English name, such as US, USA or United States."];
            return new CheckedAddress(parts, errors);
        }

        var check = new CountryCheck(country, errors);
        check.Require('A', "address_line1", parts.AddressLine1);
        check.Require('C', "city", parts.City);
        check.Require('S', "state", parts.State);
        check.Require('Z', "postal_code", parts.PostalCode);
        parts = parts with
        {
            City = check.InList('C', "city", parts.City, subdivision => subdivision.Name),
            State = check.InList('S', "state", parts.State, subdivision => subdivision.Code),
            PostalCode = check.PostalCode(parts.PostalCode),
            Country = country.Alpha3,
        };
        return new CheckedAddress(parts, errors);
    }

    private static string? Trimmed(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    // Keyboards of some languages type other digits, full-width letters and typographic dashes. Postal codes need plain characters.
    private static string Plain(string code)
    {
        var plain = new StringBuilder(code.Length);
        foreach (var rune in TextFolding.Normalise(code, NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
            {
                plain.Append((int)Rune.GetNumericValue(rune));
            }
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DashPunctuation || rune.Value == '−')
            {
                plain.Append('-');
            }
            else
            {
                plain.Append(rune);
            }
        }

        return plain.ToString().Trim();
    }

    private static string Likeness(Country country) => country.PostalExamples switch
    {
        [] => $"it has the form {country.PostalPattern}",
        [var only] => $"it looks like {only}",
        [var first, var second, ..] => $"it looks like {first} or {second}",
    };

    private static string Either(Subdivision subdivision) =>
        subdivision.Code == subdivision.Name ? subdivision.Name : $"{subdivision.Code} or {subdivision.Name}";

    private static string Quoted(string value)
    {
        var runes = value.EnumerateRunes().Take(LongestQuotation + 1).ToList();
        return runes.Count <= LongestQuotation ? value : string.Concat(runes.Take(LongestQuotation)) + "…";
    }

    /// <summary>The rules of one country.</summary>
    private sealed class CountryCheck(Country country, Dictionary<string, string[]> errors)
    {
        public void Require(char part, string member, string? value)
        {
            if (value is null && country.Requires(part))
            {
                errors[member] = [$"{country.Label(part)} is required in {country.Name}."];
            }
        }

        public string? InList(char part, string member, string? value, Func<Subdivision, string> stored)
        {
            if (value is null || country.ListedPart != part)
            {
                return value;
            }

            if (country.FindSubdivision(value) is { } known)
            {
                return stored(known);
            }

            errors[member] = [$"{country.Label(part)} {Quoted(value)} is not known in {country.Name}; "
                + $"use one of its codes or names, such as {Either(country.NearestSubdivision(value))}."];
            return value;
        }

        public string? PostalCode(string? value)
        {
            if (value is null || country.PostalPattern is null)
            {
                return value;
            }

            var code = Plain(value);
            if (country.AcceptsPostalCode(code))
            {
                return code;
            }

            if (country.PostalPrefix is { } prefix
                && code.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && country.AcceptsPostalCode(code[prefix.Length..].Trim()))
            {
                return code[prefix.Length..].Trim();
            }

            errors["postal_code"] = [$"{country.Label('Z')} {Quoted(value)} does not fit {country.Name}; {Likeness(country)}."];
            return value;
        }
    }
}

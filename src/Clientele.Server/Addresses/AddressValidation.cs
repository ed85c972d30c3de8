using System.Text.RegularExpressions;

namespace Clientele.Server.Addresses;

/// <summary>The parts of an address that depend on the rules of its country.</summary>
internal sealed record AddressParts(string? AddressLine1, string? AddressLine2, string? City, string? State, string? PostalCode, string? Country);

/// <summary>The parts as they are stored, and the errors by member.</summary>
internal sealed record CheckedAddress(AddressParts Parts, IReadOnlyDictionary<string, string[]> Errors)
{
    public bool IsValid => Errors.Count == 0;
}

internal static partial class AddressValidation
{
    private const int LongestQuotation = 40;
    private const int Suggestions = 3;

    /// <summary>
    /// Puts each part in one line, converts the country to alpha-3, a state from a closed list to its code and the postal code to the country's
    /// spelling, and checks the country's rules. It does not check lengths.
    /// </summary>
    public static CheckedAddress Check(AddressParts raw, CountryRules? rules = null)
    {
        rules ??= CountryRules.Default;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var parts = new AddressParts(
            OneLine(raw.AddressLine1), OneLine(raw.AddressLine2), OneLine(raw.City), OneLine(raw.State), OneLine(raw.PostalCode), OneLine(raw.Country));
        if (rules.Find(parts.Country) is not { } country)
        {
            errors["country"] = [parts.Country is null
                ? "Country is required."
                : $"Country {Quoted(parts.Country)} is not known; use an ISO 3166-1 code or an English name, such as US, USA or United States."];
            return new CheckedAddress(parts, errors);
        }

        var check = new CountryCheck(rules, country, errors);
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

    /// <summary>
    /// Removes the old region from an address that moves to another country. Free text stays, unless the new country has a list without it. A region
    /// from a list stays only if the request names it and the new country's list has it.
    /// </summary>
    /// <param name="parts">The parts after the change.</param>
    /// <param name="stored">The parts before it.</param>
    /// <param name="isStateSent">Whether the request names the state.</param>
    public static AddressParts WithoutForeignRegion(AddressParts parts, AddressParts stored, bool isStateSent)
    {
        var (from, to) = (CountryRules.Default.Find(stored.Country), CountryRules.Default.Find(parts.Country));
        if (from is null || to is null || from == to || parts.State is not { Length: > 0 } state || OneLine(state) != stored.State)
        {
            return parts;
        }

        var wasListed = from.ListedPart == 'S';
        var fits = to.ListedPart == 'S' ? (isStateSent || !wasListed) && to.FindSubdivision(state) is not null : !wasListed;
        return fits ? parts : parts with { State = null };
    }

    /// <summary>The text in one line: line breaks and other white space become single blanks. Null if nothing remains.</summary>
    private static string? OneLine(string? value) => string.IsNullOrWhiteSpace(value) ? null : Spaces().Replace(value, " ").Trim();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    private static string Likeness(Country country) => country.PostalExamples switch
    {
        [] => $"it has the form {country.PostalPattern}",
        [var only] => $"it looks like {only}",
        [var first, var second, ..] => $"it looks like {first} or {second}",
    };

    private static string Likeliest(Country country, string value)
    {
        var names = country.LikeliestSubdivisions(value, Suggestions)
            .Select(region => region.Code == region.Name ? region.Name : $"{region.Name} ({region.Code})").ToList();
        return names is [.., var last] && names.Count > 1 ? $"{string.Join(", ", names.SkipLast(1))} or {last}" : names[0];
    }

    private static string Quoted(string value)
    {
        var runes = value.EnumerateRunes().Take(LongestQuotation + 1).ToList();
        return runes.Count <= LongestQuotation ? value : string.Concat(runes.Take(LongestQuotation)) + "…";
    }

    /// <summary>The rules of one country.</summary>
    private sealed class CountryCheck(CountryRules rules, Country country, Dictionary<string, string[]> errors)
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
                + $"use one of its codes or names, such as {Likeliest(country, value)}."];
            return value;
        }

        public string? PostalCode(string? value)
        {
            if (value is null)
            {
                return null;
            }

            if (PostalCodes.Spell(country, value) is not { } code)
            {
                errors["postal_code"] = [$"{country.Label('Z')} {Quoted(value)} does not fit {country.Name}; {Likeness(country)}."];
                return value;
            }

            if (PostalCodes.Owner(rules, country, code) is { } owner)
            {
                errors["postal_code"] =
                    [$"{country.Label('Z')} {code} belongs to {owner.Name}, which has a post of its own; use {owner.Name} ({owner.Alpha2}) as the country."];
            }

            return code;
        }
    }
}

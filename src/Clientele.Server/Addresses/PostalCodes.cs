using System.Collections.Frozen;

namespace Clientele.Server.Addresses;

/// <summary>Postal codes as people type them, and as the country spells them.</summary>
internal static class PostalCodes
{
    private const int Longest = 20;

    /// <summary>What people put before a code, besides the codes of the country: the sign on cars, the country whose post delivers, a word for it.</summary>
    private static readonly FrozenDictionary<string, string[]> Prefixes = new Dictionary<string, string[]>
    {
        ["AT"] = ["A"],
        ["AX"] = ["FI", "FIN"],
        ["BE"] = ["B"],
        ["DE"] = ["D"],
        ["EE"] = ["EST"],
        ["ES"] = ["E"],
        ["FI"] = ["SF"],
        ["FO"] = ["DK"],
        ["FR"] = ["F"],
        ["GB"] = ["UK"],
        ["GL"] = ["DK"],
        ["HU"] = ["H"],
        ["IT"] = ["I"],
        ["LI"] = ["FL", "CH"],
        ["LU"] = ["L"],
        ["NO"] = ["N"],
        ["OM"] = ["PC"],
        ["PT"] = ["P"],
        ["SE"] = ["S"],
        ["SI"] = ["SLO"],
        ["SM"] = ["RSM", "I"],
        ["SV"] = ["CP"],
        ["VA"] = ["SCV", "V", "I"],
    }.ToFrozenDictionary();

    /// <summary>Territories with a post of their own whose codes fit the pattern of another country.</summary>
    private static readonly FrozenDictionary<string, string[]> Territories = new Dictionary<string, string[]>
    {
        ["CH"] = ["LI"],
        ["DK"] = ["GL"],
        ["FR"] = ["MC"],
        ["GB"] = ["GG", "JE", "IM"],
        ["IT"] = ["SM", "VA"],
    }.ToFrozenDictionary();

    /// <summary>The code in the country's own spelling; null if it does not fit.</summary>
    public static string? Spell(Country country, string typed)
    {
        var code = Plain(typed).ToUpperInvariant();
        if (country.PostalPattern is null)
        {
            return string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        }

        code = string.Concat(code.Where(c => c is not ('-' or '〒') && !char.IsWhiteSpace(c)));
        if (code.Length > Longest)
        {
            return null;
        }

        // Latvia's LV belongs to the code, Germany's D does not: what fits decides.
        var without = PrefixesOf(country).Where(prefix => code.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => code[prefix.Length..]);
        return without.Append(code).Append(country.Alpha2 + code).Select(compact => Separated(country, compact)).FirstOrDefault(spelled => spelled is not null);
    }

    /// <summary>The territory that a code of the country belongs to, if it has a post of its own.</summary>
    public static Country? Owner(CountryRules rules, Country country, string code) =>
        (Territories.GetValueOrDefault(country.Alpha2) ?? []).Select(rules.Find).FirstOrDefault(territory => territory?.AcceptsPostalCode(code) == true);

    private static IEnumerable<string> PrefixesOf(Country country) =>
        [
            country.Alpha3, country.Alpha2, .. country.OtherAlpha3, .. Prefixes.GetValueOrDefault(country.Alpha2) ?? [],
            .. country.PostalPrefix is { } printed ? [printed.Trim(' ', '-').ToUpperInvariant()] : Array.Empty<string>(),
        ];

    /// <summary>The code with the blank or dash of the country's examples, or with one that its pattern demands.</summary>
    private static string? Separated(Country country, string compact)
    {
        var joined = country.AcceptsPostalCode(compact) ? compact : null;
        var separators = "- ".OrderByDescending(separator => country.PostalExamples.Count(example => example.Contains(separator, StringComparison.Ordinal)));
        foreach (var separator in separators)
        {
            if (joined is not null && !country.PostalExamples.Any(example => example.Contains(separator, StringComparison.Ordinal)))
            {
                continue;
            }

            for (var i = 1; i < compact.Length; i++)
            {
                if ($"{compact[..i]}{separator}{compact[i..]}" is var separated && country.AcceptsPostalCode(separated))
                {
                    return separated;
                }
            }
        }

        return joined;
    }

    // Keyboards of some languages type other digits, full-width letters and typographic dashes. Postal codes need plain characters.
    private static string Plain(string code)
    {
        var plain = new StringBuilder(code.Length);
        foreach (var rune in TextFolding.Normalise(code, NormalizationForm.FormKC).EnumerateRunes())
        {
            var isDash = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DashPunctuation || rune.Value == '−';
            plain.Append(isDash ? new Rune('-') : TextFolding.AsciiDigit(rune));
        }

        return plain.ToString().Trim();
    }
}

using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Clientele.Server.Addresses;

internal sealed record Subdivision(string Code, string Name);

/// <summary>The rules for addresses of a country. Parts have the letters of the data file: A, D, C, S, Z, X.</summary>
internal sealed class Country
{
    private readonly FrozenDictionary<string, Subdivision> _spellings;
    private readonly FrozenDictionary<string, Subdivision> _foldedSpellings;
    private readonly FrozenDictionary<char, string> _labels;
    private readonly Lazy<Regex>? _postalCode;

    internal Country(string alpha2, CountryEntry entry, FrozenDictionary<char, string> labels)
    {
        Alpha2 = alpha2;
        Alpha3 = entry.A3;
        OtherAlpha3 = entry.A3alt ?? [];
        Name = entry.Name;
        Currency = entry.Cur;
        Required = entry.Req;
        Used = entry.Use;
        PostalPattern = entry.Zip;
        PostalPrefix = entry.Zippre;
        PostalExamples = entry.Zipex ?? [];
        ListedPart = entry.Subs is null ? null : entry.Subfor?[0] ?? 'S';
        _labels = labels;
        _postalCode = entry.Zip is null ? null : new(() => new Regex(
            $@"^(?:{entry.Zip})\z",
            RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

        var spellings = (entry.Subs ?? [])
            .Select(spelled => (Subdivision: new Subdivision(spelled[0], spelled.ElementAtOrDefault(1) ?? spelled[0]), Spellings: spelled))
            .ToList();
        Subdivisions = [.. spellings.Select(entry => entry.Subdivision)];
        _spellings = spellings
            .SelectMany(entry => entry.Spellings, (entry, spelling) => (spelling, entry.Subdivision))
            .DistinctBy(pair => pair.spelling, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(pair => pair.spelling, pair => pair.Subdivision, StringComparer.OrdinalIgnoreCase);

        // Folding can make two subdivisions equal. Such a spelling then matches neither.
        _foldedSpellings = _spellings
            .GroupBy(pair => CountryRules.NameKey(pair.Key), pair => pair.Value, StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0 && group.Distinct().Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
    }

    public string Alpha2 { get; }

    public string Alpha3 { get; }

    public IReadOnlyList<string> OtherAlpha3 { get; }

    public string Name { get; }

    public string? Currency { get; }

    /// <summary>The letters of the parts that a delivery requires.</summary>
    public string Required { get; }

    /// <summary>The letters of the parts that a form shows.</summary>
    public string Used { get; }

    public string? PostalPattern { get; }

    /// <summary>A prefix that is printed before the postal code and never stored.</summary>
    public string? PostalPrefix { get; }

    public IReadOnlyList<string> PostalExamples { get; }

    public IReadOnlyList<Subdivision> Subdivisions { get; }

    /// <summary>The part whose values are the <see cref="Subdivisions"/>: S, or C in Andorra; null if there is no list.</summary>
    public char? ListedPart { get; }

    /// <summary>The country's own name for a part.</summary>
    public string Label(char part) => _labels[part];

    public bool Requires(char part) => Required.Contains(part, StringComparison.Ordinal);

    /// <summary>Returns true if the country has no known pattern.</summary>
    public bool AcceptsPostalCode(string code) => _postalCode?.Value.IsMatch(code) ?? true;

    public Subdivision? FindSubdivision(string text) =>
        _spellings.GetValueOrDefault(text.Trim()) ?? _foldedSpellings.GetValueOrDefault(CountryRules.NameKey(text));

    /// <summary>The subdivision with the longest common prefix: probably the one that was meant.</summary>
    public Subdivision NearestSubdivision(string text)
    {
        var folded = TextFolding.Fold(text.Trim());
        return Subdivisions.MaxBy(subdivision => TextFolding.Fold(subdivision.Name).AsSpan().CommonPrefixLength(folded))
            ?? throw new InvalidOperationException($"{Name} has no list of subdivisions.");
    }
}

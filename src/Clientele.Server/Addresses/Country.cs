using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Clientele.Server.Addresses;

/// <summary>The rules for addresses of a country. Parts have the letters of the data file: N, O, A, D, C, S, Z, X.</summary>
internal sealed class Country
{
    /// <summary>Countries whose letters have the code of the region and not its name.</summary>
    private static readonly FrozenSet<string> WritingCodes = FrozenSet.Create("AU", "BR", "CA", "IT", "US");

    /// <summary>Countries for which the data file has the English name before the native one in Latin script.</summary>
    private static readonly FrozenSet<string> EnglishFirst = FrozenSet.Create("ID", "KZ", "VN");

    private readonly FrozenDictionary<string, Subdivision> _codes;
    private readonly SubdivisionNames _names;
    private readonly FrozenDictionary<char, string> _labels;
    private readonly AddressFormat _localFormat;
    private readonly AddressFormat _latinFormat;
    private readonly Lazy<Regex>? _postalCode;
    private readonly CommonNames? _codeNames;

    /// <param name="alpha2">The code.</param>
    /// <param name="entry">The rules.</param>
    /// <param name="labels">The names of the parts.</param>
    /// <param name="names">Other names.</param>
    /// <param name="isBuiltIn">Whether the entry is that of the built-in data file and has its codes.</param>
    internal Country(string alpha2, CountryEntry entry, FrozenDictionary<char, string> labels, CommonNames names, bool isBuiltIn)
    {
        Alpha2 = alpha2;
        Alpha3 = entry.A3;
        OtherAlpha3 = entry.A3alt ?? [];
        Name = entry.Name;
        NativeName = names.NativeName(alpha2) ?? entry.Name;
        Currency = entry.Cur;
        Required = entry.Req;
        PostalPattern = entry.Zip;
        PostalPrefix = entry.Zippre;
        PostalExamples = entry.Zipex ?? [];
        _labels = labels;
        _codeNames = isBuiltIn ? names : null;
        _localFormat = new AddressFormat(entry.Fmt ?? AddressFormat.Usual);
        _latinFormat = entry.Lfmt is null ? _localFormat : new AddressFormat(entry.Lfmt);
        Order = [.. _localFormat.Parts.Where(part => part is 'N' or 'O' || entry.Use.Contains(part, StringComparison.Ordinal)).Concat(entry.Use)
            .Where(part => "NOACSZ".Contains(part, StringComparison.Ordinal)).Distinct()];
        _postalCode = entry.Zip is null ? null : new(() => new Regex(
            $@"^(?:{entry.Zip})\z",
            RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

        var listed = (entry.Subs ?? [])
            .Select(spelled => (Spelled: spelled, Subdivision: Read(alpha2, IsoCode(spelled[0]), spelled, names)))
            .ToList();
        Subdivisions = [.. listed.Select(region => region.Subdivision)];
        ListedPart = listed.Count == 0 ? null : entry.Subfor?[0] ?? 'S';
        _codes = Subdivisions.ToFrozenDictionary(subdivision => subdivision.Code, StringComparer.Ordinal);
        _names = new SubdivisionNames(
            [Alpha2, Alpha3, .. OtherAlpha3],
            [.. Subdivisions.Select(subdivision => (subdivision.Code, subdivision))],
            [.. listed.SelectMany(region => region.Spelled.Skip(1), (region, name) => (name, region.Subdivision))],
            [.. Subdivisions.SelectMany(subdivision => names.OfRegion(alpha2, subdivision.Code), (subdivision, name) => (name, subdivision))],
            [.. Subdivisions.SelectMany(subdivision => names.AliasesOf(alpha2, subdivision.Code), (subdivision, alias) => (alias.Name, subdivision))],
            [.. listed.Where(region => region.Spelled[0] != region.Subdivision.Code).Select(region => (region.Spelled[0], region.Subdivision))]);
    }

    public string Alpha2 { get; }

    public string Alpha3 { get; }

    public IReadOnlyList<string> OtherAlpha3 { get; }

    public string Name { get; }

    /// <summary>The name in the country's first language.</summary>
    public string NativeName { get; }

    public string? Currency { get; }

    /// <summary>The letters of the parts that a delivery requires.</summary>
    public string Required { get; }

    /// <summary>The letters of the parts that a form shows, in the order in which they are written.</summary>
    public IReadOnlyList<char> Order { get; }

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

    /// <summary>The code of a subdivision today, given its code in the data file, which earlier releases stored.</summary>
    public string IsoCode(string listed) => _codeNames?.IsoCode(Alpha2, listed) ?? listed;

    /// <summary>The subdivision with this code, as it is stored.</summary>
    public Subdivision? SubdivisionWithCode(string? code) => code is null ? null : _codes.GetValueOrDefault(code);

    /// <summary>Finds a subdivision by its code or any usual name.</summary>
    public Subdivision? FindSubdivision(string text) => _names.Find(text);

    public IReadOnlyList<Subdivision> LikeliestSubdivisions(string text, int most) => _names.Likeliest(text, most);

    /// <summary>The address as a letter to the country has it, in one line.</summary>
    public string Write(Address address)
    {
        var isLatin = PlaceNames.IsLatin(address.AddressLine1);
        var region = ListedPart == 'S' ? SubdivisionWithCode(address.State) : null;
        var written = (isLatin ? _latinFormat : _localFormat).Write(part => part switch
        {
            'N' => PlaceNames.IsFamilyFirst(address.LastName)
                ? $"{address.LastName} {address.FirstName}".Trim()
                : $"{address.FirstName} {address.LastName}".Trim(),
            'O' => address.Company,
            'A' => address.AddressLine2 is null ? address.AddressLine1 : $"{address.AddressLine1}, {address.AddressLine2}",
            'C' => address.City,
            'S' when region is null || WritingCodes.Contains(Alpha2) => address.State,
            'S' => isLatin ? region.PostalName : region.NativeName,
            'Z' => address.PostalCode,
            _ => null,
        });
        return written.Length == 0 ? Name : $"{written}, {Name}";
    }

    private static Subdivision Read(string alpha2, string code, string[] spelled, CommonNames names)
    {
        var cldr = names.OfRegion(alpha2, code);
        var shown = names.AliasesOf(alpha2, code).Where(alias => alias.IsShown).ToList();
        var listed = spelled.ElementAtOrDefault(1) ?? code;
        var local = spelled.Skip(1).Where(name => !PlaceNames.IsLatin(name)).MaxBy(name => name.Length);
        var postal = EnglishFirst.Contains(alpha2) ? spelled.ElementAtOrDefault(2) ?? listed : listed;
        var keepsListed = cldr.Length == 0 || cldr.Any(name => PlaceNames.Key(name) == PlaceNames.Key(listed)) || spelled.Contains(cldr[0]);
        return new Subdivision(
            code,
            shown.Find(alias => alias.IsLatin)?.Name ?? (keepsListed ? listed : cldr[0]),
            shown.Find(alias => !alias.IsLatin)?.Name ?? local ?? postal,
            postal);
    }
}

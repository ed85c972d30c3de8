namespace Clientele.Server.Addresses;

/// <summary>
/// What people call countries and regions, beside their names in the address rules: <c>cldr-names.json</c>, and for what that does not have,
/// <c>address-aliases.txt</c>.
/// </summary>
internal sealed class CommonNames
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Lazy<CommonNames> Embedded = new(() => new CommonNames());
    private readonly CldrNames _cldr;
    private readonly ILookup<string, Alias> _aliases;

    private CommonNames()
    {
        using var cldr = CountryRules.OpenData("cldr-names.json");
        using var aliases = new StreamReader(CountryRules.OpenData("address-aliases.txt"));
        _cldr = JsonSerializer.Deserialize<CldrNames>(cldr, Format)!;
        _aliases = Read(aliases.ReadToEnd()).ToLookup(alias => alias.Place, StringComparer.Ordinal);
    }

    public static CommonNames Default => Embedded.Value;

    /// <summary>The places of <c>address-aliases.txt</c> and their names there.</summary>
    public IEnumerable<(string Place, string Name)> Aliases => _aliases.SelectMany(place => place.Select(alias => (place.Key, alias.Name)));

    /// <summary>The country's name in its first language.</summary>
    public string? NativeName(string alpha2) => _cldr.Countries.GetValueOrDefault(alpha2)?.Native;

    public IEnumerable<string> Of(string alpha2) => _aliases[alpha2].Select(alias => alias.Name)
        .Concat(_cldr.Countries.GetValueOrDefault(alpha2) is { } country ? country.Names.Append(country.Native) : []);

    /// <summary>The ISO 3166-2 code of a region to which the address rules give another code.</summary>
    public string IsoCode(string alpha2, string code) => _cldr.Codes.GetValueOrDefault(alpha2)?.GetValueOrDefault(code) ?? code;

    /// <summary>CLDR's English names of a region.</summary>
    public string[] OfRegion(string alpha2, string code) => _cldr.Regions.GetValueOrDefault(alpha2)?.GetValueOrDefault(code) ?? [];

    public IEnumerable<Alias> AliasesOf(string alpha2, string code) => _aliases[$"{alpha2}-{code}"];

    private static IEnumerable<Alias> Read(string text) =>
        from line in text.Split('\n')
        let place = line.Split('#')[0].Split(':', 2, StringSplitOptions.TrimEntries)
        where place.Length == 2
        from name in place[1].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select new Alias(place[0], name.TrimStart('='), name[0] == '=');

    /// <summary>Another name.</summary>
    /// <param name="Place">The country, or the country and the region's code.</param>
    /// <param name="Name">The name.</param>
    /// <param name="IsShown">Whether it is shown instead of the other sources' name.</param>
    internal sealed record Alias(string Place, string Name, bool IsShown)
    {
        public bool IsLatin => PlaceNames.IsLatin(Name);
    }

    private sealed record CldrNames
    {
        public required Dictionary<string, CldrCountry> Countries { get; init; }

        public required Dictionary<string, Dictionary<string, string>> Codes { get; init; }

        public required Dictionary<string, Dictionary<string, string[]>> Regions { get; init; }
    }

    private sealed record CldrCountry(string Native, string[] Names);
}

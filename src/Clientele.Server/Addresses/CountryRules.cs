using System.Collections.Frozen;

namespace Clientele.Server.Addresses;

/// <summary>The countries and their rules for addresses.</summary>
internal sealed class CountryRules
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Lazy<CountryRules> Embedded = new(() =>
    {
        using var defaults = OpenDefaults();
        return Load(defaults, overrides: null);
    });

    private static volatile CountryRules? _overridden;

    private readonly FrozenDictionary<string, Country> _codes;
    private readonly FrozenDictionary<string, Country> _names;

    private CountryRules(List<Country> countries)
    {
        All = countries;
        _codes = Index(
            countries.SelectMany(country => country.OtherAlpha3.Append(country.Alpha2).Append(country.Alpha3), (country, code) => (code, country)),
            StringComparer.OrdinalIgnoreCase);
        _names = Index(countries.Select(country => (NameKey(country.Name), country)), StringComparer.Ordinal);
    }

    /// <summary>The current rules: the built-in ones, unless <see cref="UseOverrides"/> changed them at start.</summary>
    public static CountryRules Default => _overridden ?? Embedded.Value;

    public IReadOnlyList<Country> All { get; }

    /// <summary>An entry of <paramref name="overrides"/> replaces or adds a country. Both files have the same format.</summary>
    /// <exception cref="InvalidDataException">The data does not have this format.</exception>
    public static CountryRules Load(Stream defaults, Stream? overrides)
    {
        var rules = Read(defaults);
        var entries = new Dictionary<string, CountryEntry>(rules.Countries, StringComparer.OrdinalIgnoreCase);
        var changed = overrides is null ? null : Read(overrides);
        foreach (var (alpha2, entry) in changed?.Countries ?? [])
        {
            entries[alpha2] = entry;
        }

        var texts = With(rules.LabelText, changed?.LabelText);
        var defaultLabels = With(rules.DefaultLabels, changed?.DefaultLabels);
        var loaded = new CountryRules([.. entries.Select(pair => Build(pair.Key.ToUpperInvariant(), pair.Value, defaultLabels, texts))]);

        // The built-in patterns are tested and compiled on first use. An operator's pattern must not fail during a request.
        foreach (var alpha2 in changed?.Countries.Keys.ToArray() ?? [])
        {
            RequireUsablePattern(loaded._codes[alpha2]);
        }

        return loaded;
    }

    /// <summary>Replaces countries with the entries of an operator's file.</summary>
    public static void UseOverrides(string file)
    {
        using var defaults = OpenDefaults();
        using var overrides = File.OpenRead(file);
        _overridden = Load(defaults, overrides);
    }

    /// <summary>The built-in data file.</summary>
    public static Stream OpenDefaults() =>
        typeof(CountryRules).Assembly.GetManifestResourceStream("address-rules.json")
        ?? throw new InvalidOperationException("address-rules.json is not embedded in the assembly.");

    /// <summary>Finds a country by ISO 3166-1 alpha-2 or alpha-3 code or by English short name; case, accents and punctuation are ignored.</summary>
    public Country? Find(string? text) =>
        text is null ? null : _codes.GetValueOrDefault(text.Trim()) ?? _names.GetValueOrDefault(NameKey(text));

    internal static string NameKey(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in TextFolding.Fold(name).EnumerateRunes())
        {
            if (rune.Value == '&')
            {
                key.Append("and");
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                key.Append(rune);
            }
        }

        return key.ToString();
    }

    private static RulesFile Read(Stream json)
    {
        try
        {
            return JsonSerializer.Deserialize<RulesFile>(json, Format)
                ?? throw new InvalidDataException("The address rules are empty.");
        }
        catch (JsonException cause)
        {
            throw new InvalidDataException($"The address rules cannot be read: {cause.Message}", cause);
        }
    }

    private static Dictionary<string, string> With(Dictionary<string, string>? defaults, Dictionary<string, string>? changes)
    {
        var result = new Dictionary<string, string>(defaults ?? [], StringComparer.Ordinal);
        foreach (var (key, value) in changes ?? [])
        {
            result[key] = value;
        }

        return result;
    }

    private static Country Build(string alpha2, CountryEntry entry, Dictionary<string, string> defaultLabels, Dictionary<string, string> texts)
    {
        if (entry.Subs?.Any(subdivision => subdivision.Length == 0) == true
            || entry.Subfor is not (null or "S" or "C")
            || entry.Label?.Keys.Any(letter => letter.Length != 1) == true)
        {
            throw new InvalidDataException($"The address rules of {alpha2} are not in the form of the data file.");
        }

        var labels = new Dictionary<char, string>
        {
            ['A'] = "Address line 1",
            ['X'] = "Sorting code",
        };
        foreach (var (letter, code) in With(defaultLabels, entry.Label))
        {
            labels[letter[0]] = texts.GetValueOrDefault(code, code);
        }

        return new Country(alpha2, entry, labels.ToFrozenDictionary());
    }

    private static FrozenDictionary<string, Country> Index(IEnumerable<(string Key, Country Country)> pairs, StringComparer comparer)
    {
        var index = new Dictionary<string, Country>(comparer);
        foreach (var (key, country) in pairs)
        {
            if (!index.TryAdd(key, country) && index[key] != country)
            {
                throw new InvalidDataException($"The address rules know {key} as both {index[key].Name} and {country.Name}.");
            }
        }

        return index.ToFrozenDictionary(comparer);
    }

    private static void RequireUsablePattern(Country country)
    {
        try
        {
            country.AcceptsPostalCode("");
        }
        catch (Exception cause) when (cause is ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"The postal-code pattern of {country.Name} cannot be used: {cause.Message}", cause);
        }
    }
}

internal sealed record RulesFile
{
    public required Dictionary<string, CountryEntry> Countries { get; init; }

    public Dictionary<string, string>? LabelText { get; init; }

    public Dictionary<string, string>? DefaultLabels { get; init; }
}

/// <summary>A country in the data file.</summary>
internal sealed record CountryEntry
{
    public required string Name { get; init; }

    public required string A3 { get; init; }

    public string[]? A3alt { get; init; }

    public string? Cur { get; init; }

    public string Req { get; init; } = "A";

    public string Use { get; init; } = "AC";

    public Dictionary<string, string>? Label { get; init; }

    public string? Zip { get; init; }

    public string[]? Zipex { get; init; }

    public string? Zippre { get; init; }

    public string[][]? Subs { get; init; }

    public string? Subfor { get; init; }
}

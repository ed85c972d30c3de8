using System.Collections.Frozen;

namespace Clientele.Server.Addresses;

/// <summary>Finds the regions of a country by everything they are called.</summary>
internal sealed class SubdivisionNames
{
    private const int LongestCompared = 40;

    private readonly FrozenDictionary<string, Subdivision> _spellings;
    private readonly FrozenDictionary<string, Subdivision> _keys;
    private readonly FrozenDictionary<string, Subdivision> _shortKeys;
    private readonly string[] _prefixes;

    /// <param name="country">The codes of the country, which can precede the code of a region.</param>
    /// <param name="sources">The codes, then lists of names. If two lists give a name to different regions, the earlier list decides.</param>
    public SubdivisionNames(IEnumerable<string> country, params IReadOnlyList<(string Name, Subdivision Subdivision)>[] sources)
    {
        var (spellings, keys) =
            (new Dictionary<string, Subdivision>(StringComparer.OrdinalIgnoreCase), new Dictionary<string, Subdivision>(StringComparer.Ordinal));
        foreach (var source in sources)
        {
            foreach (var (name, subdivision) in source)
            {
                spellings.TryAdd(name, subdivision);
            }

            foreach (var (key, subdivision) in Unambiguous(source, PlaceNames.Key))
            {
                keys.TryAdd(key, subdivision);
            }
        }

        _spellings = spellings.ToFrozenDictionary(spellings.Comparer);
        _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);
        _shortKeys = Unambiguous(sources.Skip(1).SelectMany(source => source), PlaceNames.Short).ToFrozenDictionary(StringComparer.Ordinal);
        _prefixes = [.. country];
    }

    /// <summary>Ignores case, accents and what the region is called ("Province"). A name that means two regions means neither.</summary>
    public Subdivision? Find(string text)
    {
        text = text.Trim();
        string[] texts =
        [
            text,
            .. _prefixes.Where(prefix => text.Length > prefix.Length + 1
                && text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && text[prefix.Length] is '-' or ' ' or '_')
                .Select(prefix => text[(prefix.Length + 1)..]),
        ];
        return texts.Select(Whole).Concat(texts.Select(Short)).FirstOrDefault(found => found is not null);
    }

    /// <summary>The regions with the names that are most like the text.</summary>
    public IReadOnlyList<Subdivision> Likeliest(string text, int most)
    {
        var key = PlaceNames.Key(text);
        key = key[..Math.Min(key.Length, LongestCompared)];
        return [.. _keys.Concat(_shortKeys)
            .Select(name => (name.Value, Distance: PlaceNames.Distance(key, name.Key) / (double)Math.Max(key.Length, name.Key.Length)))
            .GroupBy(name => name.Value, name => name.Distance).OrderBy(region => region.Min()).ThenBy(region => region.Key.Name, StringComparer.Ordinal)
            .Select(region => region.Key).Take(most)];
    }

    private Subdivision? Whole(string text) => _spellings.GetValueOrDefault(text) ?? _keys.GetValueOrDefault(PlaceNames.Key(text));

    private Subdivision? Short(string text) => _shortKeys.GetValueOrDefault(PlaceNames.Short(text));

    private static IEnumerable<KeyValuePair<string, Subdivision>> Unambiguous(
        IEnumerable<(string Name, Subdivision Subdivision)> names, Func<string, string> form) =>
        names.GroupBy(name => form(name.Name), name => name.Subdivision, StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0 && group.Distinct().Count() == 1)
            .Select(group => KeyValuePair.Create(group.Key, group.First()));
}

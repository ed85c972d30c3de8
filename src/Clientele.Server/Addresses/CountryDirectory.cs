using System.Collections.Frozen;

namespace Clientele.Server.Addresses;

/// <summary>The countries as forms need them. The responses are the same for everybody, so they are written once.</summary>
internal sealed class CountryDirectory
{
    private static readonly FrozenDictionary<char, string[]> Members = new Dictionary<char, string[]>
    {
        ['N'] = ["first_name", "last_name"],
        ['O'] = ["company"],
        ['A'] = ["address_line1", "address_line2"],
        ['C'] = ["city"],
        ['S'] = ["state"],
        ['Z'] = ["postal_code"],
    }.ToFrozenDictionary();

    private readonly Lazy<Document> _all = new(() => Write<IReadOnlyList<CountryResponse>>(
        [.. CountryRules.Default.All.Select(Describe).OrderBy(country => country.Name, StringComparer.InvariantCulture)]));

    private readonly Lazy<FrozenDictionary<string, Document>> _each = new(() =>
        CountryRules.Default.All.ToFrozenDictionary(country => country.Alpha2, country => Write(Describe(country))));

    public Document All => _all.Value;

    /// <summary>The country with an ISO 3166-1 alpha-2 or alpha-3 code.</summary>
    public Document? Find(string code) => CountryRules.Default.FindByCode(code) is { } country ? _each.Value[country.Alpha2] : null;

    private static CountryResponse Describe(Country country) => new()
    {
        Code = country.Alpha2,
        Code3 = country.Alpha3,
        Name = country.Name,
        NativeName = country.NativeName,
        Required = [.. country.Order.Where(country.Requires).Select(part => Members[part][0])],
        Labels = country.Order.Where(part => part is not ('N' or 'O')).ToDictionary(part => Members[part][0], country.Label),
        Order = [.. country.Order.SelectMany(part => Members[part])],
        PostalCode = country.PostalPattern is { } pattern
            ? new() { Pattern = pattern, Example = country.PostalExamples is [var first, ..] ? first : null }
            : null,
        Regions = [.. country.Subdivisions.Select(region => new RegionResponse { Code = region.Code, Name = region.Name, NativeName = region.NativeName })],
    };

    private static Document Write<T>(T value)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Wire.For<T>(admin: false));
        return new(json, $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8))}\"");
    }

    /// <summary>A response and its ETag.</summary>
    internal sealed record Document(byte[] Json, string Tag);
}

using System.Globalization;
using System.Text.Json;
using Clientele.Server.Addresses;

namespace Clientele.Tests.Addresses;

[Trait("Database", "Any")]
public class RecognisingRegions
{
    private static readonly JsonElement Rules = Read("address-rules.json").GetProperty("countries");
    private static readonly JsonElement Cldr = Read("cldr-names.json");

    /// <summary>The countries with a closed list of regions.</summary>
    private static readonly string[] Closed = [.. Rules.EnumerateObject()
        .Where(country => country.Value.TryGetProperty("subs", out var subs) && subs.GetArrayLength() > 0).Select(country => country.Name)];

    /// <summary>CLDR has names of areas that hold several regions of the list. Nobody can say which region is meant.</summary>
    private static readonly string[] LargerAreas =
    [
        "CV-B", "CV-S", "ES-AN", "ES-AR", "ES-CL", "ES-CM", "ES-CN", "ES-CT", "ES-EX", "ES-GA", "ES-PV", "ES-VC", "ID-JW", "ID-KA", "ID-ML", "ID-NU",
        "ID-PP", "ID-SL", "ID-SM", "IE-C", "IE-L", "IE-M", "IE-U", "IT-21", "IT-25", "IT-32", "IT-34", "IT-36", "IT-42", "IT-45", "IT-52", "IT-55",
        "IT-57", "IT-62", "IT-65", "IT-67", "IT-72", "IT-75", "IT-77", "IT-78", "IT-82", "IT-88", "PH-01", "PH-02", "PH-03", "PH-05", "PH-06", "PH-07",
        "PH-08", "PH-09", "PH-10", "PH-11", "PH-12", "PH-13", "PH-14", "PH-15", "PH-40", "PH-41", "PH-MAG",
    ];

    [Fact]
    public void Every_name_in_the_data_of_a_region_means_that_region()
    {
        var names = Closed.SelectMany(country => NamesOf(country).Select(name => (country, name.Code, name.Name))).ToList();
        var wrong = names.Where(name => Stored(name.country, name.Name) != name.Code).ToList();

        Assert.InRange(names.Count, 3_500, 6_000);
        Assert.True(wrong.Count == 0, Share(names.Count, wrong.Count) + string.Join("; ", wrong.Take(200)));
    }

    [Fact]
    public void Every_name_that_cldr_has_in_a_closed_list_is_recognised_unless_it_is_a_larger_area()
    {
        var names = Cldr.GetProperty("unlisted").EnumerateObject()
            .SelectMany(country => country.Value.EnumerateObject(), (country, region) =>
                (Country: country.Name, Code: region.Name, Name: region.Value.GetString()!));

        Assert.Equal(
            LargerAreas.Order(StringComparer.Ordinal),
            names.Where(name => Stored(name.Country, name.Name) is null).Select(name => $"{name.Country}-{name.Code}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_alias_means_its_place() => Assert.All(CommonNames.Default.Aliases, alias =>
    {
        var place = alias.Place.Split('-', 2);
        Assert.Equal(
            place,
            place.Length == 1 ? (string[])[CountryRules.Default.Find(alias.Name)?.Alpha2!] : [place[0], Stored(place[0], alias.Name)!]);
    });

    [Fact]
    public void Every_code_is_understood_with_and_without_its_country() => Assert.All(CountryRules.Default.All, country =>
    {
        foreach (var code in country.Subdivisions.Select(region => region.Code))
        {
            var iso = $"{country.Alpha2}-{code}";
            string[] spellings = [code, iso, $"{country.Alpha3}-{code}", CultureInfo.InvariantCulture.TextInfo.ToLower(iso)];
            Assert.All(spellings, spelling => Assert.Equal(code, country.FindSubdivision(spelling)?.Code));
        }
    });

    [Theory]
    [InlineData("CN", "Guangdong", "GD")]
    [InlineData("CN", "广东", "GD")]
    [InlineData("CN", "CN-GD", "GD")]
    [InlineData("CN", "guangdong province", "GD")]
    [InlineData("CN", "Inner Mongolia", "NM")]
    [InlineData("IE", "Dublin", "D")]
    [InlineData("IE", "County Dublin", "D")]
    [InlineData("IE", "Co Cork", "CO")]
    [InlineData("JP", "Aichi Prefecture", "23")]
    [InlineData("JP", "Aichi-ken", "23")]
    [InlineData("JP", "愛知", "23")]
    [InlineData("JP", "東京", "13")]
    [InlineData("JP", "京都", "26")]
    [InlineData("JP", "Tōkyō-to", "13")]
    [InlineData("AR", "CABA", "C")]
    [InlineData("AR", "Provincia de Buenos Aires", "B")]
    [InlineData("KR", "강원특별자치도", "42")]
    [InlineData("KR", "Gangwon State", "42")]
    [InlineData("KR", "전라북도", "45")]
    [InlineData("KR", "서울시", "11")]
    [InlineData("VN", "Hanoi", "HN")]
    [InlineData("VN", "Thành phố Đà Nẵng", "DN")]
    [InlineData("VN", "Tỉnh Lâm Đồng", "35")]
    [InlineData("VN", "TP. HCM", "SG")]
    [InlineData("TH", "จังหวัดเชียงใหม่", "50")]
    [InlineData("RU", "Moscow Oblast", "MOS")]
    [InlineData("RU", "Moscow", "MOW")]
    [InlineData("RU", "Республика Татарстан", "TA")]
    [InlineData("RU", "St. Petersburg", "SPE")]
    [InlineData("UA", "Kyiv Oblast", "32")]
    [InlineData("UA", "Kiev", "30")]
    [InlineData("TW", "臺北市", "TPE")]
    [InlineData("US", "Washington State", "WA")]
    [InlineData("US", "Washington, D.C.", "DC")]
    [InlineData("US", "State of New York", "NY")]
    [InlineData("CA", "Québec", "QC")]
    [InlineData("MX", "Estado de México", "MEX")]
    [InlineData("MX", "Mexico City", "CMX")]
    [InlineData("ES", "Vizcaya", "BI")]
    [InlineData("ES", "Comunidad de Madrid", "M")]
    [InlineData("IT", "Milan", "MI")]
    [InlineData("IT", "Provincia di Milano", "MI")]
    [InlineData("IT", "Aosta Valley", "AO")]
    [InlineData("IN", "Orissa", "OD")]
    [InlineData("AE", "Emirate of Dubai", "DU")]
    [InlineData("TR", "Istanbul", "34")]
    [InlineData("IR", "استان تهران", "23")]
    [InlineData("EG", "القاهرة", "C")]
    public void A_region_is_recognised_as_people_write_it(string country, string text, string code) => Assert.Equal(code, Stored(country, text));

    [Theory]
    [InlineData("IE", "Atlantis")]
    [InlineData("US", "Kansas City")]
    [InlineData("VN", "Province")]
    [InlineData("JP", "県")]
    [InlineData("CN", "-")]
    [InlineData("US", "US-")]
    [InlineData("ES", "Andalusia")]
    public void What_means_no_region_or_several_is_refused(string country, string text) => Assert.Null(Stored(country, text));

    [Theory]
    [InlineData("US", "Illinoi", "Illinois (IL)")]
    [InlineData("US", "Massachusets", "Massachusetts (MA)")]
    [InlineData("CN", "Guangdnog", "Guangdong (GD)")]
    [InlineData("JP", "Okinawaa", "Okinawa (47)")]
    [InlineData("DE", "", "")]
    [InlineData("IT", "Firenz", "Florence (FI)")]
    [InlineData("KR", "서욹", "Seoul (11)")]
    public void The_likeliest_three_are_named_by_the_distance_of_any_of_their_names(string country, string text, string likeliest)
    {
        var messages = AddressValidation.Check(new("1 Street", null, "Town", text, null, country)).Errors.GetValueOrDefault("state") ?? [];

        Assert.Equal(likeliest.Length == 0 ? 0 : 1, messages.Length);
        Assert.All(messages, message => Assert.Matches($@"such as {System.Text.RegularExpressions.Regex.Escape(likeliest)}, [^,]+ or [^,]+\.$", message));
    }

    [Fact]
    public void Every_region_has_a_name_to_show_that_means_it() => Assert.All(CountryRules.Default.All, country =>
        Assert.All(country.Subdivisions, region => Assert.All(
            [region.Name, region.NativeName, region.PostalName],
            name => Assert.Same(region, country.FindSubdivision(name)))));

    private static string Share(int all, int wrong) =>
        string.Create(CultureInfo.InvariantCulture, $"{all - wrong} of {all} names ({100.0 * (all - wrong) / all:0.0} %) are recognised, not: ");

    private static string? Stored(string country, string name)
    {
        var city = Rules.GetProperty(country).TryGetProperty("subfor", out _);
        var address = AddressValidation.Check(new("1 Street", null, city ? name : "Town", city ? "" : name, null, country));
        return address.Errors.ContainsKey(city ? "city" : "state") ? null
            : city ? Rules.GetProperty(country).GetProperty("subs").EnumerateArray().Single(sub => sub[1].GetString() == address.Parts.City)[0].GetString()
            : address.Parts.State;
    }

    private static IEnumerable<(string Code, string Name)> NamesOf(string country)
    {
        foreach (var sub in Rules.GetProperty(country).GetProperty("subs").EnumerateArray())
        {
            var code = Code(country, sub[0].GetString()!);
            foreach (var name in sub.EnumerateArray().Skip(1))
            {
                yield return (code, name.GetString()!);
            }
        }

        foreach (var region in Cldr.GetProperty("regions").GetProperty(country).EnumerateObject())
        {
            foreach (var name in region.Value.EnumerateArray())
            {
                yield return (region.Name, name.GetString()!);
            }
        }
    }

    private static string Code(string country, string listed) =>
        Cldr.GetProperty("codes").TryGetProperty(country, out var codes) && codes.TryGetProperty(listed, out var code) ? code.GetString()! : listed;

    private static JsonElement Read(string resource)
    {
        using var stream = CountryRules.OpenData(resource);
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}

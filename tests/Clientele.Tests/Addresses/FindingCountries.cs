using System.Text;
using Clientele.Server.Addresses;

namespace Clientele.Tests.Addresses;

[Trait("Database", "Any")]
public class FindingCountries
{
    [Theory]
    [InlineData("US", "USA")]
    [InlineData(" usa ", "USA")]
    [InlineData("united states", "USA")]
    [InlineData("XKK", "XKX")]
    [InlineData("Türkiye", "TUR")]
    [InlineData("TURKIYE", "TUR")]
    [InlineData("cote d'ivoire", "CIV")]
    [InlineData("Bosnia and Herzegovina", "BIH")]
    [InlineData("UK", "GBR")]
    [InlineData("U.K.", "GBR")]
    [InlineData("England", "GBR")]
    [InlineData("USA", "USA")]
    [InlineData("U.S.", "USA")]
    [InlineData("United States of America", "USA")]
    [InlineData("Holland", "NLD")]
    [InlineData("the netherlands", "NLD")]
    [InlineData("Czech Republic", "CZE")]
    [InlineData("Turkey", "TUR")]
    [InlineData("Russian Federation", "RUS")]
    [InlineData("South Korea", "KOR")]
    [InlineData("Korea, Republic of", "KOR")]
    [InlineData("Viet Nam", "VNM")]
    [InlineData("Saint Lucia", "LCA")]
    [InlineData("Saint Vincent and the Grenadines", "VCT")]
    [InlineData("Ivory Coast", "CIV")]
    [InlineData("Swaziland", "SWZ")]
    [InlineData("Macau", "MAC")]
    [InlineData("Deutschland", "DEU")]
    [InlineData("Österreich", "AUT")]
    [InlineData("日本", "JPN")]
    [InlineData("Suisse", "CHE")]
    public void Codes_and_names_are_understood_in_any_case_and_without_accents(string text, string alpha3) =>
        Assert.Equal(alpha3, CountryRules.Default.Find(text)?.Alpha3);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("U")]
    [InlineData("Congo")]
    [InlineData("&")]
    [InlineData("\ud800")]
    [InlineData("Atlantis")]
    public void Anything_else_is_no_country(string? text) => Assert.Null(CountryRules.Default.Find(text));

    [Fact]
    public void Every_country_is_found_by_each_of_its_names() =>
        Assert.All(CountryRules.Default.All, country => Assert.All(
            [.. country.OtherAlpha3, country.Alpha2, country.Alpha3, country.Name, country.NativeName, .. CommonNames.Default.Of(country.Alpha2)],
            text => Assert.Same(country, CountryRules.Default.Find(text))));

    [Fact]
    public void An_override_replaces_its_country_and_leaves_the_others()
    {
        var rules = Load("""{"countries":{"LU":{"name":"Luxembourg","a3":"LUX","req":"AZ","use":"AZ","zip":"L\\d{4}","zipex":["L1234"]}}}""");

        Assert.Equal("L\\d{4}", rules.Find("LUX")?.PostalPattern);
        Assert.Equal("Postal code", rules.Find("LUX")?.Label('Z'));
        Assert.False(rules.Find("LUX")?.Requires('C'));
        Assert.Equal(252, rules.All.Count);
    }

    [Fact]
    public void An_override_may_bring_a_country_and_a_label_of_its_own()
    {
        var rules = Load("""{"label_text":{"planet":"Planet"},"countries":{"xx":{"name":"Space","a3":"XXS","req":"AS","label":{"S":"planet"}}}}""");

        var address = AddressValidation.Check(new("1 Orbit", null, null, null, null, "XX"), rules);

        Assert.Equal(["Planet is required in Space."], address.Errors["state"]);
        Assert.Equal("XXS", address.Parts.Country);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"countries":{"LU":{"name":"Luxembourg"}}}""")]
    [InlineData("""{"countries":{"LU":{"name":"Luxembourg","a3":"USA"}}}""")]
    [InlineData("""{"countries":{"LU":{"name":"Luxembourg","a3":"LUX","zip":"("}}}""")]
    [InlineData("""{"countries":{"LU":{"name":"Luxembourg","a3":"LUX","zip":"(?=1)"}}}""")]
    [InlineData("""{"countries":{"LU":{"name":"Luxembourg","a3":"LUX","subs":[[]]}}}""")]
    public void An_unusable_override_is_refused_when_it_is_loaded(string overrides) =>
        Assert.Throws<InvalidDataException>(() => Load(overrides));

    private static CountryRules Load(string overrides)
    {
        using var defaults = CountryRules.OpenDefaults();
        using var changes = new MemoryStream(Encoding.UTF8.GetBytes(overrides));
        return CountryRules.Load(defaults, changes);
    }
}

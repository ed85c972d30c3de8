using System.Globalization;
using Clientele.Server.Addresses;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class SpellingPostalCodes(ClienteleApp app)
{
    [Fact]
    [Trait("Database", "Any")]
    public void A_code_has_the_countrys_spelling_however_it_was_typed() => Assert.All(CountryRules.Default.All, country =>
    {
        foreach (var example in country.PostalExamples)
        {
            var compact = string.Concat(example.Where(char.IsAsciiLetterOrDigit));
            var lower = CultureInfo.InvariantCulture.TextInfo;
            string[] typed =
            [
                example, compact, lower.ToLower(compact), $" {example} ",
                string.Join(' ', compact.AsEnumerable()), string.Join('-', compact.AsEnumerable()),
                compact.Insert(1, " "), compact.Insert(compact.Length - 1, "–"), string.Concat(compact.Select(FullWidth)),
                $"{country.Alpha2}-{example}", $"{country.Alpha2} {compact}", $"{lower.ToLower(country.Alpha3)}-{compact}",
            ];
            Assert.All(typed, code => Assert.Equal((code, example), (code, PostalCodes.Spell(country, code))));
        }
    });

    [Theory]
    [InlineData("GB", "sw1a1aa", "SW1A 1AA")]
    [InlineData("GB", "SW1 A1AA", "SW1A 1AA")]
    [InlineData("GB", "UK-M11AE", "M1 1AE")]
    [InlineData("GB", "bfpo57", "BFPO 57")]
    [InlineData("CA", "h2y1c6", "H2Y 1C6")]
    [InlineData("CA", "H2Y-1C6", "H2Y 1C6")]
    [InlineData("NL", "1012lg", "1012 LG")]
    [InlineData("NL", "NL-1012LG", "1012 LG")]
    [InlineData("JP", "5300001", "530-0001")]
    [InlineData("JP", "〒530-0001", "530-0001")]
    [InlineData("DE", "D-10117", "10117")]
    [InlineData("DE", "D 10117", "10117")]
    [InlineData("LT", "LT-04340", "04340")]
    [InlineData("CH", "CH-8001", "8001")]
    [InlineData("BE", "B-1000", "1000")]
    [InlineData("AT", "A-1010", "1010")]
    [InlineData("FR", "F-75001", "75001")]
    [InlineData("FR", "75 001", "75001")]
    [InlineData("SE", "S-114 55", "11455")]
    [InlineData("LI", "FL-9490", "9490")]
    [InlineData("LV", "1050", "LV-1050")]
    [InlineData("LV", "LV1050", "LV-1050")]
    [InlineData("LV", "lv-1050", "LV-1050")]
    [InlineData("AD", "100", "AD100")]
    [InlineData("PL", "00950", "00-950")]
    [InlineData("PL", "PL 00-950", "00-950")]
    [InlineData("PT", "P-1250 096", "1250-096")]
    [InlineData("BR", "40301110", "40301-110")]
    [InlineData("US", "221621010", "22162-1010")]
    [InlineData("US", "22162 1010", "22162-1010")]
    [InlineData("PR", "00930 1234", "00930-1234")]
    [InlineData("CZ", "CZ-11000", "110 00")]
    [InlineData("IE", "d02af30", "D02 AF30")]
    [InlineData("OM", "PC 133", "133")]
    [InlineData("GH", "ga 183-8164", "GA183-8164")]
    [InlineData("DE", "D-1011", null)]
    [InlineData("CA", "12345", null)]
    [Trait("Database", "Any")]
    public void Prefixes_blanks_and_dashes_do_not_matter(string alpha2, string typed, string? stored)
    {
        var country = CountryRules.Default.Find(alpha2)!;

        Assert.Equal(stored, PostalCodes.Spell(country, typed));
    }

    [Theory]
    [InlineData("GBR", null, "JE2 3AB", "Postal code JE2 3AB belongs to Jersey, which has a post of its own; use Jersey (JE) as the country.")]
    [InlineData("GBR", null, "gy11aa", "Postal code GY1 1AA belongs to Guernsey, which has a post of its own; use Guernsey (GG) as the country.")]
    [InlineData("GBR", null, "IM2 1AA", "Postal code IM2 1AA belongs to Isle of Man, which has a post of its own; use Isle of Man (IM) as the country.")]
    [InlineData("FRA", null, "98000", "Postal code 98000 belongs to Monaco, which has a post of its own; use Monaco (MC) as the country.")]
    [InlineData("ITA", "RM", "00120", "Postal code 00120 belongs to Vatican City, which has a post of its own; use Vatican City (VA) as the country.")]
    [InlineData("ITA", "RN", "47890", "Postal code 47890 belongs to San Marino, which has a post of its own; use San Marino (SM) as the country.")]
    public async Task A_code_of_a_territory_with_its_own_post_is_refused_by_name(string country, string? state, string code, string message)
    {
        var customer = await app.CustomerAsync();

        var problem = (await customer.Post(Lists.Addresses, Given.AddressIn(country, "Town", state, code))).ExpectProblem(400, "postal_code");

        Assert.Equal(message, (string)problem["errors"]["postal_code"]!.AsArray().Single()!);
    }

    [Theory]
    [InlineData("FRA", null, "97400")]
    [InlineData("FIN", null, "22100")]
    [InlineData("USA", "PR", "00930")]
    [InlineData("USA", "GU", "96910")]
    public async Task Codes_of_territories_that_the_state_delivers_to_are_legal_under_it(string country, string? state, string code)
    {
        var customer = await app.CustomerAsync();

        Assert.Equal(code, (string)(await customer.Post(Lists.Addresses, Given.AddressIn(country, "Town", state, code))).Expect(201)["postal_code"]!);
    }

    private static char FullWidth(char c) => (char)(c + 0xFEE0);
}

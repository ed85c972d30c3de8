using Clientele.Server.Addresses;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class AddressingLetters(ClienteleApp app)
{
    [Theory]
    [InlineData("USA", "123 Main St", "New York", "New York", "10001", "Ada Lovelace, 123 Main St, New York, NY 10001, United States")]
    [InlineData("DEU", "Unter den Linden 1", "Berlin", "Berlin", "D-10117", "Ada Lovelace, Unter den Linden 1, 10117 Berlin, Germany")]
    [InlineData("FRA", "1 Rue de Rivoli", "Paris", null, "75001", "Ada Lovelace, 1 Rue de Rivoli, 75001 Paris, France")]
    [InlineData("GBR", "10 Downing Street", "London", null, "sw1a2aa", "Ada Lovelace, 10 Downing Street, London, SW1A 2AA, United Kingdom")]
    [InlineData("ITA", "Via Roma 1", "Milano", "Milan", "20121", "Ada Lovelace, Via Roma 1, 20121 Milano MI, Italy")]
    [InlineData("AUS", "1 George St", "Sydney", "New South Wales", "2000", "Ada Lovelace, 1 George St, Sydney NSW 2000, Australia")]
    [InlineData("CAN", "1 Rue Notre-Dame", "Montréal", "Québec", "h2y1c6", "Ada Lovelace, 1 Rue Notre-Dame, Montréal QC H2Y 1C6, Canada")]
    [InlineData("IRL", "1 O'Connell Street", "Dublin", "Dublin", "d01f5p2", "Ada Lovelace, 1 O'Connell Street, Dublin, Co. Dublin, D01 F5P2, Ireland")]
    [InlineData("ESP", "Calle Mayor 1", "Getafe", "Madrid", "28901", "Ada Lovelace, Calle Mayor 1, 28901 Getafe Madrid, Spain")]
    [InlineData("JPN", "1-1 Marunouchi", null, "Tokyo", "1000005", "Ada Lovelace, 1-1 Marunouchi, Tokyo, 100-0005, Japan")]
    [InlineData("JPN", "1-1 Marunouchi", "Chiyoda-ku", "Tokyo", "1000005", "Ada Lovelace, 1-1 Marunouchi, Chiyoda-ku, Tokyo, 100-0005, Japan")]
    [InlineData("JPN", "丸の内1-1", "千代田区", "Tokyo", "1000005", "〒100-0005, 東京都, 千代田区, 丸の内1-1, Ada Lovelace, Japan")]
    [InlineData("JPN", "千代田区丸の内1-1", null, "Tokyo", "1000005", "〒100-0005, 東京都, 千代田区丸の内1-1, Ada Lovelace, Japan")]
    [InlineData("CHN", "天河路1号", "广州市", "Guangdong", "510000", "510000, 广东省广州市, 天河路1号, Ada Lovelace, China")]
    [InlineData("CHE", "Bahnhofstrasse 1", "Zürich", null, "8001", "Ada Lovelace, Bahnhofstrasse 1, CH-8001 Zürich, Switzerland")]
    [InlineData("SGP", "1 Raffles Place", "Singapore", null, "048616", "Ada Lovelace, 1 Raffles Place, SINGAPORE 048616, Singapore")]
    [InlineData("SGP", "1 Raffles Place", null, null, "048616", "Ada Lovelace, 1 Raffles Place, SINGAPORE 048616, Singapore")]
    [InlineData("QAT", "1 Corniche", "Doha", null, "12345", "Ada Lovelace, 1 Corniche, Doha 12345, Qatar")]
    public async Task An_address_reads_as_the_post_of_the_country_expects(
        string country, string line1, string? city, string? state, string? code, string expected)
    {
        var customer = await app.CustomerAsync();

        var created = (await customer.Post(Lists.Addresses, Given.AddressIn(country, city, state, code, line1))).Expect(201);

        Assert.Equal(expected, (string)created["full_address"]!);
        Assert.Equal(expected, (string)(await customer.Get(customer.Url))["addresses"][0]!["full_address"]!);
    }

    [Theory]
    [InlineData("USA", "Albany", "new york", "12207", "NY", "New York", "United States")]
    [InlineData("CHN", "广州市", "广东", "510000", "GD", "Guangdong", "China")]
    [InlineData("VNM", "Hà Nội", "Hanoi City", null, "HN", "Hanoi", "Vietnam")]
    [InlineData("GBR", "Ashford", "Kent", "TN23 1AA", "Kent", "Kent", "United Kingdom")]
    [InlineData("DEU", "Berlin", null, "10117", null, null, "Germany")]
    public async Task A_state_is_stored_by_code_and_shown_by_name(
        string country, string city, string? state, string? code, string? stored, string? name, string countryName)
    {
        var customer = await app.CustomerAsync();

        var created = (await customer.Post(Lists.Addresses, Given.AddressIn(country, city, state, code))).Expect(201);

        Assert.Equal(
            (stored, name, countryName),
            ((string?)created.Json["state"], (string?)created.Json["state_name"], (string)created["country_name"]!));
        Assert.Equal(created.Text, (await customer.Put(created.Headers["Location"], created.Text)).Expect(200).Text);
    }

    [Fact]
    public async Task A_family_name_in_han_or_hangul_comes_first()
    {
        var customer = await app.CustomerAsync();

        var created = (await customer.Post(Lists.Addresses, new
        {
            address_type = "shipping",
            first_name = "太郎",
            last_name = "山田",
            company = "株式会社例",
            address_line1 = "千代田区丸の内1-1",
            state = "東京",
            postal_code = "1000005",
            country = "日本",
        })).Expect(201);

        Assert.Equal("〒100-0005, 東京都, 千代田区丸の内1-1, 株式会社例, 山田 太郎, Japan", (string)created["full_address"]!);
    }

    [Fact]
    [Trait("Database", "Any")]
    public void Nothing_that_belongs_to_a_part_remains_without_it() => Assert.All(CountryRules.Default.All, country =>
    {
        var written = country.Write(new Address
        {
            CustomerId = 1,
            Id = 1,
            AddressType = "shipping",
            FirstName = "Ada",
            LastName = "Lovelace",
            AddressLine1 = "1 Main Street",
            Country = country.Alpha3,
            CreatedAt = DateTime.UnixEpoch,
            UpdatedAt = DateTime.UnixEpoch,
        });

        Assert.Contains("Ada Lovelace", written, StringComparison.Ordinal);
        Assert.Contains("1 Main Street", written, StringComparison.Ordinal);
        Assert.EndsWith($", {country.Name}", written, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"^\W|, ,|  |[-/〒] ?,|%", written);
    });

    [Theory]
    [InlineData("1 Main\nStreet")]
    [InlineData("1 Main\r\nStreet")]
    [InlineData("1 Main\tStreet")]
    [InlineData("1 Main\u2028Street")]
    public async Task A_part_never_holds_a_line_break(string line1)
    {
        var customer = await app.CustomerAsync();

        (await customer.Post(Lists.Addresses, Given.AddressIn("USA", "New York", "NY", "10001", line1))).ExpectProblem(400, "address_line1");
        (await customer.Post(Lists.Addresses, Given.AddressIn("USA", line1, "NY", "10001"))).ExpectProblem(400, "city");
    }
}

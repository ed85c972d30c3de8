using System.Text.Json.Nodes;
using Clientele.Server.Addresses;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class WritingAddressesAbroad(ClienteleApp app)
{
    [Theory]
    [InlineData("USA", "Springfield", "IL", null, "postal_code", "ZIP code is required in United States.")]
    [InlineData("USA", "Springfield", null, "62701", "state", "State is required in United States.")]
    [InlineData(
        "USA",
        "Springfield",
        "Illinoi",
        "62701",
        "state",
        "State Illinoi is not known in United States; use one of its codes or names, such as Illinois (IL), ")]
    [InlineData("USA", "Springfield", "IL", "6270", "postal_code", "ZIP code 6270 does not fit United States; it looks like 95014 or 22162-1010.")]
    [InlineData("CAN", "Toronto", null, "M5H 2N2", "state", "Province is required in Canada.")]
    [InlineData("CAN", "Toronto", "ON", "12345", "postal_code", "Postal code 12345 does not fit Canada; it looks like H3Z 2Y7 or V8X 3X4.")]
    [InlineData("GBR", null, null, "EC1Y 8SY", "city", "Town/City is required in United Kingdom.")]
    [InlineData("JPN", null, null, "154-0023", "state", "Prefecture is required in Japan.")]
    [InlineData("ARE", null, null, null, "state", "Emirate is required in United Arab Emirates.")]
    [InlineData("IND", "Delhi", "DL", "1100", "postal_code", "PIN code 1100 does not fit India; it looks like 110034 or 110001.")]
    [InlineData("IRL", "Dublin", "Nowhere", null, "state", "County Nowhere is not known in Ireland; use one of its codes or names, such as")]
    [InlineData("DEU", "Berlin", null, null, "postal_code", "Postal code is required in Germany.")]
    public async Task A_message_names_the_part_as_the_country_does(string country, string? city, string? state, string? code, string member, string message)
    {
        var customer = await app.CustomerAsync();

        var problem = (await customer.Post(Lists.Addresses, Body(country, city, state, code))).ExpectProblem(400, member);

        Assert.Equal([member], problem["errors"].AsObject().Select(error => error.Key));
        Assert.StartsWith(message, (string)problem["errors"][member]!.AsArray().Single()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("US", "USA")]
    [InlineData("usa", "USA")]
    [InlineData("United States", "USA")]
    [InlineData("gb", "GBR")]
    [InlineData("GBR", "GBR")]
    [InlineData("united kingdom", "GBR")]
    [InlineData("CI", "CIV")]
    [InlineData("Cote d'Ivoire", "CIV")]
    public async Task A_country_is_understood_in_three_spellings_and_stored_in_one(string spelling, string stored)
    {
        var customer = await app.CustomerAsync();
        var (state, code) = stored switch { "USA" => ("NY", "10001"), "GBR" => (null, "EC1Y 8SY"), _ => ((string?)null, (string?)null) };

        var created = (await customer.Post(Lists.Addresses, Body(spelling, "City", state, code))).Expect(201);

        Assert.Equal(stored, (string)created["country"]!);
        foreach (var filter in new[] { spelling, stored, CountryRules.Default.Find(stored)!.Alpha2 })
        {
            Assert.Equal([(long)created["id"]], (await customer.Get($"{Lists.Addresses}?country={Uri.EscapeDataString(filter)}")).Expect(200).Ids());
        }
    }

    [Fact]
    public async Task A_state_is_stored_as_its_code_and_a_postal_code_as_the_post_wants_it()
    {
        var customer = await app.CustomerAsync();

        var american = (await customer.Post(Lists.Addresses, Body("US", "Albany", "new york", " 12207 "))).Expect(201);
        var japanese = (await customer.Post(Lists.Addresses, Body("JP", null, "東京都", "１５４−００２３"))).Expect(201);

        Assert.Equal(("NY", "12207"), ((string)american["state"]!, (string)american["postal_code"]!));
        Assert.Equal(("13", "154-0023"), ((string)japanese["state"]!, (string)japanese["postal_code"]!));
    }

    [Fact]
    public async Task A_patch_is_held_to_the_country_of_the_result()
    {
        var customer = await app.CustomerAsync();
        var url = (await customer.Post(Lists.Addresses, Body("US", "Albany", "NY", "12207"))).Expect(201).Headers["Location"];

        (await customer.Patch(url, new { country = "CA" })).ExpectProblem(400, "state");
        (await customer.Patch(url, new { state = (string?)null })).ExpectProblem(400, "state");
        (await customer.Patch(url, new { country = "CA", state = "ON", city = "Ottawa", postal_code = "K1A 0B1" })).Expect(200);
        (await customer.Patch(url, new { country = "US" })).ExpectProblem(400, "postal_code");
    }

    [Fact]
    public async Task Addresses_in_every_country_go_the_whole_way()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Addresses:PerCustomer"] = "1000" } });
        var customer = await own.CustomerAsync();
        foreach (var country in CountryRules.Default.All)
        {
            var listed = country.Subdivisions.Count > 0 ? country.Subdivisions[0] : null;
            var city = country.ListedPart == 'C' ? listed!.Name : "Town";
            var state = country.ListedPart == 'S' ? listed!.Code : country.Requires('S') ? "Somewhere" : null;
            var code = country.PostalExamples.Count > 0 ? country.PostalExamples[0] : null;

            var created = (await customer.Post(Lists.Addresses, Body(country.Alpha2, city, state, code))).Expect(201);

            Assert.Equal(
                (country.Alpha3, city, state, code),
                ((string)created["country"]!, (string)created["city"]!, (string?)created.Json["state"], (string?)created.Json["postal_code"]));
            Assert.EndsWith($", {country.Name}", (string)created["full_address"]!, StringComparison.Ordinal);
        }

        Assert.Equal(CountryRules.Default.All.Count, (int)(await customer.Get(Lists.Addresses)).Expect(200)["count"]);
    }

    private static JsonObject Body(string country, string? city, string? state, string? code) => new()
    {
        ["address_type"] = "shipping",
        ["first_name"] = "Ada",
        ["last_name"] = "Lovelace",
        ["address_line1"] = "1 Main Street",
        ["city"] = city,
        ["state"] = state,
        ["postal_code"] = code,
        ["country"] = country,
    };
}

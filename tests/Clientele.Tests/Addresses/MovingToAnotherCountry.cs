using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class MovingToAnotherCountry(ClienteleApp app)
{
    [Fact]
    public async Task A_region_of_the_old_country_does_not_remain_where_none_is_required()
    {
        var (customer, url) = await AtAsync("USA", "Albany", "NY", "12207");

        var moved = (await customer.Patch(url, new { country = "Germany", city = "Berlin", postal_code = "10117" })).Expect(200);

        Assert.Equal(("DEU", null), ((string)moved["country"]!, (string?)moved.Json["state"]));
    }

    [Fact]
    public async Task A_code_that_another_country_uses_too_is_not_taken_for_its_region()
    {
        var (customer, url) = await AtAsync("USA", "Los Angeles", "CA", "90001");

        // CA is Cagliari in Italy.
        var problem = (await customer.Patch(url, new { country = "Italy", city = "Roma", postal_code = "00184" })).ExpectProblem(400, "state");
        Assert.Equal("Province is required in Italy.", (string)problem["errors"]["state"]!.AsArray().Single()!);

        var moved = (await customer.Patch(url, new { country = "Italy", city = "Cagliari", postal_code = "09121", state = "CA" })).Expect(200);
        Assert.Equal(("CA", "Cagliari"), ((string)moved["state"]!, (string)moved["state_name"]!));
    }

    [Fact]
    public async Task A_form_that_sends_the_old_region_back_can_still_move()
    {
        var (customer, url) = await AtAsync("USA", "Albany", "NY", "12207");
        var body = JsonNode.Parse((await customer.Get(url)).Text)!.AsObject();
        (body["country"], body["city"], body["postal_code"]) = ("Ireland", "Dublin", "D01 F5P2");

        Assert.Null((string?)(await customer.Put(url, body)).Expect(200).Json["state"]);
    }

    [Theory]
    [InlineData("GBR", "Kent", "CT1 1AA", "AUT", "1010", "Kent")]
    [InlineData("AUT", "Dublin", "1010", "IRL", "D01 F5P2", "D")]
    [InlineData("AUT", "Tirol", "1010", "IRL", "D01 F5P2", null)]
    public async Task Free_text_remains_if_it_fits(string from, string state, string code, string to, string newCode, string? remaining)
    {
        var (customer, url) = await AtAsync(from, "Town", state, code);

        var moved = (await customer.Patch(url, new { country = to, postal_code = newCode })).Expect(200);

        Assert.Equal(remaining, (string?)moved.Json["state"]);
    }

    [Fact]
    public async Task What_was_stored_under_older_rules_is_not_refused_until_it_changes()
    {
        var (customer, url) = await AtAsync("GBR", "London", null, "SW1A 1AA");
        await app.Database.ExecuteAsync($"UPDATE addresses SET postal_code = 'JE2 3AB' WHERE customer_id = {customer.Id}");

        (await customer.Patch(url, new { company = "Acme" })).Expect(200);
        Assert.Equal("JE2 3AB", (string)(await customer.Patch(url, new { address_line1 = "2 Main Street" })).Expect(200)["postal_code"]!);
        (await customer.Put(url, (await customer.Get(url)).Text)).Expect(200);
        (await customer.Patch(url, new { postal_code = "JE2 3AC" })).ExpectProblem(400, "postal_code");
        (await customer.Patch(url, new { country = "France" })).ExpectProblem(400, "postal_code");
        Assert.Equal("JE2 3AB", (string)(await customer.Patch(url, new { country = "Jersey" })).Expect(200)["postal_code"]!);
    }

    private async Task<(Actor Customer, string Url)> AtAsync(string country, string city, string? state, string code)
    {
        var customer = await app.CustomerAsync();
        return (customer, (await customer.Post(Lists.Addresses, Given.AddressIn(country, city, state, code))).Expect(201).Headers["Location"]);
    }
}

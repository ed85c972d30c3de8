using System.Text.Json.Nodes;
using Clientele.Tests.Segments;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>Wherever a phone number comes in, it may be written as it is dialled in the store's country, or in the country of the address.</summary>
public sealed class DiallingPhones : IAsyncLifetime
{
    private const string Phone = "+442079460000";
    private ClienteleApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ClienteleApp.StartAsync(new() { Settings = new() { ["Store:Country"] = "GBR" } });

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_customer_s_number_is_of_the_store_s_country()
    {
        var customer = await _app.CustomerAsync(with: new { phone = "020 7946 0000" });

        Assert.Equal(Phone, await PhoneAsync(customer));
        (await customer.Patch(customer.Url, new { phone = "(020) 7946-0001" })).Expect(200);
        Assert.Equal("+442079460001", await PhoneAsync(customer));
        var problem = (await customer.Patch(customer.Url, new { phone = "12" })).ExpectProblem(400, "phone");
        Assert.Contains("too short", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_s_number_is_of_the_address_s_country()
    {
        var customer = await _app.CustomerAsync();
        JsonObject Home(string country, string city, string postalCode, string phone) => new()
        {
            ["address_type"] = "shipping",
            ["first_name"] = "Ada",
            ["last_name"] = "",
            ["address_line1"] = "1 Main St",
            ["city"] = city,
            ["postal_code"] = postalCode,
            ["country"] = country,
            ["phone"] = phone,
        };

        var german = (await customer.Post(Lists.Addresses, Home("Germany", "Berlin", "10115", "030 / 12 34 56"))).Expect(201);
        Assert.Equal("+4930123456", (string)german["phone"]!);
        (await customer.Put(german.Headers["Location"], Home("FR", "Paris", "75001", "01 23 45 67 89"))).Expect(200);
        Assert.Equal("+33123456789", (string)(await customer.Get(german.Headers["Location"]))["phone"]!);
        (await customer.Post(Lists.Addresses, Home("Germany", "Berlin", "10115", "030 123456 ext 7"))).ExpectProblem(400, "phone");
    }

    [Theory]
    [InlineData("eq", "020 7946 0000", true)]
    [InlineData("eq", "0044 (0)20 7946 0000", true)]
    [InlineData("in", "tel:+44-20-7946-0000", true)]
    [InlineData("eq", "020 7946 0001", false)]
    [InlineData("starts_with", "0044 20", true)]
    [InlineData("starts_with", "+44 (20)", true)]
    [InlineData("starts_with", "020", true)]
    [InlineData("starts_with", "030", false)]
    [InlineData("ends_with", "0000", true)]
    [InlineData("contains", "79-46", true)]
    [InlineData("contains", "-", false)]
    [InlineData("contains", "no number", false)]
    public async Task A_rule_compares_numbers_and_not_their_spelling(string op, string value, bool matches)
    {
        var customer = await _app.CustomerAsync(with: new { phone = Phone });
        JsonNode given = op == "in" ? new JsonArray(value) : value;

        var rule = Segmenting.All(new { field = "phone", op, value = given }, new { field = "id", op = "eq", value = customer.Id });
        var found = (await (await _app.NewAdminAsync()).Post($"{Lists.Groups}preview/", new { assignment_rules = rule })).Expect(200);

        Assert.Equal(matches ? 1 : 0, (int)found["count"]);
    }

    [Theory]
    [InlineData("0044 20 7946 0000")]
    [InlineData("00442079460000")]
    [InlineData("0044-20-7946")]
    [InlineData("020 7946 0000")]
    [InlineData("020 7946")]
    [InlineData("(020) 7946")]
    [InlineData("+44 (0)20 7946 0000")]
    [InlineData("02079460000")]
    [InlineData("٠٢٠ ٧٩٤٦ ٠٠٠٠")]
    [InlineData("\u202a+44 20 7946 0000\u202c")]
    [InlineData("7946")]
    public async Task A_search_finds_a_number_as_it_is_dialled(string search)
    {
        var customer = await _app.CustomerAsync(with: new { phone = Phone });
        var other = await _app.CustomerAsync(with: new { phone = "+4930123456" });

        var found = await (await _app.NewAdminAsync()).AllIdsAsync(Lists.Customers, ("search", search));

        Assert.Contains(customer.Id, found);
        Assert.DoesNotContain(other.Id, found);
    }

    private static async Task<string> PhoneAsync(Actor customer) => (string)(await customer.Get(customer.Url)).Expect(200)["phone"]!;
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

/// <summary>A customer has at most one default of each type at every instant, however many requests choose one at the same time.</summary>
public sealed class ChoosingDefaultsAtOnce(ClienteleApp app)
{
    private const string Url = "/api/customers/addresses/";

    [Fact]
    public async Task Of_many_who_choose_at_once_one_is_heard_last_and_only_one_default_remains()
    {
        var customer = await app.CustomerAsync();
        var ids = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((long)(await customer.Post(Url, Address("shipping"))).Expect(201)["id"]);
        }

        var answers = await WhileReadingAsync(customer, () => Crowd.AtOnceAsync(i => customer.Post($"{Url}{ids[i % ids.Count]}/set_default/")));

        Assert.All(answers, answer => Assert.True((bool)answer.Expect(200)["is_default"]));
        Assert.Equal(1, (int)(await customer.Get($"{Url}?is_default=true")).Expect(200)["count"]);
    }

    [Fact]
    public async Task Creating_and_deleting_defaults_meanwhile_leaves_one_default_of_each_type()
    {
        var customer = await app.CustomerAsync();
        var ids = new List<long>();
        foreach (var type in new[] { "shipping", "billing", "shipping", "billing", "shipping", "billing" })
        {
            ids.Add((long)(await customer.Post(Url, Address(type, isDefault: true))).Expect(201)["id"]);
        }

        var answers = await WhileReadingAsync(customer, () => Crowd.AtOnceAsync(i => (i % 4) switch
        {
            0 => customer.Post(Url, Address(i % 8 == 0 ? "shipping" : "billing", isDefault: true)),
            1 => customer.Delete($"{Url}{ids[i / 4 % 4]}/"),
            2 => customer.Patch($"{Url}{ids[i / 4 % ids.Count]}/", new { is_default = true }),
            _ => customer.Post($"{Url}{ids[i / 4 % ids.Count]}/set_default/"),
        }));

        Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 201 or 204 or 404, answer.Text));
        Assert.Equal(1, (int)(await customer.Get($"{Url}?is_default=true&address_type=shipping")).Expect(200)["count"]);
        Assert.Equal(1, (int)(await customer.Get($"{Url}?is_default=true&address_type=billing")).Expect(200)["count"]);
    }

    /// <summary>Reads until the work is done. No read may show a second default.</summary>
    private static async Task<T> WhileReadingAsync<T>(Actor customer, Func<Task<T>> work)
    {
        var working = work();
        do
        {
            var defaults = (await customer.Get($"{Url}?is_default=true&page_size=100")).Expect(200)["results"].AsArray();
            Assert.DoesNotContain(defaults.GroupBy(address => (string)address!["address_type"]!), type => type.Count() > 1);
        }
        while (!working.IsCompleted);
        return await working;
    }

    private static object Address(string type, bool isDefault = false) => new
    {
        address_type = type,
        first_name = "Ada",
        last_name = "Lovelace",
        address_line1 = "123 Main St",
        city = "New York",
        state = "NY",
        postal_code = "10001",
        country = "USA",
        is_default = isDefault,
    };
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class ChoosingDefaults(ClienteleApp app)
{
    [Fact]
    public async Task The_first_address_of_a_type_becomes_its_default()
    {
        var customer = await app.CustomerAsync();

        var shipping = await AddAsync(customer, "shipping");
        var second = await AddAsync(customer, "shipping");
        var billing = await AddAsync(customer, "billing", isDefault: false);

        await ExpectDefaultsAsync(customer, shipping, billing);
        Assert.False((bool)(await customer.Get(Url(second)))["is_default"]);
    }

    [Fact]
    public async Task A_new_default_takes_the_place_of_the_old_one_of_its_type()
    {
        var customer = await app.CustomerAsync();
        var other = await app.CustomerAsync();
        var theirs = await AddAsync(other, "shipping");
        var billing = await AddAsync(customer, "billing");
        var first = await AddAsync(customer, "shipping");

        var second = await AddAsync(customer, "shipping", isDefault: true);
        await ExpectDefaultsAsync(customer, billing, second);

        (await customer.Patch(Url(first), new { is_default = true })).Expect(200);
        await ExpectDefaultsAsync(customer, billing, first);

        var set = (await customer.Post(Url(second) + "set_default/")).Expect(200);
        Assert.True((bool)set["is_default"]);
        Assert.Equal(set.Text, (await customer.Get(Url(second))).Text);
        Assert.Equal(set.Text, (await customer.Post(Url(second) + "set_default/")).Expect(200).Text);
        await ExpectDefaultsAsync(customer, billing, second);
        await ExpectDefaultsAsync(other, theirs);
    }

    [Fact]
    public async Task A_default_that_is_given_up_leaves_the_type_without_one()
    {
        var customer = await app.CustomerAsync();
        var first = await AddAsync(customer, "shipping");
        await AddAsync(customer, "shipping");

        (await customer.Patch(Url(first), new { is_default = false })).Expect(200);
        await ExpectDefaultsAsync(customer);

        // Only the first address of a type becomes the default automatically.
        var third = await AddAsync(customer, "shipping");
        await ExpectDefaultsAsync(customer);
        (await customer.Post(Url(third) + "set_default/")).Expect(200);
        (await customer.Put(Url(third), Body("shipping", null))).Expect(200);
        await ExpectDefaultsAsync(customer);
    }

    [Fact]
    public async Task Deleting_the_default_promotes_the_newest_of_its_type()
    {
        var customer = await app.CustomerAsync();
        var first = await AddAsync(customer, "shipping");
        var second = await AddAsync(customer, "shipping");
        var third = await AddAsync(customer, "shipping");
        var billing = await AddAsync(customer, "billing");

        (await customer.Delete(Url(first))).Expect(204);
        await ExpectDefaultsAsync(customer, third, billing);
        (await customer.Delete(Url(second))).Expect(204);
        await ExpectDefaultsAsync(customer, third, billing);
        (await customer.Delete(Url(billing))).Expect(204);
        await ExpectDefaultsAsync(customer, third);
        (await customer.Delete(Url(third))).Expect(204);
        await ExpectDefaultsAsync(customer);
    }

    [Fact]
    public async Task Deleting_another_one_than_the_default_promotes_nobody()
    {
        var customer = await app.CustomerAsync();
        var first = await AddAsync(customer, "shipping");
        var second = await AddAsync(customer, "shipping");
        await AddAsync(customer, "shipping");
        (await customer.Patch(Url(first), new { is_default = false })).Expect(200);

        (await customer.Delete(Url(second))).Expect(204);

        await ExpectDefaultsAsync(customer);
    }

    [Fact]
    public async Task A_default_that_changes_its_type_leaves_it_to_the_newest_and_is_the_default_of_the_other()
    {
        var customer = await app.CustomerAsync();
        var moving = await AddAsync(customer, "shipping");
        await AddAsync(customer, "shipping");
        var newest = await AddAsync(customer, "shipping");
        var billing = await AddAsync(customer, "billing");
        await ExpectDefaultsAsync(customer, moving, billing);

        (await customer.Patch(Url(moving), new { address_type = "billing" })).Expect(200);

        await ExpectDefaultsAsync(customer, newest, moving);
    }

    [Fact]
    public async Task An_address_that_becomes_the_first_of_a_type_is_its_default()
    {
        var customer = await app.CustomerAsync();
        var first = await AddAsync(customer, "shipping");
        var second = await AddAsync(customer, "shipping");

        (await customer.Patch(Url(second), new { address_type = "billing" })).Expect(200);
        await ExpectDefaultsAsync(customer, first, second);

        (await customer.Patch(Url(second), new { address_type = "shipping", is_default = false })).Expect(200);
        await ExpectDefaultsAsync(customer, first);
    }

    [Fact]
    public async Task An_address_that_loses_the_default_gets_a_new_version()
    {
        var customer = await app.CustomerAsync();
        var first = await AddAsync(customer, "shipping");
        var before = (await customer.Get(Url(first))).ETag;

        await AddAsync(customer, "shipping", isDefault: true);

        (await customer.Patch(Url(first), new { company = "c" }, ("If-Match", before))).ExpectProblem(412);
    }

    private static string Url(long id) => $"{Lists.Addresses}{id}/";

    private static object Body(string type, bool? isDefault) => isDefault is { } given
        ? new
        {
            address_type = type,
            first_name = "Ada",
            last_name = "Lovelace",
            address_line1 = "1",
            city = "Berlin",
            postal_code = "10115",
            country = "DE",
            is_default = given,
        }
        : new { address_type = type, first_name = "Ada", last_name = "Lovelace", address_line1 = "1", city = "Berlin", postal_code = "10115", country = "DE" };

    private async Task<long> AddAsync(Actor customer, string type, bool? isDefault = null)
    {
        app.Clock.Advance(TimeSpan.FromMilliseconds(2));
        return (long)(await customer.Post(Lists.Addresses, Body(type, isDefault))).Expect(201)["id"];
    }

    private static async Task ExpectDefaultsAsync(Actor customer, params long[] ids) =>
        Assert.Equal(ids.Order(), (await customer.Get(Lists.Addresses + "?is_default=true")).Expect(200).Ids().Order());
}

using System.Text.Json.Nodes;
using Clientele.Server.Addresses;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Addresses;

/// <summary>The rules of a country change, and stored addresses stay usable: a part is checked when it or its country changes.</summary>
public sealed class KeepingStoredAddresses(ClienteleApp app)
{
    /// <summary>A value that no request could store, and how a row gets it.</summary>
    private static readonly Dictionary<string, Action<Address>> Stored = new()
    {
        ["city"] = a => a.City = null,
        ["state"] = a => a.State = "No state",
        ["postal_code"] = a => a.PostalCode = "No code",
        ["country"] = a => a.Country = "SUN",
        ["phone"] = a => a.Phone = "12",
        ["first_name"] = a => a.FirstName = "",
        ["company"] = a => a.Company = new string('x', 300),
    };

    private static readonly Dictionary<string, JsonNode> Valid = new()
    {
        ["first_name"] = "Grace",
        ["last_name"] = "Hopper",
        ["company"] = "Analytical Engines",
        ["phone"] = "+1234567890",
        ["address_line1"] = "1 Other St",
        ["address_line2"] = "Apt 4B",
        ["city"] = "Albany",
        ["state"] = "CA",
        ["postal_code"] = "12207",
        ["address_type"] = "billing",
        ["is_default"] = true,
    };

    public static TheoryData<string> Members => [.. Stored.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Every_other_member_can_still_be_changed(string stored)
    {
        var (customer, url) = await StoringAsync(stored);
        var before = (await customer.Get(url)).Expect(200).Json[stored]?.ToJsonString();
        foreach (var (member, value) in Valid.Where(one => one.Key != stored))
        {
            var patched = (await customer.Patch(url, new JsonObject { [member] = value.DeepClone() })).Expect(200);

            Assert.Equal(before, patched.Json[stored]?.ToJsonString());
            Assert.Equal(value.ToJsonString(), patched[member].ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task What_was_read_can_be_put_back(string stored)
    {
        var (customer, url) = await StoringAsync(stored);
        var read = (await customer.Get(url)).Expect(200);

        Assert.Equal(read.Text, (await customer.Put(url, read.Text)).Expect(200).Text);
        Assert.Equal(read.Text, (await (await app.AdminAsync()).Put(url, read.Text)).Expect(200).Text);
    }

    [Theory]
    [InlineData("city")]
    [InlineData("state")]
    [InlineData("postal_code")]
    public async Task With_another_country_all_its_parts_are_checked(string stored)
    {
        var (customer, url) = await StoringAsync(stored);

        (await customer.Patch(url, new { country = "AUS" })).ExpectProblem(400, stored);
    }

    private async Task<(Actor Customer, string Url)> StoringAsync(string member)
    {
        var customer = await app.CustomerAsync();
        var id = (long)(await customer.Post(Lists.Addresses, Given.Address())).Expect(201)["id"];
        await app.WithDatabaseAsync(async db =>
        {
            await db.Customers.AsTracking().SingleAsync(c => c.Id == customer.Id);
            var address = await db.Addresses.AsTracking().SingleAsync(a => a.CustomerId == customer.Id && a.Id == id);
            Stored[member](address);
            address.DeriveKeys();
            return await db.SaveChangesAsync();
        });
        return (customer, $"{Lists.Addresses}{id}/");
    }
}

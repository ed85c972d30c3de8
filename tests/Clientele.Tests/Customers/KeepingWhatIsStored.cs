using System.Text.Json.Nodes;
using Clientele.Server.Customers;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Customers;

/// <summary>A rule that became stricter, or an import, must not lock a profile: only what a request changes is checked.</summary>
public sealed class KeepingWhatIsStored(ClienteleApp app)
{
    private const string TooLong = "A text that nobody could send today, because it is longer than the member may be";

    /// <summary>A value that no request could store, and how a row gets it.</summary>
    private static readonly Dictionary<string, Action<Customer>> Stored = new()
    {
        ["first_name"] = c => c.FirstName = "",
        ["last_name"] = c => c.LastName = string.Concat(Enumerable.Repeat(TooLong, 3)),
        ["email"] = c => c.Email = "no mail address",
        ["phone"] = c => c.Phone = "12",
        ["date_of_birth"] = c => c.DateOfBirth = new DateOnly(1850, 1, 1),
        ["gender"] = c => c.Gender = TooLong,
        ["preferred_language"] = c => c.PreferredLanguage = "no language",
        ["preferred_currency"] = c => c.PreferredCurrency = "DEM",
        ["source"] = c => c.Source = string.Concat(Enumerable.Repeat(TooLong, 3)),
        ["metadata"] = c => c.Metadata = new JsonObject(Enumerable.Range(100, 150).Select(i => KeyValuePair.Create($"key{i}", (JsonNode?)i))).ToJsonString(),
    };

    /// <summary>A value that can be stored.</summary>
    private static readonly Dictionary<string, JsonNode> Valid = new()
    {
        ["first_name"] = "Grace",
        ["last_name"] = "Hopper",
        ["email"] = "",
        ["phone"] = "+1234567890",
        ["date_of_birth"] = "1906-12-09",
        ["gender"] = "female",
        ["accepts_marketing_email"] = true,
        ["accepts_marketing_sms"] = true,
        ["preferred_language"] = "de",
        ["preferred_currency"] = "EUR",
        ["is_verified"] = true,
        ["is_vip"] = true,
        ["source"] = "shop",
        ["notes"] = "A note",
        ["tags"] = new JsonArray("wholesale"),
        ["metadata"] = new JsonObject { ["key101"] = 7 },
    };

    private static readonly string[] ForAdmins = ["is_verified", "is_vip", "source", "notes", "tags", "metadata"];

    public static TheoryData<string> Members => [.. Stored.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Every_other_member_can_still_be_changed(string stored)
    {
        var (customer, admin) = (await StoringAsync(stored), await app.AdminAsync());
        foreach (var (member, value) in Valid.Where(one => one.Key != stored))
        {
            var given = member == "email" ? $"{Guid.NewGuid():n}@example.com" : value.DeepClone();
            var before = (await admin.Get(customer.Url)).Expect(200)[stored].ToJsonString();
            var isOwners = !ForAdmins.Contains(member);
            var (caller, url) = isOwners && member.Length % 2 == 0 ? (customer, "/api/customers/customers/update_profile/") : (admin, customer.Url);

            (await caller.Patch(url, new JsonObject { [member] = given })).Expect(200);

            Assert.Equal(before, (await admin.Get(customer.Url)).Expect(200)[stored].ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task What_was_read_can_be_put_back(string stored)
    {
        var (customer, admin) = (await StoringAsync(stored), await app.AdminAsync());
        foreach (var (caller, url) in new[] { (customer, customer.Url), (customer, "/api/customers/customers/update_profile/"), (admin, customer.Url) })
        {
            var read = (await caller.Get(customer.Url)).Expect(200);

            (await caller.Put(url, read.Text)).Expect(200);
            (await caller.Patch(url, read.Text)).Expect(200);

            Assert.Equal(read.Text, (await caller.Get(customer.Url)).Expect(200).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Another_value_is_checked(string stored)
    {
        var (customer, admin) = (await StoringAsync(stored), await app.AdminAsync());
        JsonNode wrong = stored switch
        {
            "metadata" => new JsonObject { ["one_more"] = 1 },
            "first_name" => " ",
            "date_of_birth" => "1850-01-02",
            _ => new string('!', 300),
        };
        var whole = (await admin.Get(customer.Url)).Expect(200).Json;
        if (stored == "metadata")
        {
            whole[stored]!["one_more"] = 1;
        }
        else
        {
            whole[stored] = wrong.DeepClone();
        }

        (await admin.Patch(customer.Url, new JsonObject { [stored] = wrong })).ExpectProblem(400, stored);
        (await admin.Put(customer.Url, whole)).ExpectProblem(400, stored);
    }

    [Fact]
    public async Task A_withdrawn_currency_on_a_wishlist_stays_until_it_changes()
    {
        var customer = await app.CustomerAsync();
        var item = $"{customer.Url}wishlist/p1/";
        (await customer.Put(item, new { name = "Umbrella", price = 5, currency = "EUR" })).Expect(201);
        await app.WithDatabaseAsync(async db =>
        {
            (await db.WishlistItems.AsTracking().SingleAsync(w => w.CustomerId == customer.Id)).Currency = "DEM";
            return await db.SaveChangesAsync();
        });

        Assert.Equal("DEM", (string)(await customer.Put(item, new { name = "A new name", price = 6, currency = "DEM" })).Expect(200)["currency"]!);
        (await customer.Put(item, new { name = "Umbrella", price = 5, currency = "FRF" })).ExpectProblem(400, "currency");
        (await customer.Put($"{customer.Url}wishlist/p2/", new { name = "Umbrella", price = 5, currency = "DEM" })).ExpectProblem(400, "currency");
    }

    private async Task<Actor> StoringAsync(string member)
    {
        var customer = await app.CustomerAsync();
        await app.ChangeRowAsync(customer.Id, row =>
        {
            Stored[member](row);
            row.DeriveKeys();
        });
        return customer;
    }
}

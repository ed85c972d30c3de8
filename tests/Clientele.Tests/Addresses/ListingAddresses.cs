using System.Globalization;
using Clientele.Server.Addresses;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Addresses;

/// <summary>The list of addresses, compared with plain LINQ over the test data.</summary>
public sealed class ListingAddresses
{
    private static readonly (string City, string? State, string Country)[] Places =
    [
        ("New York", "NY", "USA"), ("York", null, "GBR"), ("São Paulo", "SP", "BRA"), ("Sao Carlos", "SP", "BRA"), ("Zürich", null, "CHE"),
        ("100% Town_x", "ny", "USA"), ("東京", "13", "JPN"), ("Straßburg", null, "FRA"), ("[x]\\y", null, "DEU"),
    ];

    [Fact]
    public async Task Filters_orderings_and_pages_are_those_of_the_model()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        Actor[] customers = [await own.CustomerAsync(), await own.CustomerAsync(), await own.CustomerAsync()];
        var all = await SeedAsync(own, [.. customers.Select(customer => customer.Id)]);

        (string Name, string Value, Func<Address, bool> LetsThrough)[] filters =
        [
            ("address_type", "billing", a => a.AddressType == "billing"),
            ("address_type", "shipping", a => a.AddressType == "shipping"),
            ("is_default", "True", a => a.IsDefault),
            ("is_default", "0", a => !a.IsDefault),
            ("country", "USA", a => a.Country == "USA"),
            ("country", "us", a => a.Country == "USA"),
            ("country", "United States", a => a.Country == "USA"),
            ("country", "brazil", a => a.Country == "BRA"),
            ("country", "AF", a => false),
            ("state", "ny", a => a.State is "NY" or "ny"),
            ("state", "N", a => false),
            ("state", "SP", a => a.State == "SP"),
            ("city", "york", a => a.City is "New York" or "York"),
            ("city", "SAO", a => a.City is "São Paulo" or "Sao Carlos"),
            ("city", "são", a => a.City is "São Paulo" or "Sao Carlos"),
            ("city", "zurich", a => a.City == "Zürich"),
            ("city", "%", a => a.City == "100% Town_x"),
            ("city", "n_x", a => a.City == "100% Town_x"),
            ("city", "N_Y", a => false),
            ("city", "[x]\\", a => a.City == "[x]\\y"),
            ("city", "京", a => a.City == "東京"),
            ("city", "strass", a => a.City == "Straßburg"),
            ("customer", customers[1].Id.ToString(CultureInfo.InvariantCulture), a => a.CustomerId == customers[1].Id),
            ("customer", "999999999", a => false),
        ];
        string[] orderings = ["", "created_at", "-created_at", "is_default", "-is_default", "is_default,-created_at", "-created_at,is_default"];
        foreach (var (actor, visible) in customers.Select(customer => (customer, all.Where(a => a.CustomerId == customer.Id).ToList())).Append((admin, all)))
        {
            foreach (var ordering in orderings)
            {
                Assert.Equal(Ordered(visible, ordering), await actor.AllIdsAsync(Lists.Addresses, ordering.Length == 0 ? [] : [("ordering", ordering)]));
            }

            foreach (var (name, value, letsThrough) in filters)
            {
                var found = await actor.AllIdsAsync(Lists.Addresses, (name, value));
                Assert.True(Ordered(visible.Where(letsThrough), "").SequenceEqual(found), $"{name}={value}");
            }

            for (var i = 0; i < filters.Length; i += 3)
            {
                var (one, other, ordering) = (filters[i], filters[(i + 7) % filters.Length], orderings[i % orderings.Length]);
                if (one.Name != other.Name)
                {
                    var order = ordering.Length == 0 ? "created_at" : ordering;
                    var expected = Ordered(visible.Where(a => one.LetsThrough(a) && other.LetsThrough(a)), order);
                    Assert.Equal(expected, await actor.AllIdsAsync(Lists.Addresses, (one.Name, one.Value), (other.Name, other.Value), ("ordering", order)));
                }
            }
        }

        foreach (var ordering in new[] { "-is_default,-created_at", "is_default,created_at", "created_at" })
        {
            var byCursor = await admin.PagesAsync($"{Lists.Addresses}?ordering={ordering}&page_size=7&cursor=");
            var back = await admin.PagesAsync(byCursor[^1].Previous()!, Lists.Previous);
            Assert.Equal(Ordered(all, ordering), byCursor.SelectMany(page => page.Ids()));
            Assert.Equal(byCursor.SkipLast(1).Reverse().Select(page => page.Ids()), back.Select(page => page.Ids()));
        }
    }

    [Fact]
    public async Task What_is_not_understood_is_named()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        foreach (var (query, member) in new[]
        {
            ("address_type=home", "address_type"), ("is_default=maybe", "is_default"), ("country=Atlantis", "country"), ("customer=me", "customer"),
            ("ordering=city", "ordering"), ("search=york", "search"), ("zip=1", "zip"), ("city=a&city=b", "city"),
        })
        {
            (await customer.Get($"{Lists.Addresses}?{query}")).ExpectProblem(400, member);
        }

        Assert.Equal(0, (int)(await customer.Get(Lists.Addresses)).Expect(200)["count"]);
    }

    private static long[] Ordered(IEnumerable<Address> addresses, string ordering)
    {
        var keys = (ordering.Length == 0 ? "-is_default,-created_at" : ordering).Split(',');
        var ordered = addresses.OrderBy(_ => 0);
        foreach (var key in keys.Append(keys[^1].StartsWith('-') ? "-id" : "id"))
        {
            Func<Address, IComparable> value = key.TrimStart('-') switch
            {
                "created_at" => a => a.CreatedAt,
                "is_default" => a => a.IsDefault,
                _ => a => a.Id,
            };
            ordered = key.StartsWith('-') ? ordered.ThenByDescending(value) : ordered.ThenBy(value);
        }

        return [.. ordered.Select(a => a.Id)];
    }

    private static async Task<List<Address>> SeedAsync(ClienteleApp app, long[] customers)
    {
        var random = new Random(31);
        var all = Enumerable.Range(1, 45).Select(number =>
        {
            var place = Places[random.Next(Places.Length)];
            var at = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(10));
            var address = new Address
            {
                CustomerId = customers[number % customers.Length],
                Id = 1000 + number,
                AddressType = random.Next(2) == 0 ? "billing" : "shipping",
                FirstName = "Ada",
                LastName = "Lovelace",
                AddressLine1 = "1",
                City = place.City,
                State = place.State,
                Country = place.Country,
                CreatedAt = at,
                UpdatedAt = at,
            };
            address.DeriveKeys();
            return address;
        }).ToList();
        foreach (var type in all.GroupBy(a => (a.CustomerId, a.AddressType)))
        {
            type.ElementAt(random.Next(type.Count())).IsDefault = true;
        }

        await app.WithDatabaseAsync(async db =>
        {
            // Their rows count their events.
            await db.Customers.AsTracking().Where(c => customers.Contains(c.Id)).LoadAsync();
            db.AddRange(all);
            return await db.SaveChangesAsync();
        });
        return all;
    }
}

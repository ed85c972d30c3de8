using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Customers;

public sealed class ErasingCustomers(ClienteleApp app)
{
    [Fact]
    public async Task An_erased_customer_is_gone_with_everything()
    {
        var name = $"e{Guid.NewGuid():N}";
        var customer = await app.CustomerAsync(name, new { phone = "+1234567890" });
        var admin = await app.AdminAsync();
        var elsewhere = await app.SignInAsync(name, customer.Password);
        (await admin.Patch(customer.Url, new { tags = new[] { "t" }, notes = "n" })).Expect(200);
        var body = new { address_type = "billing", first_name = "A", last_name = "B", address_line1 = "1", city = "X", postal_code = "10115", country = "DE" };
        var address = (await customer.Post(Lists.Addresses, body)).Expect(201)["id"];
        var groups = new List<long>();
        foreach (var suffix in new[] { "1", "2" })
        {
            groups.Add((long)(await admin.Post(Lists.Groups, new { name = name + suffix })).Expect(201)["id"]);
            (await admin.Post($"{Lists.Groups}{groups[^1]}/add_member/", new { customer_ids = new[] { customer.Id, admin.Id } })).Expect(200);
        }

        (await admin.Delete(customer.Url)).Expect(204);

        foreach (var url in new[] { customer.Url, customer.Url + "benefits/", $"{Lists.Addresses}{address}/" })
        {
            (await admin.Get(url)).ExpectProblem(404);
        }

        (await admin.Delete(customer.Url)).ExpectProblem(404);
        (await admin.Patch(customer.Url, new { gender = "x" })).ExpectProblem(404);
        (await customer.Get(customer.Url)).ExpectProblem(401);
        foreach (var session in new[] { customer, elsewhere })
        {
            (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = session.Refresh })).ExpectProblem(401);
        }

        (await app.Stranger.Post("/api/auth/token/", new { username = name, password = customer.Password })).ExpectProblem(401);
        Assert.Empty((await admin.Get($"{Lists.Customers}?search={name}")).Ids());
        Assert.Empty((await admin.Get($"{Lists.Customers}?ids={customer.Id}")).Ids());
        Assert.Empty((await admin.Get($"{Lists.Addresses}?customer={customer.Id}")).Ids());
        foreach (var group in groups)
        {
            Assert.Equal(1, (int)(await admin.Get($"{Lists.Groups}{group}/"))["members_count"]);
            Assert.Equal([admin.Id], (await admin.Get($"{Lists.Groups}{group}/members/")).Ids());
        }

        var rows = await app.WithDatabaseAsync(async db => new[]
        {
            await db.Customers.CountAsync(c => c.Id == customer.Id),
            await db.Accounts.CountAsync(a => a.CustomerId == customer.Id),
            await db.CustomerTags.CountAsync(t => t.CustomerId == customer.Id),
            await db.Addresses.CountAsync(a => a.CustomerId == customer.Id),
            await db.Memberships.CountAsync(m => m.CustomerId == customer.Id),
            await db.RefreshTokens.CountAsync(t => t.CustomerId == customer.Id),
            await db.LoginNames.TagWith("scatter: names of nobody").CountAsync(n => n.CustomerId == customer.Id),
            await db.AuditDetails.CountAsync(d => d.CustomerId == customer.Id),
        });
        Assert.All(rows, count => Assert.Equal(0, count));

        // The names are free again, but the id is never reused.
        var heir = await app.CustomerAsync(name);
        Assert.NotEqual(customer.Id, heir.Id);
    }

    [Fact]
    public async Task The_count_of_all_customers_follows()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var first = await Population.TakeIdsAsync(own, 25);
        await Population.InsertAsync(own, [.. Enumerable.Range(0, 25).Select(i => Person.Named(first + i, $"u{i}", DateTime.UnixEpoch))]);
        Assert.Equal(26, (int)(await admin.Get(Lists.Customers))["count"]);

        var customer = await own.CustomerAsync();
        Assert.Equal(27, (int)(await admin.Get(Lists.Customers))["count"]);
        (await admin.Delete(customer.Url)).Expect(204);
        (await admin.Delete($"{Lists.Customers}{first}/")).Expect(204);
        Assert.Equal(25, (int)(await admin.Get(Lists.Customers))["count"]);
    }
}

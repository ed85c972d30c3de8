using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.House;

/// <summary>What a GET returned can be PUT back by the same caller, even if somebody else wrote the row under other rules.</summary>
public sealed class PuttingBack(ClienteleApp app)
{
    [Fact]
    public async Task Every_resource_can_be_put_back()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);

        foreach (var caller in new[] { world.Admin, world.Customer })
        {
            await EachAsync(world, caller);
        }
    }

    [Fact]
    public async Task Rows_that_today_s_rules_would_refuse_can_be_put_back()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);
        await own.ChangeRowAsync(world.Customer.Id, row =>
        {
            (row.FirstName, row.LastName, row.Gender, row.Source) = ("", "", "in\nvisible\u200b", " x ");
            (row.Phone, row.PreferredCurrency, row.PreferredLanguage, row.DateOfBirth) = ("+9991234567", "DEM", "en_US", new DateOnly(1850, 1, 1));
            (row.Notes, row.Metadata) = (new string('n', 20_000), """{"":"","big":1e300}""");
            row.DeriveKeys();
        });
        await own.WithDatabaseAsync(async db =>
        {
            await db.Customers.AsTracking().SingleAsync(c => c.Id == world.Customer.Id);
            foreach (var address in await db.Addresses.AsTracking().Where(a => a.CustomerId == world.Customer.Id).ToListAsync())
            {
                (address.FirstName, address.LastName, address.Phone) = ("", "", "+9991234567");
                (address.PostalCode, address.State) = ("nonsense", "Nowhere\u200b");
                address.DeriveKeys();
            }

            foreach (var group in await db.Groups.AsTracking().Where(g => !g.AutoAssign).ToListAsync())
            {
                (group.Name, group.AssignmentRules) = ("A\u200bgroup ", """{"field":  "loyalty_tier", "op": "eq", "value": "diamond"}""");
                group.DeriveKeys();
            }

            return await db.SaveChangesAsync();
        });

        foreach (var caller in new[] { world.Admin, world.Customer })
        {
            await EachAsync(world, caller);
        }
    }

    [Theory]
    [InlineData("first_name", "\"\"")]
    [InlineData("phone", "\"+9991234568\"")]
    [InlineData("preferred_currency", "\"FRF\"")]
    [InlineData("gender", "\"in\\nvisible\"")]
    public async Task A_changed_value_is_checked_again(string member, string value)
    {
        var customer = await app.CustomerAsync();
        var read = (await customer.Get(customer.Url)).Expect(200).Json;

        read[member] = JsonNode.Parse(value);

        (await customer.Put(customer.Url, read)).ExpectProblem(400, member);
    }

    private static async Task EachAsync(DescribedResources world, Actor caller)
    {
        var readable = world.Description.Operations.Where(operation => operation.Method == "GET").Select(operation => operation.Path).ToHashSet();
        var put = 0;
        foreach (var operation in world.Description.Operations.Where(operation => operation.Method == "PUT"))
        {
            var path = world.PathOf(operation);
            var from = path.EndsWith("/update_profile/", StringComparison.Ordinal) ? "/api/customers/customers/me/" : path;
            if (from == path && !readable.Contains(operation.Path))
            {
                continue;
            }

            var read = await caller.Get(from);
            if ((int)read.Status == 404 && caller == world.Admin)
            {
                Assert.InRange((int)(await caller.Put(path, world.ExampleFor(operation))).Status, 200, 201);
                read = await caller.Get(from);
            }

            if ((int)read.Status == 403)
            {
                continue;
            }

            var back = await caller.Put(path, read.Expect(200).Text);
            if ((int)back.Status == 403 && caller != world.Admin)
            {
                continue;
            }

            put++;
            Assert.Equal(read.Text, back.Expect(200).Text);
            Assert.Equal(read.Text, (await caller.Get(from)).Expect(200).Text);
        }

        Assert.True(put >= 2, $"Only {put} resources were put back.");
    }
}

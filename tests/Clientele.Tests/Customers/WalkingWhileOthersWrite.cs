using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Customers;

public sealed class WalkingWhileOthersWrite
{
    [Theory]
    [InlineData("-date_joined")]
    [InlineData("last_order_date")]
    [InlineData("-last_order_date,total_orders")]
    public async Task A_cursor_meets_everybody_who_stays_exactly_once(string ordering)
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var first = await Population.TakeIdsAsync(own, 200);
        Person[] people = [.. Enumerable.Range(0, 60).Select(number => Somebody(first + (number * 2), number))];
        await Population.InsertAsync(own, people);

        var seen = new List<long>();
        var gone = new HashSet<long>();
        var inserted = 0;
        for (var link = $"{Lists.Customers}?ordering={ordering}&page_size=6&cursor="; link is not null;)
        {
            var page = (await admin.Get(link)).Expect(200);
            seen.AddRange(page.Ids());
            link = page.Next();

            // Changes near the current place, before it and after it: the row that the walk is at, a row not reached yet, new rows.
            long[] leaving = [.. page.Ids().TakeLast(1), .. people.Select(person => person.Id).Where(id => !seen.Contains(id) && !gone.Contains(id)).Take(1)];
            gone.UnionWith(leaving);
            await own.WithDatabaseAsync(db => db.Customers.TagWith("scatter: others leave")
                .Where(c => leaving.Contains(c.Id) && !c.IsStaff).ExecuteDeleteAsync());
            await Population.InsertAsync(own, [.. Enumerable.Range(0, 2).Select(_ => Somebody(first + (inserted++ * 2) + 1, inserted * 7 % 60))]);
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(people.Select(person => person.Id).Where(id => !gone.Contains(id)).Except(seen));
    }

    [Fact]
    public async Task A_count_is_exact_up_to_a_thousand_and_an_estimate_on_PostgreSQL_beyond()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var first = await Population.TakeIdsAsync(own, 1100);
        await Population.InsertAsync(own, [.. Enumerable.Range(0, 1100).Select(number => Somebody(first + number, number) with { IsVip = number < 900 })]);
        await own.WithDatabaseAsync(db => TestDatabase.Kind is DatabaseKind.Postgres ? db.Database.ExecuteSqlAsync($"ANALYZE customers") : Task.FromResult(0));

        var all = (await admin.Get(Lists.Customers)).Expect(200);
        var fewer = (await admin.Get(Lists.Customers + "?is_vip=true")).Expect(200);
        var more = (await admin.Get(Lists.Customers + "?is_active=true")).Expect(200);
        var last = (await admin.Get(Lists.Customers + "?is_active=true&page_size=100&page=12")).Expect(200);

        Assert.Equal((1101, null), ((int)all["count"], all.Json["count_is_estimate"]));
        Assert.Equal((900, null), ((int)fewer["count"], fewer.Json["count_is_estimate"]));

        // On the last page the exact count is known.
        Assert.Equal((1101, null), ((int)last["count"], last.Json["count_is_estimate"]));
        if (TestDatabase.Kind is DatabaseKind.Postgres)
        {
            Assert.True((bool)more["count_is_estimate"]);
            Assert.InRange((int)more["count"], 1001, 1300);
        }
        else
        {
            Assert.Equal((1101, null), ((int)more["count"], more.Json["count_is_estimate"]));
        }
    }

    private static Person Somebody(long id, int number) => new()
    {
        Id = id,
        Username = $"walker-{id}",
        Email = $"walker-{id}@example.com",
        Joined = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number % 20),
        Orders = number % 4,
        LastOrder = number % 4 == 0 ? null : new DateTime(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(number % 9),
    };
}

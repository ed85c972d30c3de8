using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>Many writers on two nodes, and readers that follow the feed meanwhile.</summary>
public sealed class WritingAtOnce
{
    private const int Writers = 64;
    private const int WritesEach = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Readers_skip_nothing_and_get_nothing_twice()
    {
        await using var first = await ClienteleApp.StartAsync();

        // SQLite serves one node.
        await using var other = TestDatabase.Kind is DatabaseKind.Postgres ? await first.SecondNodeAsync() : null;
        var second = other ?? first;
        var admin = await first.AdminAsync();
        var customers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => first.CustomerAsync()));
        using var written = new CancellationTokenSource();
        var readers = new[] { first, second }.Select(node => Task.Run(() => FollowAsync(node, node.Here(admin), written.Token))).ToList();

        // Several writers share a customer, and write through both nodes.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var node = writer % 2 == 0 ? first : second;
            var customer = node.Here(customers[writer % customers.Length]);
            for (var i = 0; i < WritesEach; i++)
            {
                (await customer.Patch(customer.Url, new { gender = $"{writer}-{i}" })).Expect(200);
            }
        }));
        await written.CancelAsync();

        var stored = (await first.Database.QueryAsync("SELECT customer_id, number FROM events WHERE group_id = 0"))
            .Select(row => $"{row[0]}-{row[1]}").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(1 + customers.Length + (Writers * WritesEach), stored.Count);
        foreach (var read in await Task.WhenAll(readers))
        {
            Assert.Equal(stored, read.Select(one => one.Id).Order(StringComparer.Ordinal));
            foreach (var ofOne in read.GroupBy(one => one.Customer))
            {
                Assert.Equal(Enumerable.Range(1, ofOne.Count()).Select(number => $"{ofOne.Key}-{number}"), ofOne.Select(one => one.Id));
            }
        }

        Assert.Empty(await first.CheckAsync());
    }

    [Fact]
    public async Task What_a_segment_makes_of_a_change_is_told_once_and_after_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var rule = new { field = "is_vip", op = "eq", value = true };
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = "VIP", auto_assign = true, assignment_rules = rule })).Expect(201)["id"];
        await own.DrainAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => own.RegisterAsync($"member{i}")));

        // Otherwise a segment may be evaluated for the registration and the change at once.
        await own.DrainAsync();
        foreach (var isVip in new[] { true, false })
        {
            var changes = ids.Select(id => admin.Post($"/api/customers/customers/{id}/make_vip/", new { is_vip = isVip }));
            Assert.All(await Task.WhenAll(changes), answer => answer.Expect(200));
            await own.DrainAsync();
        }

        foreach (var id in ids)
        {
            var told = await own.EventsAsync(id);
            Assert.Equal(["customer.registered", "customer.updated", "group.entered", "customer.updated", "group.left"], told.Select(one => one.Type));
            Assert.Equal((group, "profile"), ((long)told[2].Data!["group"]!, (string)told[2].Data!["cause"]!));
        }

        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task A_build_tells_everybody_who_enters_and_leaves_once()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        for (var i = 0; i < 30; i++)
        {
            (await own.Stranger.Post("/api/customers/register/", Given.Registration($"member{i}"))).Expect(201);
        }

        object Rule(string prefix) => new { field = "username", op = "starts_with", value = prefix };
        var group = (await admin.Post("/api/customers/groups/", new { name = "Some", auto_assign = true, assignment_rules = Rule("member1") })).Expect(201);
        await own.DrainAsync();
        (await admin.Patch($"/api/customers/groups/{group["id"]}/", new { assignment_rules = Rule("member2") })).Expect(200);
        await own.DrainAsync();

        await own.PlaceEventsAsync();
        var told = EventReading.Events((await admin.Get("/api/events/?types=group.entered,group.left&page_size=1000")).Expect(200)).ToList();
        Assert.Equal(22, told.Count(one => one.Type == "group.entered"));
        Assert.Equal(11, told.Count(one => one.Type == "group.left"));
        Assert.Equal(told.Count, told.DistinctBy(one => (one.Customer, one.Type)).Count());
        Assert.All(told, one => Assert.Equal("rule", (string)one.Data!["cause"]!));
        Assert.Empty(await own.CheckAsync());
    }

    /// <summary>Follows the feed until nothing comes after the writers have ended.</summary>
    private static async Task<List<ReadEvent>> FollowAsync(ClienteleApp node, Actor admin, CancellationToken written)
    {
        var (read, cursor, begun) = (new List<ReadEvent>(), "", TimeProvider.System.GetTimestamp());
        while (true)
        {
            var isLast = written.IsCancellationRequested;
            if (isLast)
            {
                await node.PlaceEventsAsync();
            }

            var page = (await admin.Get($"/api/events/?cursor={cursor}&page_size=7&wait={(isLast ? 0 : 1)}")).Expect(200);
            read.AddRange(EventReading.Events(page));
            cursor = (string)page["cursor"]!;
            if (isLast && !(bool)page["more"]!)
            {
                return read;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, "The feed does not end.");
        }
    }
}

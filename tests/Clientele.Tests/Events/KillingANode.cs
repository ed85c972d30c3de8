using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>Kills one of two processes while both write, and compares what the feed tells with what is stored.</summary>
public sealed class KillingANode
{
    private const int Rounds = 3;

    [Fact]
    public async Task Nothing_acknowledged_is_missing_and_nothing_is_told_twice()
    {
        var (database, username) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        var customers = new List<long>();
        var (acknowledged, read, cursor) = (0, new List<ReadEvent>(), "");
        for (var round = 0; round < Rounds; round++)
        {
            // SQLite serves one node: there, the next round goes on after the crash.
            await using var survivor = TestDatabase.Kind is DatabaseKind.Postgres ? await ServeAsync(database) : null;
            await using var victim = await ServeAsync(database);
            while (customers.Count < 6)
            {
                var registration = Given.Registration($"victim{customers.Count}");
                customers.Add((long)(await new Actor(victim.Client).Post("/api/customers/register/", registration)).Expect(201)["id"]);
            }

            var there = await SignInAsync(victim, username);
            var here = survivor is null ? there : await SignInAsync(survivor, username);
            using var enough = new CancellationTokenSource();
            var writers = customers.SelectMany(id => new[] { WriteAsync(here, id), WriteAsync(there, id) }).ToList();
            while (acknowledged < (round + 1) * 60)
            {
                await ReadAsync(here, wait: 1);
            }

            await victim.KillAsync();
            await enough.CancelAsync();
            await Task.WhenAll(writers);

            async Task WriteAsync(Actor writer, long id)
            {
                try
                {
                    while (!enough.IsCancellationRequested)
                    {
                        (await writer.Post($"/api/customers/customers/{id}/add_loyalty_points/", new { points = 1 })).Expect(200);
                        Interlocked.Increment(ref acknowledged);
                    }
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException)
                {
                    // It may have happened or not, but the event is there exactly if it has.
                }
            }
        }

        await using var last = await ServeAsync(database);
        var admin = await SignInAsync(last, username);
        await Wait.UntilAsync(
            async () => await database.CountAsync("SELECT COUNT(*) FROM events WHERE position IS NULL") == 0,
            TimeSpan.FromSeconds(30),
            "places for all events");
        while (await ReadAsync(admin, wait: 0))
        {
            // There is more.
        }

        var adjusted = read.Where(one => one.Type == "points.adjusted").ToList();
        Assert.Equal(read.Count, read.DistinctBy(one => one.Id).Count());
        Assert.InRange(adjusted.Count, acknowledged, int.MaxValue);
        Assert.Equal(await database.CountAsync("SELECT COUNT(*) FROM points_entries"), adjusted.Count);
        foreach (var ofOne in adjusted.GroupBy(one => one.Customer))
        {
            Assert.Equal(Enumerable.Range(1, ofOne.Count()).Select(entry => (long)entry), ofOne.Select(one => (long)one.Data!["entry_id"]!));
        }

        async Task<bool> ReadAsync(Actor reader, int wait)
        {
            var page = (await reader.Get($"/api/events/?cursor={cursor}&page_size=20&wait={wait}")).Expect(200);
            read.AddRange(EventReading.Events(page));
            cursor = (string)page["cursor"]!;
            return (bool)page["more"]!;
        }
    }

    private static Task<ServerProcess> ServeAsync(TestDatabase database) => ServerProcess.ServeAsync(database.ConnectionString);

    private static async Task<Actor> SignInAsync(ServerProcess server, string username)
    {
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        return new Actor(server.Client) { Access = (string)pair["access"]! };
    }
}

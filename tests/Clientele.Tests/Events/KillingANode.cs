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
        await using var survivor = await ServerProcess.ServeAsync(database.ConnectionString, "--RateLimits:Registration=100000");
        var admin = await SignInAsync(survivor, username);
        var customers = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            customers.Add((long)(await new Actor(survivor.Client).Post("/api/customers/register/", Given.Registration($"victim{i}"))).Expect(201)["id"]);
        }

        var (acknowledged, read, cursor) = (0, new List<ReadEvent>(), "");
        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = await ServerProcess.ServeAsync(database.ConnectionString);
            var there = await SignInAsync(victim, username);
            using var enough = new CancellationTokenSource();
            var writers = customers.SelectMany((id, i) => new[] { WriteAsync(i % 2 == 0 ? admin : there, id), WriteAsync(there, id) }).ToList();
            while (acknowledged < (round + 1) * 60)
            {
                await ReadAsync(wait: 1);
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
                catch (HttpRequestException)
                {
                    // The node is gone: it may have happened or not, but the event is there exactly if it has.
                }
            }
        }

        await Wait.UntilAsync(
            async () => await database.CountAsync("SELECT COUNT(*) FROM events WHERE position IS NULL") == 0,
            TimeSpan.FromSeconds(30),
            "places for all events");
        while (await ReadAsync(wait: 0))
        {
            // There is more.
        }

        Assert.Equal(read.Count, read.DistinctBy(one => one.Id).Count());
        Assert.InRange(read.Count(one => one.Type == "points.adjusted"), acknowledged, int.MaxValue);
        Assert.Equal(await database.CountAsync("SELECT COUNT(*) FROM points_entries"), read.Count(one => one.Type == "points.adjusted"));
        foreach (var ofOne in read.Where(one => one.Type == "points.adjusted").GroupBy(one => one.Customer))
        {
            Assert.Equal(Enumerable.Range(1, ofOne.Count()).Select(entry => (long)entry), ofOne.Select(one => (long)one.Data!["entry_id"]!));
        }

        async Task<bool> ReadAsync(int wait)
        {
            var page = (await admin.Get($"/api/events/?cursor={cursor}&page_size=20&wait={wait}")).Expect(200);
            read.AddRange(EventReading.Events(page));
            cursor = (string)page["cursor"]!;
            return (bool)page["more"]!;
        }
    }

    private static async Task<Actor> SignInAsync(ServerProcess server, string username)
    {
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        return new Actor(server.Client) { Access = (string)pair["access"]! };
    }
}

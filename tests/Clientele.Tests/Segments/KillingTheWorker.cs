using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Kills the process during evaluations and builds; the next one must reach the result of a fresh evaluation.</summary>
public sealed class KillingTheWorker
{
    private const int Kills = 2;

    [Fact]
    public async Task Nothing_that_changed_is_forgotten()
    {
        var (database, killer) = await ClienteleApp.DatabaseAsync(app => app.SeedDemoAsync(1000));
        await using var disposed = database;

        var chance = new Random(1);
        var server = await ServerProcess.ServeAsync(database.ConnectionString, "--RateLimits:Registration=100000");
        RandomShop? shop = null;
        try
        {
            for (var round = 0; round < Kills; round++)
            {
                var (admin, stranger) = (await SignInAsync(server, killer), new Actor(server.Client));
                shop ??= await RandomShop.OpenAsync(admin, stranger);
                (await admin.Post($"{Url(shop.Segments[round])}rebuild/")).Expect(202);
                using var writing = new CancellationTokenSource();
                var writers = Enumerable.Range(0, 4)
                    .Select(writer => Task.Run(() => WriteAsync(shop, admin, stranger, new Random((round * 10) + writer), writing.Token)))
                    .ToList();
                await Task.Delay(chance.Next(300, 1500), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await Task.WhenAll(writers);
                await server.DisposeAsync();
                server = await ServerProcess.ServeAsync(database.ConnectionString, "--RateLimits:Registration=100000");
            }

            await SettleAsync(await SignInAsync(server, killer), database, shop!);
        }
        finally
        {
            await server.DisposeAsync();
        }

        await using var node = await ClienteleApp.StartAsync(new() { Database = database });
        Assert.Empty(await node.CheckAsync());
    }

    /// <summary>Continues until there is no response.</summary>
    private static async Task WriteAsync(RandomShop shop, Actor admin, Actor stranger, Random chance, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await shop.StepAsync(admin, stranger, chance, DateTime.UtcNow);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // No response: whatever it wrote is also queued.
        }
    }

    /// <summary>Waits until nothing is queued and nothing is being built.</summary>
    private static async Task SettleAsync(Actor admin, TestDatabase database, RandomShop shop)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await database.CountAsync("SELECT COUNT(*) FROM segment_changes")
            + await database.CountAsync("SELECT COUNT(*) FROM segments WHERE state = 0") > 0)
        {
            Assert.False(patience.IsCancellationRequested, "What is queued is not evaluated.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        foreach (var group in shop.Groups)
        {
            Assert.NotEqual("error", (string?)(await admin.Get(Url(group))).Expect(200).Json["state"]);
        }
    }

    private static async Task<Actor> SignInAsync(ServerProcess server, string username)
    {
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        return new Actor(server.Client) { Access = (string)pair["access"]! };
    }
}

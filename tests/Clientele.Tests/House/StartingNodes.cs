using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>A database is migrated once, by whoever comes first, and by the next one if that one dies.</summary>
public sealed class StartingNodes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_is_killed_while_it_migrates_leaves_the_next_one_a_start()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        foreach (var milliseconds in new[] { 0, 50, 150 })
        {
            await using var server = ServerProcess.Start(database.ConnectionString);
            await Crowd.EventuallyAsync(async () => server.HasExited || await HasBegunAsync(database), Patience, "the migration begins");
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await server.KillAsync();
        }

        await using var next = await ServerProcess.ServeAsync(database.ConnectionString);

        await ExpectServingAsync(next);
    }

    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_database_all_serve_it()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ServerProcess.ServeAsync(database.ConnectionString)));

        try
        {
            var access = await ExpectServingAsync(nodes[0]);
            foreach (var node in nodes)
            {
                (await new Actor(node.Client) { Access = access }.Get("/api/customers/customers/me/")).Expect(200);
                await ExpectServingAsync(node);
            }

            Assert.Equal(1, await database.CountAsync("SELECT COUNT(*) FROM server_keys WHERE id = 'secret'"));
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<bool> HasBegunAsync(TestDatabase database) => TestDatabase.Kind is DatabaseKind.Sqlite
        ? File.Exists(database.ConnectionString)
        : await database.CountAsync("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") > 0;

    /// <summary>Somebody can register and sign in; answers with their access token.</summary>
    private static async Task<string> ExpectServingAsync(ServerProcess server)
    {
        var (stranger, username) = (new Actor(server.Client), $"first-{Guid.NewGuid():n}");
        (await stranger.Post("/api/customers/register/", new
        {
            username,
            email = $"{username}@example.com",
            password = ClienteleApp.Password,
            password2 = ClienteleApp.Password,
            first_name = "Ada",
            last_name = "Lovelace",
        })).Expect(201);
        return (string)(await stranger.Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200)["access"]!;
    }
}

using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>A database is migrated once, by the first node, and by the next one if the first one dies.</summary>
public sealed class StartingNodes(PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_is_killed_while_it_migrates_leaves_the_next_one_a_start(bool overPooler)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        var setting = SettingOf(database, overPooler);
        foreach (var milliseconds in new[] { 0, 50, 150 })
        {
            await using var server = ServerProcess.Start(setting);

            // Once the database is upgraded, nothing begins: the node serves.
            await Wait.UntilAsync(
                async () => server.HasExited || server.Output.Contains("Clientele is at", StringComparison.Ordinal) || await HasBegunAsync(database),
                Patience,
                "the migration begins");
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await server.KillAsync();
        }

        await using var next = await ServerProcess.ServeAsync(setting);

        await ExpectServingAsync(next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_waits_for_a_migration_says_so_and_leaves_no_lock_where_it_is_killed(bool overPooler)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        var setting = SettingOf(database, overPooler);
        await using (await LockAsync(database))
        {
            for (var start = 0; start < 2; start++)
            {
                await using var waiting = ServerProcess.Start(setting);
                await Wait.UntilAsync(
                    () => Task.FromResult(waiting.Output.Split('\n').Count(line => line.Contains("upgrading the database", StringComparison.Ordinal)) > 1),
                    Patience,
                    "the wait is told every few seconds");
                await waiting.KillAsync();
            }
        }

        await using var next = await ServerProcess.ServeAsync(setting);
        await using var another = await ServerProcess.ServeAsync(setting);

        await ExpectServingAsync(next);
        await ExpectServingAsync(another);
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

    [Theory]
    [InlineData(90)]
    [InlineData(89, "PostgreSQL accepts 89 connections, and a node may open 30, so there is room for 2 nodes.")]
    [InlineData(29, "PostgreSQL accepts 29 connections, and a node may open 30, so there is room for 0 nodes.")]
    public async Task A_node_warns_if_there_is_no_room_for_the_connections_of_three_nodes(int room, params string[] warnings)
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no connections to run out of.");
        await using var own = await ClienteleApp.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString).Database;
        await own.Database.ExecuteAsync($"ALTER DATABASE {database} CONNECTION LIMIT {room}");

        await using var node = await ClienteleApp.StartAsync(new() { Database = own.Database });

        var told = node.Log.Lines.Where(line => line.Contains("Maximum Pool Size", StringComparison.Ordinal)).ToList();
        Assert.Equal(warnings.Length, told.Count);
        Assert.All(warnings, warning => Assert.Contains(warning, told[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_watches_no_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the descriptors of a process as files.");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();

        await using var node = await ServerProcess.ServeAsync(database.ConnectionString);

        var open = Directory.GetFiles($"/proc/{node.ProcessId}/fd").Select(descriptor => new FileInfo(descriptor).LinkTarget);
        Assert.DoesNotContain("anon_inode:inotify", open);
    }

    private string SettingOf(TestDatabase database, bool overPooler)
    {
        Assert.SkipWhen(overPooler && TestDatabase.Kind is DatabaseKind.Sqlite, "SQLite has no pooler.");
        TestDatabase.SkipUnlessAvailable(overPooler ? PgBouncer.Unavailable : null);
        return overPooler ? pooler.Over(database) : database.ConnectionString;
    }

    /// <summary>Holds the lock of a migrating node until it is disposed.</summary>
    private static async Task<IAsyncDisposable> LockAsync(TestDatabase database)
    {
        if (TestDatabase.Kind is DatabaseKind.Sqlite)
        {
            return new FileStream(database.ConnectionString + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }

        var connection = await database.OpenAsync();
        await connection.ScalarAsync("SELECT pg_advisory_lock(4859231472385221996)");
        return connection;
    }

    private static async Task<bool> HasBegunAsync(TestDatabase database) => TestDatabase.Kind is DatabaseKind.Sqlite
        ? File.Exists(database.ConnectionString)
        : await database.CountAsync(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") > 0;

    /// <summary>Checks that a customer can register and sign in; returns the access token.</summary>
    private static async Task<string> ExpectServingAsync(ServerProcess server)
    {
        var (stranger, username) = (new Actor(server.Client), $"first-{Guid.NewGuid():n}");
        (await stranger.Post("/api/customers/register/", Given.Registration(username))).Expect(201);
        return (string)(await stranger.Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200)["access"]!;
    }
}

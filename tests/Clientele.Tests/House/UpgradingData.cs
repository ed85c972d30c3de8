using System.Reflection;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Npgsql;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.House;

/// <summary>Upgrades from one release to the next: with the data of the last one, and next to nodes that still run it.</summary>
public sealed class UpgradingData
{
    [Fact]
    public async Task A_shop_of_the_last_release_goes_on()
    {
        await using var database = await LastRelease.CreateAsync();
        var (members, points) =
            (await database.CountAsync("SELECT COUNT(*) FROM memberships"), await database.CountAsync("SELECT COUNT(*) FROM points_entries"));
        await using var app = await StartAsync(database);

        await app.DrainAsync();
        Assert.Empty(await app.CheckAsync());
        Assert.InRange(members, 50, 60);
        Assert.Equal(points, await database.CountAsync("SELECT COUNT(*) FROM points_entries"));

        var admin = await app.SignInAsync("root-admin", ClienteleApp.Password);
        (string List, int Count)[] lists =
        [
            ("customers/", 40), ("groups/", 24), ("addresses/", 60), ("customers/?search=ada", 1),
            ("customers/?loyalty_tier=platinum&is_verified=true", 1),
        ];
        foreach (var (list, count) in lists)
        {
            Assert.Equal(count, (int)(await admin.Get($"/api/customers/{list}")).Expect(200)["count"]);
        }
    }

    [Fact]
    public async Task Everybody_of_the_last_release_signs_in_and_finds_what_is_theirs()
    {
        await using var database = await LastRelease.CreateAsync();
        await using var app = await StartAsync(database);

        foreach (var (username, tier) in new[] { ("ada", "gold"), ("ben", "bronze"), ("emi", "bronze"), ("farid", "platinum") })
        {
            var customer = await app.SignInAsync(username, ClienteleApp.Password);
            var me = (await customer.Get("/api/customers/customers/me/")).Expect(200);
            Assert.Equal((username, tier), ((string)me["username"]!, (string)me["loyalty_tier"]!));
            Assert.NotEmpty(me["addresses"].AsArray());
            var wishes = (await customer.Get($"/api/customers/customers/{me["id"]}/wishlist/")).Expect(200)["results"].AsArray();
            Assert.Contains(wishes, item => (string)item!["product_id"]! == $"p-{username}");
            (await customer.Get($"/api/customers/customers/{me["id"]}/loyalty/")).Expect(200);
            (await customer.Patch("/api/customers/customers/update_profile/", new { gender = "female" })).Expect(200);
        }

        (await app.Stranger.Post("/api/auth/token/", new { username = "carla", password = ClienteleApp.Password })).ExpectProblem(401);
    }

    [Fact]
    public async Task A_node_that_upgrades_alone_does_not_speak_of_another_one()
    {
        await using var database = await LastRelease.CreateAsync();

        await using var app = await StartAsync(database);

        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("Another node is upgrading the database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upgrade_that_waits_for_somebody_lets_nobody_else_wait()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has one node, which does not serve meanwhile.");
        await using var database = await LastRelease.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var holder = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var held = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var locking = new NpgsqlCommand("LOCK TABLE customers IN ROW EXCLUSIVE MODE", holder);
        await locking.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var upgrading = Task.Run(() => StartAsync(database));

        // Each of them would wait for the upgrade, and the upgrade waits for the one who holds the lock.
        for (var i = 0; i < 20; i++)
        {
            await database.ExecuteAsync("UPDATE customers SET version = version WHERE id = 1");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.False(upgrading.IsCompleted);
        await held.CommitAsync(TestContext.Current.CancellationToken);
        await using var app = await upgrading;
        Assert.Contains(app.Log.Lines, line => line.Contains("gives way", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("Another node is upgrading the database", StringComparison.Ordinal));
        await app.DrainAsync();
        Assert.Empty(await app.CheckAsync());
    }

    [Fact]
    public async Task A_node_goes_on_serving_while_a_newer_one_adds_columns_beneath_it()
    {
        await using var app = await ClienteleApp.StartAsync();
        var cast = new PermissionCast(app);
        await cast.InitializeAsync();
        await app.SegmentAsync(Vip);

        // A statement that is sent twice on a connection is prepared.
        await TellAsync();
        await TellAsync();
        foreach (var table in typeof(ClienteleDb).Assembly.GetTypes().Select(type => type.GetCustomAttribute<TableAttribute>()).OfType<TableAttribute>())
        {
            await app.Database.ExecuteAsync($"ALTER TABLE {table.Name} ADD COLUMN of_a_newer_release text");
        }

        await TellAsync();
        Assert.Empty(await app.CheckAsync());

        async Task TellAsync()
        {
            foreach (var row in PermissionTable.Rows)
            {
                var target = row.Method == HttpMethod.Get ? cast.Owner : await cast.NewTargetAsync();
                (await row.SendAsync(cast.Admin, target)).Expect(row.Status);
            }

            await app.MaintainAsync();
            await app.DrainAsync();
        }
    }

    private static Task<ClienteleApp> StartAsync(TestDatabase database)
    {
        var clock = new FakeClock();
        if (clock.GetUtcNow() < LastRelease.WrittenAt)
        {
            clock.AdvanceTo(LastRelease.WrittenAt);
        }

        return ClienteleApp.StartAsync(new() { Database = database, Clock = clock });
    }
}

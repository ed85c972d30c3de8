using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>A node's statements on the server end with the node, or soon after.</summary>
public sealed class EndingStatements
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_statement_of_a_killed_node_ends_on_the_server()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite runs in the process.");
        Actor? owner = null;
        var (database, _) = await ClienteleApp.DatabaseAsync(async app => owner = await app.CustomerAsync());
        await using var disposed = database;
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { CommandTimeout = 5 };
        await using var server = await ServerProcess.ServeAsync(settings.ConnectionString);
        await using var blocker = await database.OpenAsync();
        await blocker.ScalarAsync("BEGIN");
        await blocker.ScalarAsync($"SELECT id FROM customers WHERE id = {owner!.Id} FOR UPDATE");

        // The node cancels a statement after five seconds and gets the next request. When it is killed, nobody cancels its last statement.
        var asked = AskUntilKilledAsync(new Actor(server.Client) { Access = owner.Access, Id = owner.Id });
        await Wait.UntilAsync(async () => await WaitingAsync(database) > 0, Patience, "a statement waits for the lock");
        await server.KillAsync();
        await asked;

        await Wait.UntilAsync(async () => await WaitingAsync(database) == 0, Patience, "the statement has ended though the lock is held");
        Assert.Equal("active", await blocker.ScalarAsync("SELECT state FROM pg_stat_activity WHERE pid = pg_backend_pid()"));
    }

    [Fact]
    public async Task The_limit_is_five_seconds_more_than_the_node_waits_itself()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite runs in the process.");
        await using var own = await ClienteleApp.StartAsync();

        Assert.Equal("20s", await ShownAsync(own.Database));

        var slower = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString) { CommandTimeout = 40 }.ConnectionString;
        await using var next = await ClienteleApp.StartAsync(new() { Database = own.Database, Settings = new() { ["Database"] = slower } });

        Assert.Equal("45s", await ShownAsync(own.Database));
    }

    private static async Task AskUntilKilledAsync(Actor owner)
    {
        try
        {
            while (true)
            {
                await owner.Patch(owner.Url, new { first_name = "Grace" });
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // It was killed.
        }
    }

    private static Task<long> WaitingAsync(TestDatabase database) => database.CountAsync(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    private static async Task<object?> ShownAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        return await connection.ScalarAsync("SHOW statement_timeout");
    }
}

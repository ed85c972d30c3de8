using Clientele.Server.Commands;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>A service whose role owns nothing: append-only tables stay append-only, whatever is done with that role.</summary>
public sealed class ServingWithoutOwning
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_role_serves_and_can_change_neither_the_past_nor_the_tables_nor_what_it_may()
    {
        await using var roles = await Roles.CreateAsync();
        Assert.Equal("", await MigrateAsync(roles.Owner.ConnectionString, "--grant-to", roles.Server));
        await using (var app = await ClienteleApp.StartAsync(roles.Serving))
        {
            var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
            var order = new { customer = customer.Id, status = "paid", total = 100, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
            (await admin.Put("/api/orders/1/", order)).Expect(201);
            (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10 })).Expect(200);
            var everybody = new { name = "Everybody", auto_assign = true, assignment_rules = new { field = "is_active", op = "eq", value = true } };
            (await admin.Post(Lists.Groups, everybody)).Expect(201);
            await app.DrainAsync();
            Assert.Equal(2, (int)(await admin.Get(Lists.Groups)).Expect(200).Results()[0]["members_count"]!);
            Assert.Empty(await app.CheckAsync());
        }

        await using var connection = new NpgsqlConnection(roles.ServerConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var table in new[] { "points_entries", "audit_entries", "audit_details", "group_audit_entries" })
        {
            Assert.NotEqual(0L, await connection.ScalarAsync($"SELECT COUNT(*) FROM {table}"));
            await ExpectDeniedAsync(connection, $"DELETE FROM {table}");
            await ExpectDeniedAsync(connection, $"TRUNCATE {table}");

            // PostgreSQL only warns a role that may not grant anything, and grants nothing.
            await connection.ScalarAsync($"GRANT UPDATE ON {table} TO {roles.Server}");
            await ExpectDeniedAsync(
                connection, $"UPDATE {table} SET created_at = created_at", $"UPDATE {table} SET at = at", $"UPDATE {table} SET salt = salt");
            await ExpectDeniedAsync(connection, $"ALTER TABLE {table} DISABLE TRIGGER ALL");
            await ExpectDeniedAsync(connection, $"DROP TABLE {table}");
        }

        await ExpectDeniedAsync(connection, "DELETE FROM \"__EFMigrationsHistory\"");
        await ExpectDeniedAsync(connection, "CREATE TABLE its_own (id int)");
    }

    [Fact]
    public async Task What_a_later_upgrade_adds_is_the_roles_too()
    {
        await using var roles = await Roles.CreateAsync();
        Assert.Equal("", await MigrateAsync(roles.Owner.ConnectionString, "--grant-to", roles.Server));
        await roles.Owner.ExecuteAsync(
            "CREATE TABLE later (id int); CREATE TABLE later_entries (id int); "
            + "REVOKE UPDATE, DELETE, TRUNCATE ON later_entries FROM CURRENT_USER");

        Assert.Equal("", await MigrateAsync(roles.Owner.ConnectionString));

        await using var connection = new NpgsqlConnection(roles.ServerConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.ScalarAsync("INSERT INTO later VALUES (1); UPDATE later SET id = 2; DELETE FROM later; INSERT INTO later_entries VALUES (1)");
        await ExpectDeniedAsync(connection, "UPDATE later_entries SET id = 2");
    }

    [Fact]
    public async Task A_database_that_lacks_an_upgrade_is_refused_in_one_line()
    {
        await using var roles = await Roles.CreateAsync();

        var refused = await RunAsync("serve", "--database", roles.ServerConnectionString);

        var line = Assert.Single(refused.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"clientele migrate --grant-to {roles.Server}", line, StringComparison.Ordinal);
    }

    private static Task<string> MigrateAsync(string database, params string[] arguments) => RunAsync(["migrate", "--database", database, .. arguments]);

    /// <summary>The output on standard error.</summary>
    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        await Cli.RunAsync(arguments, input, output, errors).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return $"{errors}";
    }

    /// <summary>Every statement fails, at least one of them because of missing privileges; others may name a column that does not exist.</summary>
    private static async Task ExpectDeniedAsync(NpgsqlConnection connection, params string[] statements)
    {
        var states = new List<string>();
        foreach (var statement in statements)
        {
            states.Add((await Assert.ThrowsAsync<PostgresException>(() => connection.ScalarAsync(statement))).SqlState);
        }

        Assert.Contains(PostgresErrorCodes.InsufficientPrivilege, states);
    }

    /// <summary>An empty database, the role that owns it, and a role that will serve it.</summary>
    private sealed class Roles(TestDatabase owner, string server, string superuser, string password) : IAsyncDisposable
    {
        public TestDatabase Owner => owner;

        public string Server => server;

        public string ServerConnectionString =>
            new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = server, Password = password, MaxPoolSize = 4 }.ConnectionString;

        public ClienteleAppOptions Serving => new() { Database = owner, Settings = new() { ["Database"] = ServerConnectionString } };

        public static async Task<Roles> CreateAsync()
        {
            Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no roles.");
            TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
            var superuser = (await PostgresCluster.SharedAsync()).SuperuserConnectionString;
            Assert.SkipWhen(superuser is null, "The server is not ours.");
            var (server, password) = ($"server_{Guid.NewGuid():n}", $"{Guid.NewGuid():n}");
            await PostgresCluster.ExecuteAsync(superuser, $"CREATE ROLE {server} LOGIN PASSWORD '{password}'");
            return new(await TestDatabase.CreateEmptyAsync(), server, superuser, password);
        }

        public async ValueTask DisposeAsync()
        {
            // The owner of the database may not end other roles' connections to it.
            await PostgresCluster.ExecuteAsync(superuser, $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '{server}'");
            await owner.DisposeAsync();
            await PostgresCluster.ExecuteAsync(superuser, $"DROP ROLE {server}");
        }
    }
}

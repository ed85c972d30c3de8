using Clientele.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>What all other tests depend on: a server that grants no special rights, and databases that share nothing.</summary>
public class StartingTests
{
    private static readonly DatabaseTemplate Template = new(connectionString => ExecuteAsync(
        connectionString,
        "CREATE TABLE notes (text TEXT PRIMARY KEY)",
        "INSERT INTO notes VALUES ('from the template')"));

    [Fact]
    public async Task The_role_of_the_tests_is_an_ordinary_one_that_may_create_databases()
    {
        TestDatabase.SkipUnlessAvailable(PostgresCluster.Unavailable);
        var cluster = await PostgresCluster.SharedAsync();

        Assert.Equal("False True", await QueryAsync(
            cluster.ConnectionString,
            "SELECT initcap(rolsuper::text) || ' ' || initcap(rolcreatedb::text) FROM pg_roles WHERE rolname = current_user"));
    }

    [Fact]
    public async Task A_database_in_the_cluster_can_be_dropped_while_it_is_in_use()
    {
        TestDatabase.SkipUnlessAvailable(PostgresCluster.Unavailable);
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync();
        await using var user = new NpgsqlConnection(database);
        await user.OpenAsync(TestContext.Current.CancellationToken);

        await cluster.DropDatabaseAsync(database);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => QueryAsync(database, "SELECT 'still there'"));
    }

    [Fact]
    public async Task A_copy_has_what_the_template_was_given()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var copy = await Template.CreateAsync();

        Assert.Equal("from the template", await QueryAsync(copy.ConnectionString, "SELECT text FROM notes"));
    }

    [Fact]
    public async Task What_happens_in_one_copy_is_not_seen_in_another()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var one = await Template.CreateAsync();
        await ExecuteAsync(one.ConnectionString, "INSERT INTO notes VALUES ('by one')");

        await using var other = await Template.CreateAsync();

        Assert.Equal("1", await QueryAsync(other.ConnectionString, "SELECT CAST(COUNT(*) AS TEXT) FROM notes"));
    }

    [Fact]
    public async Task Many_copies_can_be_asked_for_at_once()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var copies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Template.CreateAsync()));

        Assert.Equal(10, copies.Select(copy => copy.ConnectionString).Distinct().Count());

        await Task.WhenAll(copies.Select(copy => copy.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task An_empty_database_has_no_tables()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();

        var tables = TestDatabase.Kind is DatabaseKind.Sqlite
            ? "SELECT CAST(COUNT(*) AS TEXT) FROM sqlite_master"
            : "SELECT CAST(COUNT(*) AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
        Assert.Equal("0", await QueryAsync(database.ConnectionString, tables));
    }

    [Fact]
    public void A_clock_that_is_advanced_stays_advanced()
    {
        var clock = new FakeClock();
        var then = clock.GetTimestamp();

        clock.Advance(TimeSpan.FromDays(400));

        Assert.True(clock.GetUtcNow() > TimeProvider.System.GetUtcNow().AddDays(399));
        Assert.True(clock.GetElapsedTime(then) > TimeSpan.FromDays(399));
    }

    private static async Task ExecuteAsync(string connectionString, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await QueryAsync(connectionString, statement);
        }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "The statements are above.")]
    private static async Task<object?> QueryAsync(string connectionString, string statement)
    {
        await using System.Data.Common.DbConnection connection = connectionString.Contains("Host=", StringComparison.Ordinal)
            ? new NpgsqlConnection(connectionString)
            : new SqliteConnection($"Data Source={connectionString}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync();
    }
}

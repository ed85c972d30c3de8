using System.Data.Common;
using System.Globalization;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>If the database is unavailable, slow or full, the service says so in limited time, and needs no restart afterwards.</summary>
public sealed class LosingTheDatabase
{
    private const string Me = "/api/customers/customers/me/";
    private const string Addresses = "/api/customers/addresses/";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_away_or_mute_is_a_503_until_it_is_back(bool away)
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "An SQLite file is never away.");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var direct = await ClienteleApp.StartAsync();
        var server = new NpgsqlConnectionStringBuilder(direct.Database.ConnectionString) { Timeout = 2, CommandTimeout = 2, CancellationTimeout = 500 };
        await using var wire = new TcpProxy(server.Host!, server.Port);
        server.Port = wire.Port;
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Database = direct.Database,
            Settings = new() { ["Database"] = server.ConnectionString },
        });
        var customer = await own.CustomerAsync();
        (await customer.Get(Me)).Expect(200);

        if (away)
        {
            wire.Cut();
        }
        else
        {
            wire.Clog();
        }

        await Task.WhenAll(
            ExpectUnavailableAsync(() => customer.Get(Me)),
            ExpectUnavailableAsync(() => customer.Get(Addresses)),
            ExpectUnavailableAsync(() => customer.Post(Addresses, Given.Address())),
            ExpectUnavailableAsync(() => customer.Post(Addresses, Given.Address(), ("Idempotency-Key", "cut off"))),
            ExpectUnavailableAsync(() => customer.Patch(customer.Url, new { first_name = "Grace" })),
            ExpectUnavailableAsync(() => own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })),
            ExpectUnavailableAsync(() => own.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })),
            ExpectUnavailableAsync(() => own.Stranger.Get("/health/ready")));
        (await own.Stranger.Get("/health/live")).Expect(200);

        wire.Mend();

        await Wait.UntilAsync(async () => (int)(await own.Stranger.Get("/health/ready")).Status == 200, Bound, "ready again");
        await Wait.UntilAsync(async () => (int)(await customer.Get(Me)).Status == 200, Bound, "reads again");
        await Wait.UntilAsync(
            async () => (int)(await customer.Post(Addresses, Given.Address(), ("Idempotency-Key", "cut off"))).Status == 201, Bound, "writes again");
        Assert.Equal(1, await direct.Database.CountAsync("SELECT COUNT(*) FROM addresses"));

        // An unavailable database is logged in lines, not as a stack trace for each request.
        Assert.DoesNotContain(own.Log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_somebody_else_is_writing_is_a_503_until_they_are_done()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "PostgreSQL has as many writers as it likes.");
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await using var other = await own.Database.OpenAsync();
        await other.ScalarAsync("BEGIN IMMEDIATE");

        await Task.WhenAll(
            ExpectUnavailableAsync(() => customer.Post(Addresses, Given.Address())),
            ExpectUnavailableAsync(() => customer.Patch(customer.Url, new { first_name = "Grace" })),
            ExpectUnavailableAsync(() => own.Stranger.Get("/health/ready")));
        (await customer.Get(Me)).Expect(200);
        (await own.Stranger.Get("/health/live")).Expect(200);

        await other.ScalarAsync("ROLLBACK");

        (await own.Stranger.Get("/health/ready")).Expect(200);
        (await customer.Post(Addresses, Given.Address())).Expect(201);
    }

    [Theory]
    [InlineData("PRAGMA max_page_count = 1")]
    [InlineData("PRAGMA query_only = ON")]
    public async Task A_full_or_read_only_file_is_a_503_for_whoever_writes(string pragma)
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "These are pragmas.");
        var obstacle = new Obstacle();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Services = services => services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(obstacle)),
        });
        var customer = await own.CustomerAsync();

        obstacle.Pragma = pragma;
        for (var i = 0; i < 20; i++)
        {
            // A page may have room left for some writes.
            var answer = await customer.Post(Addresses, Given.Address());
            if ((int)answer.Status != 201)
            {
                break;
            }
        }

        await ExpectUnavailableAsync(() => customer.Post(Addresses, Given.Address()));
        (await customer.Get(Me)).Expect(200);

        obstacle.Pragma = "PRAGMA query_only = OFF; PRAGMA max_page_count = 1000000";
        (await customer.Post(Addresses, Given.Address())).Expect(201);
    }

    [Fact]
    public async Task A_server_that_has_become_read_only_is_a_503_for_whoever_writes()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has its own.");
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        await SetReadOnlyAsync(own, "on");
        await ExpectUnavailableAsync(() => customer.Post(Addresses, Given.Address()));
        await ExpectUnavailableAsync(() => own.Stranger.Get("/health/ready"));
        await Wait.UntilAsync(async () => (int)(await customer.Get(Me)).Status == 200, Bound, "reads go on");

        await SetReadOnlyAsync(own, "off");
        await Wait.UntilAsync(async () => (int)(await customer.Post(Addresses, Given.Address())).Status == 201, Bound, "writes again");
        (await own.Stranger.Get("/health/ready")).Expect(200);
    }

    /// <summary>Simulates a failover: connections end, and new ones find a read-only server.</summary>
    private static async Task SetReadOnlyAsync(ClienteleApp own, string value)
    {
        var name = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString).Database;
        var cluster = await PostgresCluster.SharedAsync();
        await PostgresCluster.ExecuteAsync(cluster.ConnectionString, $"ALTER DATABASE {name} SET default_transaction_read_only = {value}");
        await PostgresCluster.ExecuteAsync(cluster.ConnectionString, $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    private static async Task ExpectUnavailableAsync(Func<Task<Answer>> request)
    {
        var answer = await request().WaitAsync(Bound);
        Assert.Equal("unavailable", answer.ExpectProblem(503).Code);
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
    }

    /// <summary>An obstacle between the service and its file.</summary>
    private sealed class Obstacle : DbConnectionInterceptor
    {
        public string Pragma { get; set; } = "";

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (Pragma.Length > 0)
            {
                await connection.ScalarAsync(Pragma);
            }
        }
    }
}

using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Clientele.Tests.Bulk;

/// <summary>Several nodes, keys and old jobs.</summary>
public sealed class SharingBulkJobs
{
    private const int Many = 5000;

    [Fact]
    public async Task Each_customer_is_changed_once_however_many_nodes_there_are()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has one writer, and so one node that writes.");
        await using var app = await ClienteleApp.StartAsync();
        await using var second = await app.SecondNodeAsync();
        var (admin, (word, _)) = (await app.AdminAsync(), await app.CrowdAsync(Many));

        var jobs = await Task.WhenAll(
            admin.ChangeAsync(new { action = "add_tags", filters = new { search = word }, tags = new[] { word } }),
            second.Here(admin).ChangeAsync(new { action = "make_vip", filters = new { search = word } }));

        Assert.All(jobs, job => Assert.Equal((Many, Many), ((long)job["done"]!, (long)job["changed"]!)));
        Assert.Equal(Many, await app.Database.CountAsync("SELECT COUNT(*) FROM audit_entries WHERE action = 'customer.tagged'"));
        Assert.Equal(Many, await app.Database.CountAsync("SELECT COUNT(*) FROM audit_entries WHERE action = 'customer.vip_changed'"));
        await AuditChain.VerifyAsync(app.Database);
    }

    [Fact]
    public async Task A_job_that_is_killed_halfway_is_continued_and_nobody_is_changed_twice()
    {
        var word = "";
        var (database, name) = await ClienteleApp.DatabaseAsync(async app => word = (await app.CrowdAsync(Many)).Word);
        await using var disposed = database;
        await using var killed = await ServerProcess.ServeAsync(database.ConnectionString);
        var admin = await SignInAsync(killed, name);
        var job = await admin.StartAsync(new { action = "add_tags", filters = new { search = word }, tags = new[] { word } });
        await admin.UntilDoneAsync(job, 300);

        await killed.KillAsync();

        await using var server = await ServerProcess.ServeAsync(database.ConnectionString);
        var ended = await (await SignInAsync(server, name)).UntilEndedAsync(job);
        Assert.Equal(("done", Many, Many), ((string)ended["state"]!, (long)ended["done"]!, (long)ended["changed"]!));
        Assert.Equal(Many, await database.CountAsync("SELECT COUNT(*) FROM audit_entries WHERE action = 'customer.tagged'"));
        await AuditChain.VerifyAsync(database);
    }

    [Fact]
    public async Task A_step_that_takes_longer_than_its_lease_counts()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has one writer, and so one node that works on a step.");
        await using var app = await ClienteleApp.StartAsync();
        var (admin, (word, _)) = (await app.AdminAsync(), await app.CrowdAsync(3));
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = word })).Expect(201)["id"];
        await using var connection = new NpgsqlConnection(app.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var slow = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("SELECT id FROM groups WHERE id = $1 FOR UPDATE", connection, slow);
        hold.Parameters.Add(new() { Value = group });
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var job = await admin.StartAsync(new { action = "add_to_group", group, filters = new { search = word } });
        await Wait.UntilAsync(
            async () => await app.Database.CountAsync("SELECT COUNT(*) FROM leases WHERE name LIKE 'bulk:%'") == 1,
            TimeSpan.FromSeconds(30),
            "the step has begun");
        await app.Database.ExecuteAsync("UPDATE leases SET holder = 'another', until = now() + interval '60 seconds' WHERE name LIKE 'bulk:%'");
        await slow.CommitAsync(TestContext.Current.CancellationToken);

        await Wait.UntilAsync(
            async () => (string)(await admin.Get(Bulking.Url(job))).Expect(200)["state"]! == "running", TimeSpan.FromSeconds(30), "the job is running");
    }

    [Fact]
    public async Task A_job_whose_steps_fail_for_now_does_not_hold_up_the_next_one()
    {
        var obstacle = new Obstacle();
        await using var app = await ClienteleApp.StartAsync(new() { Services = obstacle.Join });
        var (admin, (word, _)) = (await app.AdminAsync(), await app.CrowdAsync(3));
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = word })).Expect(201)["id"];
        obstacle.IsThere = true;
        var first = await admin.StartAsync(new { action = "add_to_group", group, filters = new { search = word } });
        await Wait.UntilAsync(() => Task.FromResult(obstacle.Hits > 0), TimeSpan.FromSeconds(30), "a step of the first job has failed");

        var second = await admin.ChangeAsync(new { action = "make_vip", filters = new { search = word } });

        Assert.Equal(("done", 3), ((string)second["state"]!, (long)second["changed"]!));
        Assert.Null((await admin.Get(Bulking.Url(first))).Expect(200).Json["ended_at"]);

        obstacle.IsThere = false;
        Assert.Equal(3, (long)(await admin.UntilEndedAsync(first))["changed"]!);
    }

    [Fact]
    public async Task A_key_reaches_no_staff_and_sees_only_its_own_jobs()
    {
        await using var app = await ClienteleApp.StartAsync();
        var (admin, key, other) = (await app.AdminAsync(), await app.KeyAsync("customers:read", "customers:write"), await app.KeyAsync("customers:read"));
        await app.CrowdAsync(3);

        var job = await key.ChangeAsync(new { action = "make_vip", filters = new { } });

        Assert.Equal(3, (long)job["changed"]!);
        Assert.False((bool)(await admin.Get(admin.Url)).Expect(200)["is_vip"]);
        (await other.Get(Bulking.Url(job))).Expect(404);
        Assert.Empty((await other.Get(Bulking.Jobs)).Expect(200)["results"].AsArray());
        (await admin.Get(Bulking.Url(job))).Expect(200);
    }

    [Fact]
    public async Task A_key_needs_the_scope_of_groups_to_change_members()
    {
        await using var app = await ClienteleApp.StartAsync();
        var key = await app.KeyAsync("customers:read", "customers:write");

        var refused = await key.Post(Bulking.Jobs, new { action = "add_to_group", filters = new { }, group = 1 });

        Assert.Equal("insufficient_scope", refused.ExpectProblem(403).Code);
        Assert.Contains("groups:write", (string)refused["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_meanwhile_changes_nobody_any_more()
    {
        await using var app = await ClienteleApp.StartAsync();
        var (admin, key, (word, _)) = (await app.AdminAsync(), await app.KeyAsync("customers:write"), await app.CrowdAsync(Many));
        var job = await key.StartAsync(new { action = "make_vip", filters = new { search = word } });
        await admin.UntilDoneAsync(job, 100);

        await app.RevokeAsync(key);

        Assert.Equal("failed", (string)(await admin.UntilEndedAsync(job))["state"]!);
    }

    [Fact]
    public async Task Jobs_are_deleted_thirty_days_after_their_end()
    {
        await using var app = await ClienteleApp.StartAsync();
        var admin = await app.AdminAsync();
        var job = await admin.ChangeAsync(new { action = "make_vip", filters = new { search = "nobody" } });
        app.Clock.Advance(TimeSpan.FromDays(29));
        await app.MaintainAsync();
        Assert.Equal(1, await app.Database.CountAsync("SELECT COUNT(*) FROM bulk_jobs"));

        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.MaintainAsync();

        (await (await app.NewAdminAsync()).Get(Bulking.Url(job))).Expect(404);
    }

    private static async Task<Actor> SignInAsync(ServerProcess server, string username)
    {
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        return new Actor(server.Client) { Access = (string)pair["access"]! };
    }

    /// <summary>Lets statements about members of groups time out.</summary>
    private sealed class Obstacle : DbCommandInterceptor
    {
        private int _hits;

        public bool IsThere { get; set; }

        public int Hits => _hits;

        public void Join(IServiceCollection services)
        {
            services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(this));
            services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(this));
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (IsThere && command.CommandText.Contains("memberships", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _hits);
                throw new TimeoutException("The statement takes too long.");
            }

            return ValueTask.FromResult(result);
        }
    }
}

using System.Net;
using Clientele.Server;
using Clientele.Server.Data;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Operations;

/// <summary>A streaming replica answers expensive reads, but never without what was written before.</summary>
public sealed class ReadingFromAReplica
{
    private const string Customers = "/api/customers/customers/";

    /// <summary>A node waits up to 200 ms for the replica, at most once a second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Lists_searches_figures_and_exports_come_from_the_replica()
    {
        await using var servers = await StartAsync();
        await using var app = await NodeAsync(servers);
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        Assert.Equal(customer.Id, (long)(await admin.Get($"{Customers}?username={customer.Username}")).Expect(200)["results"]![0]!["id"]!);
        await ExpectToBeUsedAsync(servers, app, admin);
        await ExpectToBeUsedAsync(servers, app, admin, $"{Lists.Addresses}?country=US", "addresses");
        (await admin.Get($"/api/customers/search/?q={customer.Username}")).Expect(200);
        (await admin.Get("/api/customers/analytics/")).Expect(200);
        (await admin.Get("/api/customers/loyalty/liability/")).Expect(200);
        Assert.Contains(customer.Username, (await admin.Get($"{Customers}export/")).Expect(200).Text, StringComparison.Ordinal);
        var rule = new { assignment_rules = new { v = 1, all = new[] { new { field = "is_vip", op = "eq", value = true } } } };
        foreach (var keyed in new[] { "first", "again" })
        {
            // The response is stored, which is a write.
            (await admin.Post("/api/customers/groups/preview/", rule)).Expect(200);
            var preview = (await admin.Post("/api/customers/groups/preview/", rule, ("Idempotency-Key", "preview"))).Expect(200);
            Assert.Equal(keyed == "again", preview.Headers.ContainsKey("Idempotent-Replayed"));
            (await admin.Post("/api/customers/loyalty/simulate/", new { tiers = Array.Empty<object>() }, ("Idempotency-Key", "tiers"))).Expect(200);
        }

        Assert.Empty(await app.CheckAsync());
    }

    [Fact]
    public async Task The_stories_of_what_reads_many_customers_are_true_with_a_replica()
    {
        await using var servers = await StartAsync();
        foreach (var page in (string[])["customers.md", "segments.md", "analytics.md", "search.md"])
        {
            await using var app = await NodeAsync(servers);
            var known = await ReadingTheDocumentation.CastAsync(app, withJohn: true);
            using var http = app.CreateClient();
            using var authenticator = new StoryAuthenticator();

            Assert.NotEqual(0, await Story.Of(page).TellAsync(http, known, names => ReadingTheDocumentation.BetweenAsync(app, authenticator, names)));
            Assert.Empty(await app.CheckAsync());
        }
    }

    [Fact]
    public async Task Nobody_misses_what_they_have_just_written_through_whichever_node()
    {
        await using var servers = await StartAsync();
        await using var app = await NodeAsync(servers);
        await using var other = await app.SecondNodeAsync();
        var admin = await app.AdminAsync();
        var elsewhere = other.Here(admin);
        var since = DateTime.UtcNow;

        await Crowd.AtOnceAsync(8, async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                var customer = await app.CustomerAsync();
                var found = (await (i % 2 == 0 ? admin : elsewhere).Get($"{Customers}?username={customer.Username}")).Expect(200);
                Assert.Equal(1, (int)found["count"]);
                (await admin.Patch($"{Customers}{customer.Id}/", new { last_name = $"Number{i}" })).Expect(200);
                var changed = (await (i % 2 == 0 ? elsewhere : admin).Get($"{Customers}?username={customer.Username}")).Expect(200);
                Assert.EndsWith($"Number{i}", (string)changed["results"]![0]!["full_name"]!, StringComparison.Ordinal);
            }

            return 0;
        });
        Assert.True(await servers.HasAnsweredAboutAsync("customers", since));
    }

    [Fact]
    public async Task While_it_is_behind_or_gone_the_primary_answers_and_it_is_used_again_once_it_is_back()
    {
        await using var servers = await StartAsync();
        await using var app = await NodeAsync(servers);
        var admin = await app.AdminAsync();

        await servers.PauseAsync();
        await ExpectToSeeNewCustomersAsync(app, admin);
        await servers.ResumeAsync();
        await ExpectToBeUsedAsync(servers, app, admin);

        servers.Connection.Cut();
        await ExpectToSeeNewCustomersAsync(app, admin);
        servers.Connection.Mend();
        await ExpectToBeUsedAsync(servers, app, admin);

        servers.Connection.Clog();
        await ExpectToSeeNewCustomersAsync(app, admin);
        servers.Connection.Mend();
        await ExpectToBeUsedAsync(servers, app, admin);

        await servers.KillAsync();
        await ExpectToSeeNewCustomersAsync(app, admin);
    }

    [Fact]
    public async Task Requests_that_lose_the_replica_are_answered_by_the_primary()
    {
        await using var servers = await StartAsync();
        await using var app = await NodeAsync(servers);
        var admin = await app.AdminAsync();
        var losing = LoseAsync();

        var answers = new List<HttpStatusCode>();
        while (!losing.IsCompleted)
        {
            answers.AddRange((await Crowd.AtOnceAsync(8, _ => admin.Get($"{Customers}?is_vip=false"))).Select(answer => answer.Status));
        }

        await losing;
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));

        async Task LoseAsync()
        {
            for (var i = 0; i < 20; i++)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
                servers.Connection.Cut();
                servers.Connection.Mend();
            }
        }
    }

    [Fact]
    public void A_replica_needs_PostgreSQL()
    {
        var refused = Assert.Throws<StartupException>(() => new Database(setting: null, replica: "Host=other;Database=shop"));

        Assert.Equal("Database:Replica needs a PostgreSQL server as the Database. Remove it, or set Database to that server.", refused.Message);
    }

    private static Task<ReplicatedPostgres> StartAsync()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no replicas.");
        return ReplicatedPostgres.StartAsync();
    }

    private static async Task<ClienteleApp> NodeAsync(ReplicatedPostgres servers) =>
        await ClienteleApp.StartAsync(new() { Settings = await servers.SettingsAsync() });

    private static async Task ExpectToSeeNewCustomersAsync(ClienteleApp app, Actor admin)
    {
        for (var i = 0; i < 3; i++)
        {
            var customer = await app.CustomerAsync();
            Assert.Equal(1, (int)(await admin.Get($"{Customers}?username={customer.Username}")).Expect(200)["count"]);
        }
    }

    /// <summary>While the replica is behind, the primary answers.</summary>
    private static async Task ExpectToBeUsedAsync(
        ReplicatedPostgres servers, ClienteleApp app, Actor admin, string list = $"{Customers}?is_vip=true", string table = "customers")
    {
        var since = DateTime.UtcNow;
        await Wait.UntilAsync(
            async () =>
            {
                app.Clock.Advance(TimeSpan.FromSeconds(1));
                (await admin.Get(list)).Expect(200);
                return await servers.HasAnsweredAboutAsync(table, since);
            },
            Soon,
            "the replica answers");
    }
}

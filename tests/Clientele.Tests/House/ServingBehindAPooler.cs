using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>Two nodes behind a pooler that lends a database connection for one transaction at a time.</summary>
public sealed class ServingBehindAPooler(PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private const int Writers = 60;

    [Theory]
    [InlineData("accounts.md")]
    [InlineData("customers.md")]
    [InlineData("addresses.md")]
    [InlineData("groups.md")]
    [InlineData("history.md")]
    [InlineData("loyalty.md")]
    [InlineData("segments.md")]
    public async Task The_story_of_every_noun_is_true_where_each_request_reaches_another_node(string page)
    {
        SkipWithoutPooler();
        await using var direct = await ClienteleApp.StartAsync();
        await using var one = await OverPoolerAsync(direct);
        await using var other = await one.SecondNodeAsync();
        var known = await ReadingTheDocumentation.CastAsync(one, withJohn: page != "accounts.md");
        using var http = new HttpClient(new AlternatingNodes(one.Address, other.Address)) { BaseAddress = one.Address };

        using var authenticator = new StoryAuthenticator();

        Assert.NotEqual(0, await Story.Of(page).TellAsync(http, known, names => ReadingTheDocumentation.BetweenAsync(one, authenticator, names)));
        Assert.Empty(await other.CheckAsync());
    }

    [Fact]
    public async Task Sixty_writers_on_one_customer_finish_over_twenty_server_connections()
    {
        SkipWithoutPooler();
        await using var direct = await ClienteleApp.StartAsync();
        await using var one = await OverPoolerAsync(direct);
        await using var other = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();

        var answers = await Crowd.AtOnceAsync(Writers, i => (i % 2 == 0 ? customer : other.Here(customer)).Post(Lists.Addresses, Given.Address()));

        Assert.All(answers, answer => answer.Expect(201));
        Assert.Equal(Writers, answers.Select(answer => (long)answer["id"]).Distinct().Count());
        await Consistency.ExpectAsync(one.Database);
    }

    [Fact]
    public async Task Sixty_writers_on_one_customer_finish_over_a_pool_of_twenty()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has one writer.");
        await using var own = await ClienteleApp.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString) { MaxPoolSize = 20, Timeout = 60, CommandTimeout = 60 };
        await using var busy = await ClienteleApp.StartAsync(new()
        {
            Database = own.Database,
            Settings = new() { ["Database"] = database.ConnectionString },
        });
        var customer = await busy.CustomerAsync();

        var answers = await Crowd.AtOnceAsync(Writers, _ => customer.Post(Lists.Addresses, Given.Address()));

        Assert.All(answers, answer => answer.Expect(201));
    }

    private static void SkipWithoutPooler()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no pooler.");
        TestDatabase.SkipUnlessAvailable(PgBouncer.Unavailable);
    }

    /// <summary>A node behind the pooler, with more connections to it than the pooler has to the server.</summary>
    private Task<ClienteleApp> OverPoolerAsync(ClienteleApp direct) => ClienteleApp.StartAsync(new()
    {
        Database = direct.Database,
        Clock = direct.Clock,
        Settings = new() { ["Database"] = new NpgsqlConnectionStringBuilder(pooler.Over(direct.Database)) { MaxPoolSize = Writers }.ConnectionString },
    });
}

using System.Globalization;
using Clientele.Server.Accounts;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>However many networks guess the password, the owner can sign in from a network where they have signed in before.</summary>
public sealed class KeepingOwnersIn
{
    private const string Home = "198.51.100.1";
    private const string Abroad = "198.51.100.2";
    private const string Change = "/api/customers/customers/change_password/";

    private static readonly Dictionary<string, string?> BelievesThisMachine = new() { ["Proxies:0"] = "127.0.0.1", ["Proxies:1"] = "::1" };

    [Fact]
    public async Task Guesses_from_one_network_do_not_lock_the_owner_out_of_any_other()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();

        for (var i = 0; i < 108; i++)
        {
            await GuessAsync(own, customer, "203.0.113.1");
        }

        (await SignInAsync(own, customer, "203.0.113.1")).ExpectProblem(429);
        (await SignInAsync(own, customer, Abroad)).Expect(200);
    }

    [Fact]
    public async Task What_a_network_limit_refuses_does_not_count_against_the_account()
    {
        await using var own = await StartAsync(new() { ["RateLimits:SignInPerNetwork"] = "3", ["RateLimits:SignInPerAccount"] = "5" });
        var customer = await own.CustomerAsync();

        var guesses = await Crowd.AtOnceAsync(_ => GuessAsync(own, customer, "203.0.113.1"));

        Assert.Equal(3, guesses.Count(guess => (int)guess.Status == 401));
        (await SignInAsync(own, customer, Abroad)).Expect(200);
    }

    [Fact]
    public async Task Many_networks_at_once_have_a_hundred_guesses_a_day()
    {
        await using var one = await StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();

        var guesses = new List<Answer>();
        for (var round = 0; round < 5; round++)
        {
            guesses.AddRange(await Crowd.AtOnceAsync(30, i => GuessAsync(i % 2 == 0 ? one : two, customer, Stranger((10 * round) + (i / 3)))));
        }

        Assert.Equal(100, guesses.Count(guess => (int)guess.Status == 401));
        Assert.Equal(50, guesses.Count(guess => (int)guess.Status == 429));
    }

    [Fact]
    public async Task Twenty_networks_with_five_guesses_each_do_not_lock_the_owner_out_at_home()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);

        await UseUpTheDayAsync(own, customer);

        (await SignInAsync(own, customer, Home)).Expect(200);
        (await GuessAsync(own, customer, Home)).ExpectProblem(401);
        (await SignInAsync(own, customer, Home)).Expect(200);
    }

    [Fact]
    public async Task At_home_five_guesses_of_the_owners_password_are_the_limit()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);

        for (var i = 0; i < 5; i++)
        {
            (await GuessAsync(own, customer, Home)).ExpectProblem(401);
        }

        (await SignInAsync(own, customer, Home)).ExpectProblem(429);
        own.Clock.Advance(TimeSpan.FromMinutes(16));
        (await SignInAsync(own, customer, Home)).Expect(200);
    }

    [Fact]
    public async Task What_others_guess_on_the_owners_network_refuses_strangers_there_and_not_the_owner()
    {
        await using var own = await StartAsync(new() { ["RateLimits:SignInPerNetwork"] = "3" });
        var (customer, stranger) = (await own.CustomerAsync(), await own.CustomerAsync());
        (await SignInAsync(own, customer, Home)).Expect(200);

        for (var i = 0; i < 3; i++)
        {
            (await GuessAsync(own, stranger, Home)).ExpectProblem(401);
        }

        (await SignInAsync(own, stranger, Home)).ExpectProblem(429);
        (await SignInAsync(own, customer, Home)).Expect(200);
    }

    [Fact]
    public async Task A_network_that_the_owner_never_used_waits_a_quarter_of_an_hour_at_most()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();

        await UseUpTheDayAsync(own, customer);

        var refused = (await SignInAsync(own, customer, Abroad)).ExpectProblem(429);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 15 * 60);
        own.Clock.Advance(TimeSpan.FromDays(1));
        (await SignInAsync(own, customer, Abroad)).Expect(200);
    }

    [Fact]
    public async Task Names_that_do_not_exist_have_the_same_day()
    {
        await using var own = await StartAsync();
        var nobody = new Actor(own.CreateClient()) { Username = "nobody", Password = ClienteleApp.Password };

        await UseUpTheDayAsync(own, nobody);

        (await SignInAsync(own, nobody, Abroad)).ExpectProblem(429);
    }

    [Fact]
    public async Task Guesses_at_the_owners_network_lock_nobody_else_out()
    {
        await using var own = await StartAsync();
        var (customer, neighbour) = (await own.CustomerAsync(), await own.CustomerAsync());
        (await SignInAsync(own, customer, Home)).Expect(200);

        for (var i = 0; i < 108; i++)
        {
            await GuessAsync(own, customer, Home);
            own.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        (await SignInAsync(own, neighbour, Home)).Expect(200);
        (await SignInAsync(own, customer, Abroad)).Expect(200);
    }

    [Fact]
    public async Task Changing_the_password_obeys_the_same_limits()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);
        await UseUpTheDayAsync(own, customer);
        var change = new { old_password = customer.Password, new_password = "another-horse-another-battery", new_password2 = "another-horse-another-battery" };

        (await customer.Post(Change, change, From(Abroad))).ExpectProblem(429);
        for (var i = 0; i < 3; i++)
        {
            (await customer.Post(Change, change with { old_password = "guess" }, From(Home))).ExpectProblem(400);
        }

        (await customer.Post(Change, change, From(Home))).Expect(200);
    }

    [Fact]
    public async Task A_network_is_known_for_ninety_days()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);

        own.Clock.Advance(TimeSpan.FromDays(89));
        await UseUpTheDayAsync(own, customer);
        (await SignInAsync(own, customer, Home)).Expect(200);
        own.Clock.Advance(TimeSpan.FromDays(91));
        await UseUpTheDayAsync(own, customer);
        (await SignInAsync(own, customer, Home)).ExpectProblem(429);

        await own.MaintainAsync();
        Assert.Equal(0, await KnownAsync(own, customer));
    }

    [Fact]
    public async Task The_ninety_days_begin_with_the_last_sign_in_though_only_one_a_day_is_stored()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);
        own.Clock.Advance(TimeSpan.FromHours(23));
        (await SignInAsync(own, customer, Home)).Expect(200);

        own.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromHours(1));
        await own.MaintainAsync();
        await UseUpTheDayAsync(own, customer);
        (await SignInAsync(own, customer, Home)).Expect(200);
    }

    [Fact]
    public async Task A_second_login_of_the_day_writes_no_network()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        (await SignInAsync(own, customer, Home)).Expect(200);
        var trace = StatementLog.NewTrace();

        (await own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password }, From(Home), trace)).Expect(200);

        Assert.DoesNotContain(StatementLog.Of(trace), statement => statement.Contains("INTO known_networks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_many_networks_are_remembered_as_a_traveller_needs()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        foreach (var network in new[] { 0, 1, 2 })
        {
            own.Clock.Advance(TimeSpan.FromSeconds(1));
            (await SignInAsync(own, customer, Stranger(network))).Expect(200);
            await BeenInAsync(own, customer, network == 1 ? KnownNetworks.MostPerCustomer - 2 : 0);
        }

        Assert.Equal(KnownNetworks.MostPerCustomer, await KnownAsync(own, customer));
        await UseUpTheDayAsync(own, customer, from: 100);
        (await SignInAsync(own, customer, Stranger(2))).Expect(200);
        (await SignInAsync(own, customer, Stranger(0))).ExpectProblem(429);
    }

    [Fact]
    public async Task Networks_are_stored_as_nobody_can_read_them_and_go_with_the_customer()
    {
        await using var own = await StartAsync();
        var (customer, neighbour) = (await own.CustomerAsync(), await own.CustomerAsync());
        (await SignInAsync(own, customer, Home)).Expect(200);
        (await SignInAsync(own, neighbour, Home)).Expect(200);
        var hashes = (await own.Database.QueryAsync("SELECT network_hash FROM known_networks")).Select(row => Convert.ToHexString((byte[])row[0])).ToList();

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Equal(64, hash.Length));
        (await (await own.AdminAsync()).Delete(customer.Url)).Expect(204);
        Assert.Equal(0, await KnownAsync(own, customer));
        Assert.NotEqual(0, await KnownAsync(own, neighbour));
    }

    private static Task<ClienteleApp> StartAsync(Dictionary<string, string?>? settings = null) =>
        ClienteleApp.StartAsync(new() { Settings = new(BelievesThisMachine.Concat(settings ?? [])) });

    private static string Stranger(int i) => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{i + 1}");

    private static (string Name, string Value) From(string network) => ("X-Forwarded-For", network);

    private static Task<Answer> SignInAsync(ClienteleApp node, Actor account, string network) =>
        node.Stranger.Post("/api/auth/token/", new { username = account.Username, password = account.Password }, From(network));

    private static Task<Answer> GuessAsync(ClienteleApp node, Actor account, string network) =>
        node.Stranger.Post("/api/auth/token/", new { username = account.Username, password = "guess" }, From(network));

    private static async Task UseUpTheDayAsync(ClienteleApp node, Actor account, int from = 0)
    {
        for (var i = 0; i < 100; i++)
        {
            (await GuessAsync(node, account, Stranger(from + (i / 5)))).ExpectProblem(401);
        }
    }

    /// <summary>Stores more networks, as if the customer had just signed in from them.</summary>
    private static async Task BeenInAsync(ClienteleApp node, Actor customer, int networks)
    {
        var hash = TestDatabase.Kind is DatabaseKind.Sqlite ? "randomblob(32)" : "sha256(random()::text::bytea)";
        for (var i = 0; i < networks; i++)
        {
            await node.Database.ExecuteAsync(
                $"""
                 INSERT INTO known_networks (customer_id, network_hash, last_seen_at)
                 SELECT customer_id, {hash}, MAX(last_seen_at) FROM known_networks WHERE customer_id = {customer.Id} GROUP BY customer_id
                 """);
        }
    }

    private static Task<long> KnownAsync(ClienteleApp node, Actor customer) =>
        node.Database.CountAsync($"SELECT COUNT(*) FROM known_networks WHERE customer_id = {customer.Id}");
}

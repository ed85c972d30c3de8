using System.Globalization;
using Clientele.Server.Accounts;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Clientele.Tests.Accounts;

/// <summary>Guessing becomes slow for guessers, but the owner is never locked out by somebody else.</summary>
public sealed class ThrottlingSignIn
{
    private const int Allowed = 5;

    private static readonly Dictionary<string, string?> BelievesThisMachine = new() { ["Proxies:0"] = "127.0.0.1", ["Proxies:1"] = "::1" };

    [Fact]
    public async Task Of_many_guesses_at_once_on_two_nodes_five_get_through()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();

        var answers = await Crowd.AtOnceAsync(i => SignInAsync(i % 2 == 0 ? one : two, i % 4 < 2 ? customer.Username : customer.Email, $"guess {i}"));

        ExpectThrottled(answers, 401);
        (await SignInAsync(two, customer.Username, customer.Password)).ExpectProblem(429);
    }

    [Fact]
    public async Task Names_that_do_not_exist_are_throttled_too()
    {
        await using var own = await ClienteleApp.StartAsync();

        ExpectThrottled(await Crowd.AtOnceAsync(i => SignInAsync(own, "nobody", $"guess {i}")), 401);
    }

    [Fact]
    public async Task Names_that_a_network_may_not_try_any_more_leave_nothing_behind()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["RateLimits:SignInPerNetwork"] = "2" } });
        for (var i = 0; i < 2; i++)
        {
            (await SignInAsync(own, $"name {i}", "guess")).ExpectProblem(401);
        }

        var before = await own.Database.CountAsync("SELECT COUNT(*) FROM throttles");
        Assert.All(await Crowd.AtOnceAsync(i => SignInAsync(own, $"another {i}", "guess")), answer => answer.ExpectProblem(429));

        Assert.Equal(before, await own.Database.CountAsync("SELECT COUNT(*) FROM throttles"));
    }

    [Fact]
    public async Task Each_round_of_guesses_makes_the_wait_longer()
    {
        await using var own = await ClienteleApp.StartAsync();
        var waits = new List<int>();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < Allowed; i++)
            {
                (await SignInAsync(own, "nobody", "guess")).ExpectProblem(401);
            }

            waits.Add(RetryAfter((await SignInAsync(own, "nobody", "guess")).ExpectProblem(429)));
            own.Clock.Advance(TimeSpan.FromSeconds(waits[^1]));
        }

        Assert.All(waits.Zip(waits.Skip(1)), pair => Assert.InRange(pair.Second, (int)(pair.First * 1.8), (int)(pair.First * 2.2)));
        Assert.InRange(waits[0], 60, 15 * 60);
    }

    [Fact]
    public async Task A_success_wipes_the_slate()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Allowed - 1; i++)
            {
                (await SignInAsync(own, customer.Username, "guess")).ExpectProblem(401);
            }

            (await SignInAsync(own, customer.Email, customer.Password)).Expect(200);
        }
    }

    [Fact]
    public async Task A_stranger_cannot_lock_the_owner_out()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = BelievesThisMachine });
        var customer = await own.CustomerAsync();
        ExpectThrottled(await Crowd.AtOnceAsync(i => SignInAsync(own, customer.Username, $"guess {i}", "203.0.113.1")), 401);

        (await SignInAsync(own, customer.Username, customer.Password, "203.0.113.1")).ExpectProblem(429);
        (await SignInAsync(own, customer.Username, customer.Password, "203.0.113.2")).Expect(200);
        (await SignInAsync(own, customer.Username, customer.Password, "2001:db8::1")).Expect(200);
    }

    [Fact]
    public async Task Without_a_configured_proxy_a_guesser_cannot_change_networks()
    {
        await using var own = await ClienteleApp.StartAsync();

        ExpectThrottled(await Crowd.AtOnceAsync(i => SignInAsync(own, "nobody", "guess", $"203.0.113.{i}")), 401);
    }

    [Fact]
    public async Task A_home_with_many_addresses_is_one_network()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = BelievesThisMachine });

        ExpectThrottled(await Crowd.AtOnceAsync(i => SignInAsync(own, "nobody", "guess", $"2001:db8::{i + 1:x}")), 401);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_old_password_is_a_guess_with_and_without_a_key(bool keyed)
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        var answers = await Crowd.AtOnceAsync(i => customer.Post(
            "/api/customers/customers/change_password/",
            new { old_password = $"guess {i}", new_password = "another-horse-another-battery", new_password2 = "another-horse-another-battery" },
            keyed ? [("Idempotency-Key", Guid.NewGuid().ToString())] : []));

        ExpectThrottled(answers, 400);
        (await SignInAsync(own, customer.Username, customer.Password)).ExpectProblem(429);
        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM idempotency_keys"));
    }

    [Fact]
    public async Task A_flood_of_logins_is_turned_away_while_readers_are_served()
    {
        using var hasher = new BlockingHasher();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = new() { ["RateLimits:SignInPerNetwork"] = "1000000" },
            Services = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Account>>(hasher)),
        });
        var customer = await own.CustomerAsync();

        // At most 32 requests wait for a core, fewer if a hash takes longer than 60 ms.
        var tooMany = 10;
        hasher.Hold();

        var logins = Enumerable.Range(0, (Environment.ProcessorCount * 33) + tooMany).Select(i => SignInAsync(own, $"nobody-{i}", "guess")).ToList();
        await hasher.EnteredAsync();
        var refused = 0;
        await foreach (var login in Task.WhenEach(logins))
        {
            Assert.InRange(RetryAfter((await login).ExpectProblem(503)), 1, 60);
            if (++refused == tooMany)
            {
                break;
            }
        }

        (await customer.Get("/api/customers/customers/me/")).Expect(200);

        hasher.LetGo();
        var answers = await Task.WhenAll(logins);
        Assert.InRange(answers.Count(answer => (int)answer.Status == 401), Environment.ProcessorCount, Environment.ProcessorCount * 33);
        Assert.All(answers, answer => Assert.True((int)answer.Status is 401 or 503, answer.Text));
    }

    private static void ExpectThrottled(Answer[] answers, int wrong)
    {
        Assert.Equal(Allowed, answers.Count(answer => (int)answer.Status == wrong));
        // For a client that had to queue, the time counts from its arrival.
        Assert.All(answers.Where(answer => (int)answer.Status != wrong), answer => Assert.InRange(RetryAfter(answer.ExpectProblem(429)), 1, 16 * 60));
    }

    private static int RetryAfter(Answer answer) => int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture);

    private static Task<Answer> SignInAsync(ClienteleApp node, string username, string password, string? network = null) =>
        node.Stranger.Post("/api/auth/token/", new { username, password }, network is null ? [] : [("X-Forwarded-For", network)]);
}

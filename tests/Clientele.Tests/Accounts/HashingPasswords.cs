using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Clientele.Server.Accounts;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Clientele.Tests.Accounts;

/// <summary>A hash takes a tenth of a second on one core. Other requests do not wait for it, and no login waits for long.</summary>
public sealed class HashingPasswords
{
    private const string Me = "/api/customers/customers/me/";
    private const string Token = "/api/auth/token/";
    private const string Change = "/api/customers/customers/change_password/";
    private const string Other = "another-horse-another-battery";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string, bool> Hashing => new()
    {
        { "/api/customers/register/", false }, { "/api/customers/register/", true }, { Change, false }, { Change, true }, { Token, false },
    };

    [Theory]
    [MemberData(nameof(Hashing))]
    public async Task While_a_password_is_hashed_nothing_is_locked(string url, bool keyed)
    {
        using var hasher = new BlockingHasher();
        await using var own = await StartAsync(hasher);
        var (customer, other) = (await own.CustomerAsync(), await own.CustomerAsync());
        hasher.Hold();

        var hashing = (url == Token ? own.Stranger : customer).Post(url, Body(url, customer), keyed ? [("Idempotency-Key", Guid.NewGuid().ToString())] : []);
        await hasher.EnteredAsync();

        (await other.Patch(other.Url, new { first_name = "Grace" })).Expect(200);
        if (TestDatabase.Kind is DatabaseKind.Postgres)
        {
            await Wait.UntilAsync(async () => await OpenTransactionsAsync(own) == 0, TimeSpan.FromSeconds(10), "no transaction is open");
        }

        hasher.LetGo();
        Assert.InRange((int)(await hashing).Status, 200, 201);
    }

    [Fact]
    public async Task Hashes_have_threads_of_their_own_behind_all_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a thread's nice value.");
        var hasher = new ObservedHasher();
        await using var own = await StartAsync(hasher);

        await own.CustomerAsync();

        Assert.NotEmpty(hasher.Seen);
        Assert.All(hasher.Seen, seen => Assert.Equal(("Hashing", false, Math.Min(19, ObservedHasher.NicenessOf("self") + 10)), seen));
    }

    [Fact]
    public async Task A_caller_who_would_wait_for_more_than_two_seconds_is_told_to_retry()
    {
        using var hasher = new BlockingHasher();
        var clock = new FakeClock();
        await using var own = await StartAsync(hasher, clock);

        // On this clock a hash takes a minute.
        hasher.Meanwhile = () => clock.Advance(TimeSpan.FromMinutes(1));
        var customer = await own.CustomerAsync();

        // One that takes no time does not mean that the next ones are as quick.
        hasher.Meanwhile = () => { };
        (await SignInAsync(own, "nobody")).ExpectProblem(401);
        hasher.Hold();
        var logins = Enumerable.Range(0, Environment.ProcessorCount + 10).Select(_ => SignInAsync(own, "nobody")).ToList();
        var refused = 0;
        await foreach (var login in Task.WhenEach(logins))
        {
            Assert.InRange(int.Parse((await login).ExpectProblem(503).Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            if (++refused == 10)
            {
                break;
            }
        }

        (await customer.Get(Me)).Expect(200);
        hasher.LetGo();
        Assert.Equal(Environment.ProcessorCount, (await Task.WhenAll(logins)).Count(answer => (int)answer.Status == 401));
    }

    [Fact]
    public async Task One_network_leaves_places_for_all_others()
    {
        using var hasher = new BlockingHasher();
        await using var own = await StartAsync(hasher);
        await own.CustomerAsync();
        hasher.Hold();

        var flood = Enumerable.Range(0, 40 * Environment.ProcessorCount).Select(i => SignInAsync(own, $"nobody-{i}")).ToList();
        await Wait.UntilAsync(() => Task.FromResult(IsFull(own)), Patience, "there is no place for the network");

        Assert.False(IsFull(own, "203.0.113.1"));
        hasher.LetGo();
        Assert.Contains(await Task.WhenAll(flood), answer => (int)answer.Status == 503);
        (await SignInAsync(own, "somebody")).ExpectProblem(401);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue()
    {
        using var hasher = new BlockingHasher();
        var clock = new FakeClock();
        await using var own = await StartAsync(hasher, clock);

        // Two hashes of twelve seconds each give an estimate of one and a half seconds, so one request can wait for each core.
        hasher.Meanwhile = () => clock.Advance(TimeSpan.FromSeconds(12));
        await own.CustomerAsync();
        using var patience = new CancellationTokenSource();
        using var client = own.CreateClient();
        hasher.Hold();
        var impatient = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(async i =>
        {
            using var answer = await client.PostAsJsonAsync(Token, new { username = $"nobody-{i}", password = "guess" }, patience.Token);
        }).ToList();
        await Wait.UntilAsync(() => Task.FromResult(IsFull(own)), Patience, "the queue is full");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(impatient));

        await Wait.UntilAsync(() => Task.FromResult(!IsFull(own)), Patience, "there is room in the queue");
        hasher.LetGo();
        (await SignInAsync(own, "somebody")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_try_that_finds_the_queue_full_is_not_counted()
    {
        using var hasher = new BlockingHasher();
        var clock = new FakeClock();
        await using var own = await StartAsync(hasher, clock, triesPerAccount: 1);
        hasher.Meanwhile = () => clock.Advance(TimeSpan.FromMinutes(1));
        (await SignInAsync(own, "first")).ExpectProblem(401);
        hasher.Hold();
        var held = Enumerable.Range(0, Environment.ProcessorCount).Select(i => SignInAsync(own, $"held-{i}")).ToList();
        await Wait.UntilAsync(() => Task.FromResult(IsFull(own)), Patience, "the queue is full");

        (await SignInAsync(own, "turned-away")).ExpectProblem(503);
        (await SignInAsync(own, "turned-away")).ExpectProblem(503);

        hasher.LetGo();
        await Task.WhenAll(held);
        (await SignInAsync(own, "turned-away")).ExpectProblem(401);
        (await SignInAsync(own, "turned-away")).ExpectProblem(429);
    }

    private static Task<ClienteleApp> StartAsync(
        IPasswordHasher<Account> hasher, FakeClock? clock = null, int triesPerAccount = 1_000_000) => ClienteleApp.StartAsync(new()
        {
            Clock = clock,
            Settings = new() { ["RateLimits:SignInPerNetwork"] = "1000000", ["RateLimits:SignInPerAccountAndNetwork"] = $"{triesPerAccount}" },
            Services = services => services.Replace(ServiceDescriptor.Singleton(hasher)),
        });

    private static Task<Answer> SignInAsync(ClienteleApp node, string username) => node.Stranger.Post(Token, new { username, password = "guess" });

    /// <summary>Whether a caller of the network would be told to retry.</summary>
    private static bool IsFull(ClienteleApp app, string network = "127.0.0.1")
    {
        var caller = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(network) } };
        app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = caller;
        using var place = app.Services.GetRequiredService<Passwords>().TryEnter();
        return place is null;
    }

    private static object Body(string url, Actor customer)
    {
        var name = $"hashed-{Guid.NewGuid():N}";
        return url switch
        {
            Token => new { username = customer.Username, password = customer.Password },
            Change => new { old_password = customer.Password, new_password = Other, new_password2 = Other },
            _ => new { username = name, email = $"{name}@example.com", password = Other, password2 = Other, first_name = "Ada", last_name = "Lovelace" },
        };
    }

    private static Task<long> OpenTransactionsAsync(ClienteleApp own) =>
        own.Database.CountAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'");

    /// <summary>Records the thread on which it is called.</summary>
    private sealed class ObservedHasher : IPasswordHasher<Account>
    {
        private const int Niceness = 16;
        private readonly PasswordHasher<Account> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));

        public ConcurrentBag<(string? Name, bool IsShared, int Niceness)> Seen { get; } = [];

        public static int NicenessOf(string task)
        {
            var stat = File.ReadAllText($"/proc/{task}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[Niceness], CultureInfo.InvariantCulture);
        }

        public string HashPassword(Account user, string password)
        {
            Note();
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Note();
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        private void Note()
        {
            Seen.Add((Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread, NicenessOf("thread-self")));
        }
    }
}

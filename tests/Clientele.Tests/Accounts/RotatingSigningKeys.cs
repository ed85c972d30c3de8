using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Clientele.Server.Accounts;
using Clientele.Server.Commands;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Signing keys rotate by command: planned, soon, or at once because somebody may have copied a key.</summary>
public sealed class RotatingSigningKeys
{
    private const string Jwks = "/.well-known/jwks.json";
    private const string Me = "/api/customers/customers/me/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_request_fails_while_three_nodes_sign_and_verify_and_the_keys_rotate()
    {
        var options = new ClienteleAppOptions { Settings = { ["Tokens:AccessLifetime"] = "06:00:00" } };
        await using var one = await ClienteleApp.StartAsync(options);
        await using var two = await ClienteleApp.StartAsync(options with { Database = one.Database, Clock = one.Clock });
        await using var three = await ClienteleApp.StartAsync(options with { Database = one.Database, Clock = one.Clock });
        ClienteleApp[] nodes = [one, two, three];
        var customers = await Crowd.AtOnceAsync(4, _ => one.CustomerAsync());
        await using var load = new Load(nodes, customers);

        // Planned: the key signs after a day. Each node reads it at another time.
        await one.Keys().RotateAsync(soon: false, revoke: false, TestContext.Current.CancellationToken);
        for (var hour = 0; hour < 26; hour++)
        {
            one.Clock.Advance(TimeSpan.FromHours(1));
            await nodes[hour % 3].MaintainAsync();
            await load.GoOnAsync();
        }

        // Soon: every node reads the key within a minute, and it signs after two.
        await two.Keys().RotateAsync(soon: true, revoke: false, TestContext.Current.CancellationToken);
        for (var second = 0; second < 150; second += 20)
        {
            one.Clock.Advance(TimeSpan.FromSeconds(20));
            await nodes[second / 20 % 3].MaintainAsync();
            await load.GoOnAsync();
        }

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(3, load.SignedBy.Count);
    }

    [Fact]
    public async Task A_planned_key_is_published_at_once_and_signs_a_day_later()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var first = Assert.Single(await KeyIdsAsync(own));

        ExpectDone(await RunAsync(own));
        await own.MaintainAsync();

        var both = await KeyIdsAsync(own);
        Assert.Equal((2, first), (both.Length, both[0]));
        own.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(first, KeyId(await own.SignInAsync(customer.Username, customer.Password)));
        own.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        Assert.Equal(both[1], KeyId(await own.SignInAsync(customer.Username, customer.Password)));

        // The old key goes a day after its last use, and the next planned rotation counts from the new one.
        own.Clock.Advance(TimeSpan.FromDays(1));
        await own.MaintainAsync();
        Assert.Equal([both[1]], await KeyIdsAsync(own));
    }

    [Fact]
    public async Task A_key_that_is_needed_now_signs_after_two_minutes()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        ExpectDone(await RunAsync(own, "--now"));
        await own.MaintainAsync();
        var early = await own.SignInAsync(customer.Username, customer.Password);
        own.Clock.Advance(ServerKeys.ReadByAll + TimeSpan.FromSeconds(1));
        var late = await own.SignInAsync(customer.Username, customer.Password);

        var both = await KeyIdsAsync(own);
        Assert.Equal((both[0], both[1]), (KeyId(early), KeyId(late)));
        (await early.Get(Me)).Expect(200);
        (await late.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task After_a_revocation_no_node_accepts_a_token_of_the_old_key_and_sessions_go_on()
    {
        await using var own = await ClienteleApp.StartAsync();
        await using var second = await own.SecondNodeAsync();
        var customer = await own.CustomerAsync();
        await RunAsync(own);
        var old = await KeyIdsAsync(own);

        ExpectDone(await RunAsync(own, "--revoke"));
        await own.MaintainAsync();
        await second.MaintainAsync();
        own.Clock.Advance(TimeSpan.FromSeconds(6));

        (await customer.Get(Me)).ExpectProblem(401);
        (await second.Here(customer).Get(Me)).ExpectProblem(401);
        Assert.DoesNotContain(Assert.Single(await KeyIdsAsync(second)), old);
        var pair = (await second.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).Expect(200);
        (await new Actor(own.CreateClient()) { Access = (string)pair["access"]! }.Get(Me)).Expect(200);
        Assert.Equal(1, await own.Database.CountAsync("SELECT COUNT(*) FROM server_keys WHERE id <> 'secret'"));
    }

    [Fact]
    public async Task The_command_says_from_when_on_the_new_key_signs()
    {
        await using var own = await ClienteleApp.StartAsync();

        var run = await RunAsync(own, "--revoke");

        ExpectDone(run);
        Assert.Matches(@"^The new key signs from \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ on\.\nAll nodes read the new key within a minute\.\n$", run.Output);
    }

    private static async Task<ServerRun> RunAsync(ClienteleApp own, params string[] options)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        string[] arguments = ["keys", "rotate-signing", .. options, "--database", own.Database.ConnectionString];
        return new(await Cli.RunAsync(arguments, input, output, errors).WaitAsync(Patience), $"{output}", $"{errors}");
    }

    private static void ExpectDone(ServerRun run) => Assert.True(run is { ExitCode: 0, Errors: "" }, $"{run}");

    private static async Task<string[]> KeyIdsAsync(ClienteleApp of) =>
        [.. (await of.Stranger.Get(Jwks)).Expect(200)["keys"].AsArray().Select(key => (string)key!["kid"]!)];

    private static string KeyId(Actor actor) => KeyId(actor.Access);

    private static string KeyId(string access) => (string)JsonNode.Parse(Base64Url.DecodeFromChars(access.Split('.')[0]))!["kid"]!;

    /// <summary>Customers who all the time renew their tokens at one node and use them at all nodes.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ClienteleApp[] _nodes;
        private readonly int[] _rounds;
        private readonly Task[] _workers;

        public Load(ClienteleApp[] nodes, Actor[] customers)
        {
            _nodes = nodes;
            _rounds = new int[customers.Length];
            _workers = [.. customers.Select((customer, i) => Task.Run(() => WorkAsync(customer, i)))];
        }

        public ConcurrentQueue<string> Failures { get; } = [];

        public ConcurrentDictionary<string, bool> SignedBy { get; } = [];

        /// <summary>Waits until each customer has done two more rounds.</summary>
        public async Task GoOnAsync()
        {
            var before = _rounds.ToArray();
            await Wait.UntilAsync(
                () => Task.FromResult(!Failures.IsEmpty || Enumerable.Range(0, before.Length).All(i => Volatile.Read(ref _rounds[i]) >= before[i] + 2)),
                Patience,
                "all customers go on");
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_workers);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        private async Task WorkAsync(Actor customer, int index)
        {
            var refresh = customer.Refresh;
            while (!_stop.IsCancellationRequested && Failures.IsEmpty)
            {
                var round = Volatile.Read(ref _rounds[index]);
                var pair = await _nodes[(round + index) % _nodes.Length].Stranger.Post("/api/auth/token/refresh/", new { refresh });
                Note(pair);
                if ((int)pair.Status != 200)
                {
                    return;
                }

                var access = (string)pair["access"]!;
                refresh = (string)pair["refresh"]!;
                SignedBy[KeyId(access)] = true;
                foreach (var node in _nodes)
                {
                    Note(await new Actor(node.CreateClient()) { Access = access }.Get(Me));
                }

                Volatile.Write(ref _rounds[index], round + 1);
            }
        }

        private void Note(Answer answer)
        {
            if ((int)answer.Status != 200)
            {
                Failures.Enqueue($"{(int)answer.Status}: {answer.Text}");
            }
        }
    }
}

using System.Text.Json.Nodes;
using Clientele.Server.Accounts;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Clientele.Tests.Http;

/// <summary>A POST with an Idempotency-Key has its effect once, however often it is sent.</summary>
public sealed class RepeatingRequests(ClienteleApp app)
{
    private const string Register = "/api/customers/register/";
    private const string Addresses = "/api/customers/addresses/";
    private const string Groups = "/api/customers/groups/";

    private static readonly Dictionary<string, string?> BelievesThisMachine = new() { ["Proxies:0"] = "127.0.0.1", ["Proxies:1"] = "::1" };

    [Fact]
    public async Task Many_clients_with_one_key_have_one_effect_and_hear_the_same() => await ExpectOneEffectAsync(app);

    [Fact]
    public async Task Many_clients_with_one_key_on_two_nodes_have_one_effect_and_hear_the_same()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();

        await ExpectOneEffectAsync(one, two);
    }

    [Fact]
    public async Task While_the_first_is_still_running_the_second_gives_up_after_five_seconds()
    {
        using var hasher = new BlockingHasher();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Services = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Account>>(hasher)),
        });
        var (body, key) = (Registration(), NewKey());
        hasher.Hold();

        var first = own.Stranger.Post(Register, body.DeepClone(), key);
        await hasher.EnteredAsync();
        ExpectInProgress(await own.Stranger.Post(Register, body.DeepClone(), key));

        hasher.LetGo();
        Assert.Equal((await first).Expect(201).Text, ExpectReplay(await own.Stranger.Post(Register, body, key)).Text);
    }

    [Fact]
    public async Task Another_node_gives_up_after_five_seconds_while_the_first_is_writing()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has one writer, and so one node that writes.");
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var (username, key) = ($"once-{Guid.NewGuid():n}", NewKey());
        await using var source = NpgsqlDataSource.Create(one.Database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var claim = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var name = new NpgsqlCommand("INSERT INTO login_names (name, customer_id) VALUES ($1, 0)", connection, claim))
        {
            name.Parameters.Add(new() { Value = username });
            await name.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // The first request waits for the name, and holds the key meanwhile.
        var first = one.Stranger.Post(Register, Registration(username), key);
        await Wait.UntilAsync(
            async () => await one.Database.CountAsync(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0,
            TimeSpan.FromSeconds(30),
            "the first waits");
        ExpectInProgress(await two.Stranger.Post(Register, Registration(username), key));

        await claim.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal((await first).Expect(201).Text, ExpectReplay(await two.Stranger.Post(Register, Registration(username), key)).Text);
    }

    [Fact]
    public async Task A_call_that_writes_nothing_is_replayed_as_well()
    {
        var (admin, key) = (await app.AdminAsync(), NewKey());
        var rule = new { assignment_rules = new { field = "is_vip", op = "eq", value = true } };

        var first = (await admin.Post("/api/customers/groups/preview/", rule, key)).Expect(200);

        Assert.Equal(first.Text, ExpectReplay(await admin.Post("/api/customers/groups/preview/", rule, key)).Text);
    }

    [Fact]
    public async Task A_key_is_good_for_one_path_and_one_body()
    {
        var (customer, key) = (await app.CustomerAsync(), NewKey());
        var first = (await customer.Post(Addresses, Address("1 Main St"), key)).Expect(201);

        Assert.Equal("idempotency_key_reused", (await customer.Post(Addresses, Address("2 Main St"), key)).ExpectProblem(422).Code);
        (await customer.Post($"{Addresses}{first["id"]}/set_default/", Address("1 Main St"), key)).ExpectProblem(422);
        Assert.Equal(first.Text, ExpectReplay(await customer.Post(Addresses, Address("1 Main St"), key)).Text);
    }

    [Fact]
    public async Task A_replay_has_the_headers_of_the_first_answer()
    {
        var (customer, key) = (await app.CustomerAsync(), NewKey());

        var first = (await customer.Post(Addresses, Address("1 Main St"), key)).Expect(201);
        var again = ExpectReplay(await customer.Post(Addresses, Address("1 Main St"), key));

        Assert.All(["Location", "ETag", "Content-Type", "Cache-Control"], (string name) => Assert.Equal(first.Headers[name], again.Headers[name]));
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Callers_with_the_same_key_know_nothing_of_each_other()
    {
        var (one, other, key) = (await app.CustomerAsync(), await app.CustomerAsync(), NewKey());

        var mine = (await one.Post(Addresses, Address("1 Main St"), key)).Expect(201);
        var theirs = (await other.Post(Addresses, Address("2 Main St"), key)).Expect(201);

        Assert.False(theirs.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.NotEqual((long)mine["id"], (long)theirs["id"]);
    }

    [Fact]
    public async Task Strangers_keys_belong_to_their_network()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = BelievesThisMachine });
        var key = NewKey();

        (await own.Stranger.Post(Register, Registration(), key, ("X-Forwarded-For", "203.0.113.1"))).Expect(201);
        (await own.Stranger.Post(Register, Registration(), key, ("X-Forwarded-For", "203.0.113.2"))).Expect(201);
        (await own.Stranger.Post(Register, Registration(), key, ("X-Forwarded-For", "203.0.113.1"))).ExpectProblem(422);
    }

    [Fact]
    public async Task Without_a_configured_proxy_nobody_chooses_their_network()
    {
        var key = NewKey();

        (await app.Stranger.Post(Register, Registration(), key, ("X-Forwarded-For", "203.0.113.1"))).Expect(201);
        (await app.Stranger.Post(Register, Registration(), key, ("X-Forwarded-For", "203.0.113.2"))).ExpectProblem(422);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var (customer, key) = (await app.CustomerAsync(), NewKey());
        (await customer.Post(Addresses, new { city = "Nowhere" }, key)).ExpectProblem(400);

        var corrected = (await customer.Post(Addresses, Address("1 Main St"), key)).Expect(201);

        Assert.False(corrected.Headers.ContainsKey("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_key_of_yesterday_runs_anew()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, key) = (await own.CustomerAsync(), NewKey());
        var first = (await customer.Post(Addresses, Address("1 Main St"), key)).Expect(201);

        own.Clock.Advance(TimeSpan.FromHours(24));
        customer = await own.SignInAsync(customer.Username, customer.Password, customer.Id);
        var second = (await customer.Post(Addresses, Address("2 Main St"), key)).Expect(201);

        Assert.NotEqual((long)first["id"], (long)second["id"]);
        Assert.Equal(second.Text, ExpectReplay(await customer.Post(Addresses, Address("2 Main St"), key)).Text);
    }

    [Fact]
    public async Task Signing_in_ignores_the_key_and_no_token_is_ever_stored()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, key) = (await own.CustomerAsync(), NewKey());
        var credentials = new { username = customer.Username, password = customer.Password };

        var one = (await own.Stranger.Post("/api/auth/token/", credentials, key)).Expect(200);
        var other = (await own.Stranger.Post("/api/auth/token/", credentials, key)).Expect(200);
        var refreshed = (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)one["refresh"]! }, key)).Expect(200);

        Assert.NotEqual((string)one["refresh"]!, (string)other["refresh"]!);
        Assert.False(refreshed.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM idempotency_keys"));
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        var customer = await app.CustomerAsync();

        (await customer.Post(Addresses, Address("1 Main St"), ("Idempotency-Key", new string('k', 256)))).ExpectProblem(400, "Idempotency-Key");
        (await customer.Post(Addresses, Address("1 Main St"), ("Idempotency-Key", new string('k', 255)))).Expect(201);
    }

    private static async Task ExpectOneEffectAsync(params ClienteleApp[] nodes)
    {
        var (admin, customer) = (await nodes[0].AdminAsync(), await nodes[0].CustomerAsync());
        var group = (await admin.Post(Groups, new { name = NewKey().Value })).Expect(201)["id"];
        var (username, name) = ($"once-{Guid.NewGuid():n}", NewKey().Value);
        var registration = Registration(username);
        var repeated = new (Func<ClienteleApp, Actor> By, string Url, object Body, string Effect)[]
        {
            (node => node.Stranger, Register, registration, $"SELECT COUNT(*) FROM customers WHERE username = '{username}'"),
            (node => node.Here(customer), Addresses, Address("1 Main St"), $"SELECT COUNT(*) FROM addresses WHERE customer_id = {customer.Id}"),
            (node => node.Here(admin), Groups, new { name }, $"SELECT COUNT(*) FROM groups WHERE name = '{name}'"),
            (node => node.Here(admin), $"{Groups}{group}/add_member/", new { customer_id = customer.Id },
                $"SELECT members FROM group_counts WHERE group_id = {group}"),
        };
        foreach (var (by, url, body, effect) in repeated)
        {
            var (key, text) = (NewKey(), System.Text.Json.JsonSerializer.Serialize(body));

            var answers = await Crowd.AtOnceAsync(i => by(nodes[i % nodes.Length]).Post(url, text, key));

            var first = Assert.Single(answers, answer => !answer.Headers.ContainsKey("Idempotent-Replayed"));
            Assert.True((int)first.Status is 200 or 201, first.Text);
            Assert.All(answers, answer => Assert.Equal((first.Status, first.Text), (answer.Status, answer.Text)));
            Assert.Equal(1, await nodes[0].Database.CountAsync(effect));
        }
    }

    private static (string Name, string Value) NewKey() => ("Idempotency-Key", Guid.NewGuid().ToString());

    private static void ExpectInProgress(Answer late)
    {
        Assert.Equal("request_in_progress", late.ExpectProblem(409).Code);
        Assert.True(late.Headers.ContainsKey("Retry-After"));
    }

    private static Answer ExpectReplay(Answer answer)
    {
        Assert.True(answer.Headers.TryGetValue("Idempotent-Replayed", out var replayed), answer.Text);
        Assert.Equal("true", replayed);
        return answer;
    }

    private static JsonObject Registration(string? username = null) => Given.Registration(username ?? $"once-{Guid.NewGuid():n}");

    private static object Address(string line) => new
    {
        address_type = "shipping",
        first_name = "Ada",
        last_name = "Lovelace",
        address_line1 = line,
        city = "New York",
        state = "NY",
        postal_code = "10001",
        country = "USA",
    };
}

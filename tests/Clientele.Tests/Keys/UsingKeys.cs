using System.Globalization;
using Clientele.Client;
using Clientele.Server.Data;
using Clientele.Server.Keys;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Keys;

/// <summary>Which keys are accepted, from where, how long and how often.</summary>
public sealed class UsingKeys(ClienteleApp app)
{
    private const string Customers = "/api/customers/customers/";

    // The contract is five seconds. The rest is for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5 + 5);

    [Fact]
    public async Task A_revoked_key_is_refused_on_another_node_within_five_seconds()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var key = await one.KeyAsync("customers:read");
        (await two.Here(key).Get(Customers)).Expect(200);

        await one.RevokeAsync(key);

        (await key.Get(Customers)).ExpectProblem(401);
        await Wait.UntilAsync(async () => (int)(await two.Here(key).Get(Customers)).Status == 401, Soon, "revoked on the other node");
    }

    [Fact]
    public async Task A_new_key_is_accepted_on_another_node_even_if_that_has_looked_for_its_id_before()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var key = await one.KeyAsync("customers:read");
        var guess = new Actor(two.CreateClient()) { Access = KeyText.Create(key.KeyId) };

        (await guess.Get(Customers)).ExpectProblem(401);

        (await two.Here(key).Get(Customers)).Expect(200);
    }

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        await using var own = await ClienteleApp.StartAsync();
        var expires = own.Clock.GetUtcNow().UtcDateTime.AddMinutes(10);
        var key = await own.KeyAsync(new ApiKeyRequest { Name = "Short", Scopes = ["customers:read"], ExpiresAt = expires });
        (await key.Get(Customers)).Expect(200);

        own.Clock.Advance(TimeSpan.FromMinutes(10));

        (await key.Get(Customers)).ExpectProblem(401);
    }

    [Theory]
    [InlineData(true, "127.0.0.0/8")]
    [InlineData(true, "203.0.113.0/24", "127.0.0.1")]
    [InlineData(true, "::1", "127.0.0.1/32")]
    [InlineData(false, "203.0.113.0/24")]
    [InlineData(false, "2001:db8::/32", "127.0.0.2")]
    public async Task A_key_is_accepted_only_from_its_networks(bool accepted, params string[] networks)
    {
        var key = await app.KeyAsync(new ApiKeyRequest { Name = "Near", Scopes = ["customers:read"], Networks = networks });

        var answer = await key.Get(Customers);

        Assert.Equal(accepted ? 200 : 401, (int)answer.Status);
    }

    [Fact]
    public async Task A_header_of_the_caller_does_not_move_it_into_a_network()
    {
        var key = await app.KeyAsync(new ApiKeyRequest { Name = "Far", Scopes = ["customers:read"], Networks = ["203.0.113.0/24"] });

        (await key.Get(Customers, ("X-Forwarded-For", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"))).ExpectProblem(401);
    }

    [Fact]
    public async Task A_text_that_is_nearly_a_key_is_refused()
    {
        var good = (await app.KeyAsync(Keyed.AllScopes)).Access;
        string[] texts =
        [
            good[..^1], good + "0", good[..^1] + (good[^1] == '0' ? '1' : '0'), good.ToUpperInvariant(),
            good.Replace("clk_", "clk_ ", StringComparison.Ordinal),
            good.Replace('_', '-'), $"clk_{good}", "clk_", "clk__", "clk_k7m2q9x4tbnw_", $"clk_k7m2q9x4tbnw_{new string('0', 49)}", $"{good}, {good}",
            "clk_" + new string('a', 9000), "clk_'; DROP TABLE api_keys; --", "clk_%00%0d%0a", "clk_" + new string('_', 62),
        ];

        foreach (var text in texts)
        {
            (await new Actor(app.CreateClient()).Get(Customers, ("Authorization", $"Bearer {text}"))).ExpectProblem(401);
            (await new Actor(app.CreateClient()).Get("/api/customers/loyalty/tiers/", ("Authorization", $"Bearer {text}"))).Expect(200);
        }

        foreach (var scheme in new[] { "Basic", "Key", "clk" })
        {
            (await new Actor(app.CreateClient()).Get(Customers, ("Authorization", $"{scheme} {good}"))).ExpectProblem(401);
        }

        (await new Actor(app.CreateClient()).Get(Customers, ("Authorization", $"bearer  {good} "))).Expect(200);
    }

    [Fact]
    public void Only_a_key_with_its_checksum_is_one()
    {
        for (var round = 0; round < 100; round++)
        {
            var id = KeyText.NewId();
            var text = KeyText.Create(id);
            Assert.Matches("^clk_[2-9a-z]{12}_[0-9A-Za-z]{49}$", text);
            Assert.Equal(id, KeyText.IdOf(text));
            for (var place = 0; place < text.Length; place++)
            {
                var other = text[place] == 'b' ? 'c' : 'b';
                Assert.Null(KeyText.IdOf($"{text[..place]}{other}{text[(place + 1)..]}"));
            }
        }
    }

    [Fact]
    public async Task A_key_has_a_rate_limit_of_its_own()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = new() { ["RateLimits:PerKey"] = "3" } });
        var (busy, other) = (await own.KeyAsync("analytics:read"), await own.KeyAsync("analytics:read"));

        var answers = await Crowd.AtOnceAsync(40, _ => busy.Get("/api/customers/analytics/"));

        var refused = answers.First(answer => (int)answer.Status == 429).ExpectProblem(429);
        Assert.Equal(1, int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture));
        (await other.Get("/api/customers/analytics/")).Expect(200);
    }

    [Fact]
    public async Task The_last_use_is_stored_with_its_network()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, key) = (await own.AdminAsync(), await own.KeyAsync("customers:read"));
        Assert.Null((await admin.Get($"/api/keys/{key.KeyId}/")).Expect(200).Json["last_used_at"]);
        (await key.Get(Customers)).Expect(200);

        await MaintainAsync(own);

        var read = (await admin.Get($"/api/keys/{key.KeyId}/")).Expect(200);
        Assert.NotNull(read.Json["last_used_at"]);
        Assert.Equal("127.0.0.1", (string)read["last_used_network"]!);
        Assert.StartsWith("\"1-", read.ETag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_may_use_the_same_idempotency_key()
    {
        var (one, other) = (await app.KeyAsync("groups:write"), await app.KeyAsync("groups:write"));
        var header = ("Idempotency-Key", $"{Guid.NewGuid()}");

        var made = (await one.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" }, header)).Expect(201);
        var elsewhere = (await other.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" }, header)).Expect(201);

        Assert.NotEqual((long)made["id"], (long)elsewhere["id"]);
    }

    private static async Task MaintainAsync(ClienteleApp own)
    {
        await using var scope = own.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IMaintenance>().OfType<KeyUses>().Single().RunAsync(TestContext.Current.CancellationToken);
    }
}

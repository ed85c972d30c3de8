using System.Text;
using Clientele.Server.Keys;
using Clientele.Tests.Support;

namespace Clientele.Tests.Keys;

/// <summary>An admin creates, changes, rotates and revokes API keys.</summary>
public sealed class CreatingKeys(ClienteleApp app)
{
    private const string All = "/api/keys/";
    private const string Customers = "/api/customers/customers/";

    [Fact]
    public async Task The_key_is_shown_once_and_works()
    {
        var admin = await app.AdminAsync();

        var created = (await admin.Post(All, new { name = "  Order system ", scopes = new[] { "customers:read" } })).Expect(201);

        Assert.Equal("no-store", created.Headers["Cache-Control"]);
        Assert.Equal($"clk_{created["id"]}", string.Join('_', ((string)created["key"]!).Split('_')[..2]));
        Assert.Equal(admin.Id, (long)created["created_by"]);
        (await With(created).Get(Customers)).Expect(200);
        var read = (await admin.Get($"{All}{created["id"]}/")).Expect(200);
        Assert.Equal("Order system", (string)read["name"]!);
        Assert.DoesNotContain("clk_", read.Text + (await admin.Get(All)).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_has_only_the_hash()
    {
        var key = (string)(await (await app.AdminAsync()).Post(All, new { name = "Shop", scopes = new[] { "orders:read" } })).Expect(201)["key"]!;

        var row = Assert.Single(await app.Database.QueryAsync(
            $"SELECT id, name, scopes, networks, hash, old_hash FROM api_keys WHERE id = '{key.Split('_')[1]}'"));

        Assert.Equal(KeyText.HashOf(key), (byte[])row[4]);
        Assert.All(row, value => Assert.DoesNotContain(
            key.Split('_')[2], value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : $"{value}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_request_makes_another_key_because_no_secret_is_stored()
    {
        var admin = await app.AdminAsync();
        var header = ("Idempotency-Key", $"{Guid.NewGuid()}");
        var body = new { name = "Twice", scopes = new[] { "orders:read" } };

        var (one, other) = ((await admin.Post(All, body, header)).Expect(201), (await admin.Post(All, body, header)).Expect(201));

        Assert.NotEqual((string)one["key"]!, (string)other["key"]!);
    }

    [Theory]
    [InlineData("""{"scopes": ["orders:read"]}""", "name")]
    [InlineData("""{"name": " ", "scopes": ["orders:read"]}""", "name")]
    [InlineData("""{"name": "Shop"}""", "scopes")]
    [InlineData("""{"name": "Shop", "scopes": []}""", "scopes")]
    [InlineData("""{"name": "Shop", "scopes": ["orders:read", "orders:delete"]}""", "scopes")]
    [InlineData("""{"name": "Shop", "scopes": [null]}""", "scopes")]
    [InlineData("""{"name": "Shop", "scopes": "orders:read"}""", "scopes")]
    [InlineData("""{"name": "Shop", "scopes": ["orders:read"], "expires_at": "2020-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name": "Shop", "scopes": ["orders:read"], "networks": ["10.0.0.0/8", "10.0.0.0/33"]}""", "networks/1")]
    [InlineData("""{"name": "Shop", "scopes": ["orders:read"], "networks": ["everywhere"]}""", "networks/0")]
    [InlineData("""{"name": "Shop", "scopes": ["orders:read"], "networks": [null]}""", "networks/0")]
    public async Task What_is_wrong_is_named(string body, string member) => (await (await app.AdminAsync()).Post(All, body)).ExpectProblem(400, member);

    [Fact]
    public async Task A_patch_changes_what_it_names_at_once_on_this_node()
    {
        var admin = await app.AdminAsync();
        var created = (await admin.Post(All, new { name = "Shop", scopes = new[] { "orders:read" } })).Expect(201);
        var (key, url) = (With(created), $"{All}{created["id"]}/");
        (await key.Get(Customers)).ExpectProblem(403);

        var changed = (await admin.Patch(url, new { scopes = new[] { "customers:read" } })).Expect(200);

        (await key.Get(Customers)).Expect(200);
        Assert.Equal("Shop", (string)changed["name"]!);
        Assert.Equal(changed.ETag, (await admin.Patch(url, new { scopes = new[] { "customers:read" } })).Expect(200).ETag);
        (await admin.Patch(url, new { name = "Other" }, ("If-Match", "\"1-0\""))).ExpectProblem(412);
        (await admin.Delete(url, ("If-Match", "\"1-0\""))).ExpectProblem(412);
    }

    [Fact]
    public async Task A_revoked_key_is_gone()
    {
        var admin = await app.AdminAsync();
        var created = (await admin.Post(All, new { name = "Shop", scopes = new[] { "customers:read" } })).Expect(201);
        (await With(created).Get(Customers)).Expect(200);

        (await admin.Delete($"{All}{created["id"]}/")).Expect(204);

        (await With(created).Get(Customers)).ExpectProblem(401);
        (await admin.Get($"{All}{created["id"]}/")).ExpectProblem(404);
        (await admin.Delete($"{All}{created["id"]}/")).ExpectProblem(404);
        (await admin.Post($"{All}{created["id"]}/rotate/")).ExpectProblem(404);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("k7m2q9x4tbnw")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("%27%20OR%201=1")]
    public async Task An_id_that_no_key_has_is_not_found(string id)
    {
        var admin = await app.AdminAsync();

        (await admin.Get($"{All}{id}/")).ExpectProblem(404);
        (await admin.Patch($"{All}{id}/", new { name = "Shop" })).ExpectProblem(404);
        (await admin.Delete($"{All}{id}/")).ExpectProblem(404);
        (await admin.Post($"{All}{id}/rotate/")).ExpectProblem(404);
    }

    [Fact]
    public async Task After_a_rotation_the_old_secret_is_valid_for_the_grace_period()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var old = await own.KeyAsync("customers:read");
        (await old.Get(Customers)).Expect(200);

        var rotated = (await admin.Post($"{All}{old.KeyId}/rotate/", new { grace_period = 60 })).Expect(200);

        var now = new Actor(own.CreateClient()) { Access = (string)rotated["key"]! };
        Assert.Equal(old.KeyId, now.KeyId);
        (await old.Get(Customers)).Expect(200);
        (await now.Get(Customers)).Expect(200);
        own.Clock.Advance(TimeSpan.FromSeconds(61));
        (await old.Get(Customers)).ExpectProblem(401);
        (await now.Get(Customers)).Expect(200);
    }

    [Fact]
    public async Task The_grace_period_is_a_day_unless_the_request_says_otherwise()
    {
        var admin = await app.AdminAsync();
        var old = await app.KeyAsync("customers:read");
        var before = app.Clock.GetUtcNow();

        var rotated = (await admin.Post($"{All}{old.KeyId}/rotate/")).Expect(200);

        Assert.InRange((DateTimeOffset)rotated["old_secret_until"], before.AddHours(24).AddSeconds(-1), app.Clock.GetUtcNow().AddHours(24));
        (await admin.Post($"{All}{old.KeyId}/rotate/", new { grace_period = 604_801 })).ExpectProblem(400, "grace_period");
        (await admin.Post($"{All}{old.KeyId}/rotate/", new { grace_period = 0 })).Expect(200);
        (await old.Get(Customers)).ExpectProblem(401);
    }

    private Actor With(Answer created) => new(app.CreateClient()) { Access = (string)created["key"]! };
}

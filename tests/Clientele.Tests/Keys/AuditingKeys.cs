using Clientele.Client;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Keys;

/// <summary>What a key does is audited under its id, with the name that it has at the time.</summary>
public sealed class AuditingKeys(ClienteleApp app)
{
    [Fact]
    public async Task The_actor_is_the_key_with_its_name_at_the_time()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        var key = await own.KeyAsync(new ApiKeyRequest { Name = "First name", Scopes = ["customers:write", "groups:write"] });
        (await key.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await admin.Patch($"/api/keys/{key.KeyId}/", new { name = "Second name" })).Expect(200);
        (await key.Patch(customer.Url, new { gender = "male" })).Expect(200);
        (await key.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);

        var history = (await admin.Get($"{customer.Url}history/?role=key&ordering=id")).Expect(200);

        Assert.Equal(["First name", "Second name"], history["results"].AsArray().Select(entry => (string)entry!["actor"]!["name"]!));
        Assert.All(history["results"].AsArray(), entry =>
        {
            Assert.Equal(("key", key.KeyId, null), ((string)entry!["actor"]!["role"]!, (string)entry["actor"]!["key"]!, (long?)entry["actor"]!["id"]));
            Assert.Equal("127.0.0.1", (string)entry["network"]!);
        });
        Assert.Equal(
            2, await own.Database.CountAsync($"SELECT COUNT(*) FROM audit_entries WHERE actor_id IS NULL AND actor_role = 'key:{key.KeyId}'"));
        await AuditChain.VerifyAsync(own.Database);
        Assert.DoesNotContain(await own.CheckAsync(), finding => finding.Contains("audit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_name_is_noticed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, key) = (await own.CustomerAsync(), await own.KeyAsync("customers:write"));
        (await key.Patch(customer.Url, new { gender = "female" })).Expect(200);

        await Privacy.TamperedAudit.UnlockAsync(own.Database);
        await own.Database.ExecuteAsync($"UPDATE audit_details SET actor_name = 'Somebody else' WHERE customer_id = {customer.Id} AND actor_name IS NOT NULL");

        Assert.Contains(await own.CheckAsync(), finding => finding.Contains("have been changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_of_keys_are_in_the_history_of_the_admin_without_the_secret()
    {
        var admin = await app.AdminAsync();
        var created = (await admin.Post("/api/keys/", new { name = "Shop", scopes = new[] { "orders:read" } })).Expect(201);
        var url = $"/api/keys/{created["id"]}/";
        (await admin.Patch(url, new { networks = new[] { "10.0.0.0/8" } })).Expect(200);
        (await admin.Patch(url, new { networks = new[] { "10.0.0.0/8" } })).Expect(200);
        (await admin.Post($"{url}rotate/")).Expect(200);
        (await admin.Delete(url)).Expect(204);

        var history = (await admin.Get($"{admin.Url}history/?resource=key/{created["id"]}&ordering=id")).Expect(200);

        Assert.Equal(
            ["key.created", "key.updated", "key.rotated", "key.revoked"], history["results"].AsArray().Select(entry => (string)entry!["action"]!));
        Assert.DoesNotContain("clk_", history.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_names_no_key()
    {
        var (customer, key) = (await app.CustomerAsync(), await app.KeyAsync("customers:write"));
        (await key.Patch(customer.Url, new { accepts_marketing_email = true })).Expect(200);

        var export = (await customer.Get($"{customer.Url}export/")).Expect(200);

        Assert.DoesNotContain(key.KeyId, export.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Username, export.Text, StringComparison.Ordinal);
        Assert.Equal("key", (string)export["consents"]![0]!["changes"]!.AsArray()[^1]!["by"]!);
    }
}

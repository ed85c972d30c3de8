using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

/// <summary>The part of the story that is about keys.</summary>
internal static class KeysOfTheStory
{
    public static async Task TellAsync(ClienteleClient admin, ClienteleApp own, long id)
    {
        var created = await admin.Keys.CreateAsync(new ApiKeyRequest { Name = "Order system", Scopes = [KeyScope.CustomersRead] });
        using var system = own.Client(with: options => options.ApiKey = created.Key);
        Assert.Equal(id, (await system.Customers.GetAsync(id)).Value.Id);
        Assert.Equal("insufficient_scope", (await Assert.ThrowsAsync<ClienteleException>(() => system.Analytics.GetAsync())).Code);
        var read = await admin.Keys.GetAsync(created.Id);
        var changed = await admin.Keys.UpdateAsync(created.Id, new ApiKeyPatch { Name = "Shop", Networks = ["127.0.0.0/8"] }, read.ETag);
        Assert.Equal(("Shop", 1), (changed.Value.Name, changed.Value.Networks.Count));
        Assert.NotEqual(created.Key, (await admin.Keys.RotateAsync(created.Id, new RotateApiKeyRequest { GracePeriod = 60 })).Key);
        Assert.Equal(id, (await system.Customers.GetAsync(id)).Value.Id);
        Assert.Equal(created.Id, Assert.Single((await admin.Keys.ListAsync(new ApiKeyQuery { Name = "Shop" })).Results).Id);
        Assert.Single(await admin.Keys.AllAsync(new ApiKeyQuery { OrderBy = [ApiKeyOrdering.CreatedAt] }).ToListAsync());
        await admin.Keys.RevokeAsync(created.Id);
        Assert.Equal("invalid_token", (await Assert.ThrowsAsync<ClienteleException>(() => system.Customers.GetAsync(id))).Code);
    }
}

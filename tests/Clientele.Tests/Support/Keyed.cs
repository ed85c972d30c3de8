using Clientele.Client;
using Clientele.Server.Http;
using Clientele.Server.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Support;

/// <summary>Callers with an API key. The keys are created as the command line does it.</summary>
internal static class Keyed
{
    /// <summary>Every scope that there is.</summary>
    public static readonly string[] AllScopes = [.. new OneOfAttribute(typeof(KeyScope)).Values];

    public static Task<Actor> KeyAsync(this ClienteleApp app, params string[] scopes) =>
        app.KeyAsync(new ApiKeyRequest { Name = "A system of the shop", Scopes = scopes });

    public static async Task<Actor> KeyAsync(this ClienteleApp app, ApiKeyRequest request)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<KeyBook>().AddAsync(request, new Errors(), CancellationToken.None);
        var key = Assert.IsType<Created<ApiKeyResponse>>(result.Result).Value!;
        return new Actor(app.CreateClient()) { Username = key.Name, Access = key.Key! };
    }

    public static async Task RevokeAsync(this ClienteleApp app, Actor key)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<KeyBook>().RevokeAsync(key.KeyId, http: null, CancellationToken.None);
        Assert.IsType<NoContent>(result.Result);
    }

    /// <summary>A key that was valid once.</summary>
    public static async Task<string> RevokedKeyAsync(this ClienteleApp app)
    {
        var key = await app.KeyAsync(AllScopes);
        await app.RevokeAsync(key);
        return key.Access;
    }
}

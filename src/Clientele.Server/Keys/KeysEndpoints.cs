using Clientele.Server.Accounts;

namespace Clientele.Server.Keys;

internal static class KeysEndpoints
{
    public static readonly ListDefinition<ApiKey> List = new ListDefinition<ApiKey>(k => k.CreatedAt, k => k.Id, "-created_at")
        .Text("name", "The keys with this name.", "Order system", text => k => k.Name == text);

    public static void Map(IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api/keys").WithTag("Keys", "API keys for other systems of the shop.").WithId("keys", "The key's id.", "k7m2q9x4tbnw");
        keys.MapGet("/", ListApiKeys).WithName(nameof(ListApiKeys)).For(Who.Admin).Lists(List).Answers(400, 404);
        keys.MapPost("/", CreateApiKey).WithName(nameof(CreateApiKey)).For(Who.Admin).NeedsStepUp().WithoutIdempotencyKey().Answers(400, 415);
        keys.MapGet("/{id}/", GetApiKey).WithName(nameof(GetApiKey)).For(Who.Admin).Answers(404);
        keys.MapPatch("/{id}/", UpdateApiKey).WithName(nameof(UpdateApiKey)).For(Who.Admin).NeedsStepUp().Answers(400, 404, 412, 415);
        keys.MapDelete("/{id}/", RevokeApiKey).WithName(nameof(RevokeApiKey)).For(Who.Admin).Answers(404, 412);
        keys.MapPost("/{id}/rotate/", RotateApiKey).WithName(nameof(RotateApiKey)).For(Who.Admin).NeedsStepUp().WithoutIdempotencyKey()
            .Answers(400, 404, 415).BodyOptional();
    }

    /// <summary>List API keys</summary>
    /// <remarks>Newest first, without their secrets. A revoked key is not on the list any longer; an expired one is.</remarks>
    internal static Task<Results<PageResult<ApiKeyResponse>, Problem>> ListApiKeys(ListQuery list, ClienteleDb db, CancellationToken cancellationToken) =>
        list.PageAsync(List, db.ApiKeys, k => k.ToResponse(null), cancellationToken);

    /// <summary>Create an API key</summary>
    /// <remarks>
    /// The response has the whole key, this once: the service stores only its hash. The Idempotency-Key header is ignored, because no secret is stored. The
    /// key is sent as <c>Authorization: Bearer clk_…</c>. It sees what an admin sees, apart from staff, as far as its scopes allow.
    /// </remarks>
    internal static async Task<Results<Created<ApiKeyResponse>, Problem>> CreateApiKey(
        Body<ApiKeyRequest> body, KeyBook keys, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return await keys.AddAsync(request, errors, cancellationToken);
    }

    /// <summary>Get an API key</summary>
    /// <remarks>Without its secret. last_used_at is up to about a minute late.</remarks>
    internal static async Task<Results<Resource<ApiKeyResponse>, Problem>> GetApiKey(string id, ClienteleDb db, CancellationToken cancellationToken) =>
        KeyText.IsId(id) && await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id, cancellationToken) is { } key
            ? new Resource<ApiKeyResponse>(key.ToResponse(null), key.Version)
            : Problems.NotFound();

    /// <summary>Update an API key</summary>
    /// <remarks>A JSON merge patch (RFC 7396): members that are left out do not change. Every node applies the change within five seconds.</remarks>
    internal static Task<Results<Resource<ApiKeyResponse>, Problem>> UpdateApiKey(
        string id, Body<ApiKeyRequest> body, HttpContext context, KeyBook keys, CancellationToken cancellationToken) =>
        keys.ChangeAsync(id, body, context.Request, cancellationToken);

    /// <summary>Revoke an API key</summary>
    /// <remarks>This node refuses the key at once, every other node within five seconds. It cannot be restored.</remarks>
    internal static Task<Results<NoContent, Problem>> RevokeApiKey(string id, HttpContext context, KeyBook keys, CancellationToken cancellationToken) =>
        keys.RevokeAsync(id, context.Request, cancellationToken);

    /// <summary>Give an API key a new secret</summary>
    /// <remarks>
    /// The response has the whole new key, this once. The old secret stays valid for the grace period, a day by default, so that the other system can change
    /// over without a failed call. If it was rotated before, an even older secret ends now.
    /// </remarks>
    internal static async Task<Results<Ok<ApiKeyResponse>, Problem>> RotateApiKey(
        string id, Body<RotateApiKeyRequest> body, KeyBook keys, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await keys.RotateAsync(id, request, cancellationToken);
    }
}

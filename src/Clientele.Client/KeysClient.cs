namespace Clientele.Client;

/// <summary>API keys, which other systems of the shop use instead of signing in. For admins only (<c>forbidden</c>, 403).</summary>
public sealed class KeysClient
{
    private const string All = "api/keys/";

    private readonly Connection _connection;

    internal KeysClient(Connection connection) => _connection = connection;

    /// <summary>Creates a key. The response has the whole key, which is not shown again.</summary>
    /// <param name="request">The key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>step_up_required</c> (403).</exception>
    public Task<ApiKeyResponse> CreateAsync(ApiKeyRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Once(Call.Post(All, request, WireJson.Default.ApiKeyRequest)), WireJson.Default.ApiKeyResponse, cancellationToken);

    /// <summary>Gets a page of the keys.</summary>
    /// <param name="query">Filter, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for a page past the end.</exception>
    public Task<Page<ApiKeyResponse>> ListAsync(ApiKeyQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageApiKeyResponse, cancellationToken);

    /// <summary>Walks through the keys from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filter and ordering; null for the newest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    public IAsyncEnumerable<ApiKeyResponse> AllAsync(ApiKeyQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageApiKeyResponse, cancellationToken);

    /// <summary>Gets a key, without its secret.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<ApiKeyResponse>> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), WireJson.Default.ApiKeyResponse, cancellationToken);

    /// <summary>Changes a key's name, scopes, expiry or networks. Every node applies the change within five seconds.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>step_up_required</c> (403); <c>not_found</c> (404); <c>stale_version</c> (412).
    /// </exception>
    public Task<Versioned<ApiKeyResponse>> UpdateAsync(string id, ApiKeyPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), WireJson.Default.ApiKeyResponse, cancellationToken);

    /// <summary>Revokes a key. Every node refuses it within five seconds.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="ifMatch">The ETag of the version that may be revoked; null for any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task RevokeAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Gives a key a new secret. The response has the whole key, which is not shown again. The old secret stays valid for a while.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="request">How long the old secret stays valid; null for a day.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>step_up_required</c> (403); <c>not_found</c> (404).
    /// </exception>
    public Task<ApiKeyResponse> RotateAsync(string id, RotateApiKeyRequest? request = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Once(Call.Post($"{One(id)}rotate/", request ?? new(), WireJson.Default.RotateApiKeyRequest)), WireJson.Default.ApiKeyResponse, cancellationToken);

    /// <summary>The service stores no response with a secret, so a repetition would make another one.</summary>
    private static Call Once(Call call) => call with { IdempotencyKey = null, Repeat = Repeat.Never };

    private static string One(string id) => $"{All}{Call.Part(id)}/";
}

using static System.FormattableString;

namespace Clientele.Client;

/// <summary>
/// Billing and shipping addresses. Customers see and change their own, admins see and change all. An address that the caller may not
/// see is <c>not_found</c> (404).
/// </summary>
public sealed class AddressesClient
{
    private const string All = "api/customers/addresses/";
    private const string Countries = All + "countries/";

    private readonly Connection _connection;

    internal AddressesClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of addresses.</summary>
    /// <param name="query">Filters, ordering and page; null for the first page of all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an invalid filter; <c>not_found</c> (404) for a page past the end.</exception>
    public Task<Page<AddressResponse>> ListAsync(AddressQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageAddressResponse, cancellationToken);

    /// <summary>Walks through addresses from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<AddressResponse> AllAsync(AddressQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageAddressResponse, cancellationToken);

    /// <summary>Adds an address for the caller or, if an admin names one, for another customer. The first address of a type becomes the default.</summary>
    /// <param name="request">The address.</param>
    /// <param name="idempotencyKey">Identifies this creation, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) by the rules of the country; <c>too_many_addresses</c> (409).</exception>
    public Task<Versioned<AddressResponse>> CreateAsync(AddressRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(
            Call.Post(All, request, WireJson.Default.AddressRequest, idempotencyKey), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Gets an address.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<AddressResponse>> GetAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Gets an address, unless the caller already has its current version.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="ifNoneMatch">The ETag of the version that the caller has.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>Null if it has not changed.</returns>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<AddressResponse>?> GetIfChangedAsync(long id, string ifNoneMatch, CancellationToken cancellationToken = default) =>
        _connection.ResourceIfChangedAsync(Call.Get(One(id), ifNoneMatch), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Replaces an address: members that are left out get their defaults; for <c>IsDefault</c> that is false.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="request">The whole address.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<AddressResponse>> ReplaceAsync(
        long id, AddressRequest request, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Put(One(id), request, WireJson.Default.AddressRequest, ifMatch), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Changes an address.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<AddressResponse>> UpdateAsync(long id, AddressPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Deletes an address. If it was a default, the newest remaining address of its type becomes the default.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="ifMatch">The ETag of the version that may be deleted; null for any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task DeleteAsync(long id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Makes an address the default address of its type.</summary>
    /// <param name="id">The address's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<AddressResponse>> SetDefaultAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(One(id) + "set_default/"), WireJson.Default.AddressResponse, cancellationToken);

    /// <summary>Gets what forms for addresses need for all countries, in the order of their names. You may cache it for an hour.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<IReadOnlyList<CountryResponse>> ListCountriesAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Countries) with { IsPublic = true }, WireJson.Default.IReadOnlyListCountryResponse, cancellationToken);

    /// <summary>Gets what a form for addresses in a country needs. You may cache it for an hour.</summary>
    /// <param name="code">The country: ISO 3166-1 alpha-2 or alpha-3.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such country.</exception>
    public Task<CountryResponse> GetCountryAsync(string code, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get($"{Countries}{Call.Part(code)}/") with { IsPublic = true }, WireJson.Default.CountryResponse, cancellationToken);

    private static string One(long id) => Invariant($"{All}{id}/");
}

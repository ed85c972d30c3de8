using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Profiles and the actions on customers. A customer that the caller may not see is <c>not_found</c> (404).</summary>
public sealed class CustomersClient
{
    private const string All = "api/customers/customers/";
    private const string Me = "api/customers/customers/me/";
    private const string Profile = "api/customers/customers/update_profile/";

    private readonly Connection _connection;

    internal CustomersClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of customers. For admins.</summary>
    /// <param name="query">Filters, ordering and page; null for the first page of all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter; <c>not_found</c> (404) for a page past the end.
    /// </exception>
    public Task<Page<CustomerSummary>> ListAsync(CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>Walks through customers from page to page. Each page is fetched when it is needed. For admins.</summary>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<CustomerSummary> AllAsync(CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>
    /// Downloads the list as a CSV file (UTF-8) that is read while the service writes it, ordered by id. For admins, after a
    /// <see cref="ClienteleClient.StepUpAsync"/>.
    /// </summary>
    /// <param name="query">Filters; ordering and page must be null.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The file. Dispose it to end the download.</returns>
    /// <exception cref="ClienteleException"><c>step_up_required</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Stream> ExportAsync(CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.DownloadAsync(Call.Get(All + "export/" + query?.ToQueryString()), cancellationToken);

    /// <summary>Gets the caller's own profile.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_token</c> (401): nobody is signed in.</exception>
    public Task<Versioned<CustomerResponse>> GetMeAsync(CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(Me), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Gets the caller's own profile, unless the caller already has its current version.</summary>
    /// <param name="ifNoneMatch">The ETag of the version that the caller has.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>Null if it has not changed.</returns>
    /// <exception cref="ClienteleException"><c>invalid_token</c> (401): nobody is signed in.</exception>
    public Task<Versioned<CustomerResponse>?> GetMeIfChangedAsync(string ifNoneMatch, CancellationToken cancellationToken = default) =>
        _connection.ResourceIfChangedAsync(Call.Get(Me, ifNoneMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Replaces the caller's own profile: members that are left out get their defaults.</summary>
    /// <param name="request">The whole profile.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>stale_version</c> (412).</exception>
    public Task<Versioned<CustomerResponse>> ReplaceMeAsync(
        UpdateCustomerRequest request, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(
            Call.Put(Profile, request, WireJson.Default.UpdateCustomerRequest, ifMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Changes the caller's own profile.</summary>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>stale_version</c> (412).</exception>
    public Task<Versioned<CustomerResponse>> UpdateMeAsync(CustomerPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(Profile, patch, ifMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Gets a customer. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<CustomerResponse>> GetAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Gets the customer with a uuid. For the customer and admins.</summary>
    /// <param name="uuid">The customer's uuid.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<CustomerResponse>> GetAsync(Guid uuid, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get($"api/customers/customers/{uuid}/"), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Gets a customer, unless the caller already has its current version. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="ifNoneMatch">The ETag of the version that the caller has.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>Null if it has not changed.</returns>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<CustomerResponse>?> GetIfChangedAsync(long id, string ifNoneMatch, CancellationToken cancellationToken = default) =>
        _connection.ResourceIfChangedAsync(Call.Get(One(id), ifNoneMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>
    /// Replaces a customer: members that are left out get their defaults, except those that only admins may write: they do not change.
    /// For the customer and admins.
    /// </summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="request">All writable members.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>not_found</c> (404); <c>last_admin</c> (409); <c>stale_version</c> (412).
    /// </exception>
    public Task<Versioned<CustomerResponse>> ReplaceAsync(
        long id, UpdateCustomerRequest request, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(
            Call.Put(One(id), request, WireJson.Default.UpdateCustomerRequest, ifMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Changes a customer. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>not_found</c> (404); <c>last_admin</c> (409); <c>stale_version</c> (412).
    /// </exception>
    public Task<Versioned<CustomerResponse>> UpdateAsync(long id, CustomerPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), WireJson.Default.CustomerResponse, cancellationToken);

    /// <summary>Erases a customer and all personal data. This cannot be undone. For admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="ifMatch">The ETag of the version that may be erased; null for any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404); <c>last_admin</c> (409); <c>stale_version</c> (412).</exception>
    public Task DeleteAsync(long id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Marks a customer's account as verified. For admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<VerifyResponse> VerifyAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post(One(id) + "verify/"), WireJson.Default.VerifyResponse, cancellationToken);

    /// <summary>Gives a customer the VIP status, or removes it. For admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="isVip">False removes the status.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<MakeVipResponse> MakeVipAsync(long id, bool isVip = true, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post(One(id) + "make_vip/", new MakeVipRequest { IsVip = isVip }, WireJson.Default.MakeVipRequest),
            WireJson.Default.MakeVipResponse,
            cancellationToken);

    /// <summary>Deactivates an account and ends all its sessions. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>last_admin</c> (409).</exception>
    public Task<ActivationResponse> DeactivateAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post(One(id) + "deactivate/"), WireJson.Default.ActivationResponse, cancellationToken);

    /// <summary>Lets a deactivated customer sign in again. For admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<ActivationResponse> ReactivateAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post(One(id) + "reactivate/"), WireJson.Default.ActivationResponse, cancellationToken);

    /// <summary>Gets the combined benefits of a customer's tier and groups. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<BenefitsResponse> GetBenefitsAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(id) + "benefits/"), WireJson.Default.BenefitsResponse, cancellationToken);

    /// <summary>Gets a customer's statistics, which always include all orders that have arrived. For the customer and admins.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<StatsResponse> GetStatsAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(id) + "stats/"), WireJson.Default.StatsResponse, cancellationToken);

    private static string One(long id) => Invariant($"{All}{id}/");
}

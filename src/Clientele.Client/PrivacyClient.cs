using static System.FormattableString;

namespace Clientele.Client;

/// <summary>The stored data about a customer, and who changed it.</summary>
public sealed class PrivacyClient
{
    private readonly Connection _connection;

    internal PrivacyClient(Connection connection) => _connection = connection;

    /// <summary>Gets everything that is stored about a customer. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404), also for an erased customer.</exception>
    public Task<ExportResponse> ExportAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Invariant($"api/customers/customers/{customerId}/export/")), WireJson.Default.ExportResponse, cancellationToken);

    /// <summary>The same as the document that the service sends, to hand to the person: JSON in UTF-8.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404), also for an erased customer; <c>step_up_required</c> (403).</exception>
    public Task<byte[]> DownloadExportAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.DocumentAsync(Call.Get(Invariant($"api/customers/customers/{customerId}/export/")), cancellationToken);

    /// <summary>Gets a page of a customer's audit trail, even if the customer was erased. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<AuditEntryResponse>> ListHistoryAsync(long customerId, AuditEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(History(customerId) + query?.ToQueryString()), WireJson.Default.PageAuditEntryResponse, cancellationToken);

    /// <summary>Walks through a customer's audit trail from page to page. Each page is fetched when it is needed. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<AuditEntryResponse> AllHistoryAsync(
        long customerId, AuditEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(History(customerId), query, WireJson.Default.PageAuditEntryResponse, cancellationToken);

    /// <summary>Gets what a customer has consented to, and when. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<IReadOnlyList<ConsentResponse>> ListConsentsAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Get(Invariant($"api/customers/customers/{customerId}/consents/")), WireJson.Default.IReadOnlyListConsentResponse, cancellationToken);

    private static string History(long customerId) => Invariant($"api/customers/customers/{customerId}/history/");
}

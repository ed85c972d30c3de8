using static System.FormattableString;

namespace Clientele.Client;

/// <summary>What is held about a customer, and who changed it.</summary>
public sealed class PrivacyClient
{
    private readonly Connection _connection;

    internal PrivacyClient(Connection connection) => _connection = connection;

    /// <summary>Gets everything that is held about a customer. For the customer and admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404), also for somebody who was erased.</exception>
    public Task<ExportResponse> ExportAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Invariant($"api/customers/customers/{customerId}/export/")), ClientJson.Default.ExportResponse, cancellationToken);

    /// <summary>Gets a page of a customer's audit, also of somebody who was erased. For admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="query">Which entries, and which page of them; null for the newest.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404); <c>validation_failed</c> (400) for a filter that makes no sense.</exception>
    public Task<Page<AuditEntryResponse>> ListHistoryAsync(long customerId, AuditEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(History(customerId) + query?.ToQueryString()), ClientJson.Default.PageAuditEntryResponse, cancellationToken);

    /// <summary>Walks through a customer's audit from page to page, fetching each as it is needed. For admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="query">Which entries; null for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404); <c>validation_failed</c> (400) for a filter that makes no sense.</exception>
    public IAsyncEnumerable<AuditEntryResponse> AllHistoryAsync(long customerId, AuditEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(History(customerId), query, ClientJson.Default.PageAuditEntryResponse, cancellationToken);

    private static string History(long customerId) => Invariant($"api/customers/customers/{customerId}/history/");
}

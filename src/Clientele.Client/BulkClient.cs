namespace Clientele.Client;

/// <summary>Changes of many customers at once, in the background. For admins.</summary>
public sealed class BulkClient
{
    private const string All = "api/customers/customers/bulk/";

    private readonly Connection _connection;

    internal BulkClient(Connection connection) => _connection = connection;

    /// <summary>Starts a job that changes many customers: <c>StartAsync(new() { Action = BulkAction.AddTags, Filters = query.ToFilters(), … })</c>.</summary>
    /// <param name="request">The customers, and what to do with them.</param>
    /// <param name="cancellationToken">Stops waiting for the response. It does not cancel the job.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400): the names of filters in <see cref="ClienteleException.Errors"/> begin with <c>filters/</c>.
    /// </exception>
    public Task<Versioned<BulkJobResponse>> StartAsync(BulkRequest request, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(All, request, WireJson.Default.BulkRequest), WireJson.Default.BulkJobResponse, cancellationToken);

    /// <summary>Gets a job and its progress.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404), also for jobs that ended more than 30 days ago.</exception>
    public Task<Versioned<BulkJobResponse>> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get($"{All}{id}/"), WireJson.Default.BulkJobResponse, cancellationToken);

    /// <summary>Cancels a job and returns it. Customers who are done stay as they are. Does nothing if the job has ended.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<BulkJobResponse>> CancelAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post($"{All}{id}/cancel/"), WireJson.Default.BulkJobResponse, cancellationToken);

    /// <summary>Gets a page of the jobs of the last 30 days.</summary>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<BulkJobResponse>> ListAsync(BulkJobQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageBulkJobResponse, cancellationToken);

    /// <summary>Walks through the jobs from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<BulkJobResponse> AllAsync(BulkJobQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageBulkJobResponse, cancellationToken);
}

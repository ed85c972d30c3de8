namespace Clientele.Client;

/// <summary>Mails and SMS to customers. For admins.</summary>
public sealed class MessagesClient
{
    private const string All = "api/messages/";

    private readonly Connection _connection;

    internal MessagesClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of the messages.</summary>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<OutgoingMessageResponse>> ListAsync(MessageQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageOutgoingMessageResponse, cancellationToken);

    /// <summary>Walks through the messages from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<OutgoingMessageResponse> AllAsync(MessageQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageOutgoingMessageResponse, cancellationToken);

    /// <summary>Sends a failed message again. This is possible for seven days after it has failed.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>not_found</c> (404); <c>conflict</c> (409): the message has not failed, or failed too long ago.
    /// </exception>
    public Task<OutgoingMessageResponse> RetryAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post($"{All}{id}/retry/"), WireJson.Default.OutgoingMessageResponse, cancellationToken);
}

namespace Clientele.Client;

/// <summary>The search over customers, orders and groups. For admins.</summary>
public sealed class SearchClient
{
    private readonly Connection _connection;

    internal SearchClient(Connection connection) => _connection = connection;

    /// <summary>
    /// Finds at most eight customers, orders and groups, the best first, for suggestions while somebody types. Customers are found by id, uuid, username,
    /// e-mail, names and phone, orders by the beginning of their number or by its last four or more characters, groups by name and description.
    /// </summary>
    /// <param name="text">What to search for, at most 100 characters. Nothing is found for a blank text.</param>
    /// <param name="cancellationToken">Cancel the search when the text changes.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>validation_failed</c> (400) for a text that is too long.</exception>
    public Task<SearchResponse> FindAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parameters = new QueryParameters();
        parameters.Add("q", text);
        return _connection.AskAsync(Call.Get("api/customers/search/" + parameters), WireJson.Default.SearchResponse, cancellationToken);
    }
}

using static System.FormattableString;

namespace Clientele.Client;

/// <summary>
/// The sessions of the caller, and for admins those of all customers. When a session ends, its refresh token ends at once and its access tokens within five
/// seconds.
/// </summary>
public sealed class SessionsClient
{
    private const string Own = "api/auth/sessions/";

    private readonly Connection _connection;

    internal SessionsClient(Connection connection) => _connection = connection;

    /// <summary>Lists the caller's sessions: the 100 that were used last.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<IReadOnlyList<SessionResponse>> ListAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Own), WireJson.Default.IReadOnlyListSessionResponse, cancellationToken);

    /// <summary>Ends one of the caller's sessions.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task EndAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(Invariant($"{Own}{id}/"), ifMatch: null), cancellationToken);

    /// <summary>Ends all of the caller's sessions except this one.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task EndOthersAsync(CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(Own, ifMatch: null), cancellationToken);

    /// <summary>Lists a customer's sessions: the 100 that were used last. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<IReadOnlyList<SessionResponse>> ListAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Of(customerId)), WireJson.Default.IReadOnlyListSessionResponse, cancellationToken);

    /// <summary>Ends one session of a customer. For admins, who must have stepped up.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>step_up_required</c> (403); <c>not_found</c> (404).</exception>
    public Task EndAsync(long customerId, Guid id, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(Invariant($"{Of(customerId)}{id}/"), ifMatch: null), cancellationToken);

    /// <summary>Ends all sessions of a customer. For admins, who must have stepped up.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>step_up_required</c> (403); <c>not_found</c> (404).</exception>
    public Task EndAllAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(Of(customerId), ifMatch: null), cancellationToken);

    private static string Of(long customerId) => Invariant($"api/customers/customers/{customerId}/sessions/");
}

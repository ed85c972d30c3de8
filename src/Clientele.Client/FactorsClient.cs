using static System.FormattableString;

namespace Clientele.Client;

/// <summary>The second factors of the customer who is signed in, and for admins those of all customers.</summary>
public sealed class FactorsClient
{
    private readonly Connection _connection;

    internal FactorsClient(Connection connection) => _connection = connection;

    /// <summary>Gets the second factors.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_token</c> (401): nobody is signed in.</exception>
    public Task<FactorsResponse> GetAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get("api/auth/factors/"), WireJson.Default.FactorsResponse, cancellationToken);

    /// <summary>Gets the second factors of a customer: the caller's own, or for admins anybody's.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<FactorsResponse> GetAsync(long customerId, CancellationToken cancellationToken = default) => _connection.AskAsync(
        Call.Get(Invariant($"api/customers/customers/{customerId}/factors/")), WireJson.Default.FactorsResponse, cancellationToken);

    /// <summary>Begins to set up an authenticator app. It counts only after <see cref="ConfirmTotpAsync"/>; until then you can begin again.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The secret, which is shown this once.</returns>
    /// <exception cref="ClienteleException">
    /// <c>conflict</c> (409): an app is already on. <c>step_up_required</c> (403): the sign-in was more than five minutes ago, or there is another factor.
    /// </exception>
    public Task<TotpSetupResponse> SetUpTotpAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post("api/auth/factors/totp/") with { IdempotencyKey = null }, WireJson.Default.TotpSetupResponse, cancellationToken);

    /// <summary>Turns the authenticator app on. The client never repeats this call, because the recovery codes are shown once.</summary>
    /// <param name="code">The app's current code.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The recovery codes, which are shown this once.</returns>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400): the code is wrong. <c>conflict</c> (409): no app waits for its first code. <c>step_up_required</c> (403): see
    /// <see cref="SetUpTotpAsync"/>.
    /// </exception>
    public Task<RecoveryCodesResponse> ConfirmTotpAsync(string code, CancellationToken cancellationToken = default)
    {
        var request = new ConfirmTotpRequest { Code = code };
        var call = Call.Post("api/auth/factors/totp/confirm/", request, WireJson.Default.ConfirmTotpRequest);
        return _connection.AskAsync(
            call with { IdempotencyKey = null, Repeat = Repeat.Never }, WireJson.Default.RecoveryCodesResponse, cancellationToken);
    }

    /// <summary>Removes the authenticator app, if there is one. Without a passkey, the recovery codes are removed, too.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>step_up_required</c> (403).</exception>
    public Task DeleteTotpAsync(CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete("api/auth/factors/totp/", ifMatch: null), cancellationToken);
}

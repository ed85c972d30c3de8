namespace Clientele.Client;

/// <summary>Registration and passwords. Who just wants to sign in uses <see cref="ClienteleClient.SignInAsync"/>.</summary>
public sealed class AccountsClient
{
    private readonly Connection _connection;

    internal AccountsClient(Connection connection) => _connection = connection;

    /// <summary>Registers a customer. Nobody has to be signed in, and nobody is afterwards.</summary>
    /// <param name="request">The account; <c>Password2</c> may be left empty and is then the password.</param>
    /// <param name="idempotencyKey">Names this registration, so that it can be repeated even after a crash; null for one of its own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new customer.</returns>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400), also where the name is taken; <c>rate_limited</c> (429).</exception>
    public Task<Versioned<CustomerResponse>> RegisterAsync(RegisterRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var complete = request.Password2.Length > 0 ? request : request with { Password2 = request.Password };
        return _connection.ResourceAsync(
            Call.Post("api/customers/register/", complete, ClientJson.Default.RegisterRequest, idempotencyKey) with { IsPublic = true },
            ClientJson.Default.CustomerResponse,
            cancellationToken);
    }

    /// <summary>
    /// Changes the password of whoever is signed in. All sessions end, this one included: sign in again. Never repeated by itself:
    /// wrong passwords count, and after a lost answer there is no session left to repeat it in.
    /// </summary>
    /// <param name="oldPassword">The present password.</param>
    /// <param name="newPassword">The new password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400) with what is wrong of <c>old_password</c> or <c>new_password</c>; <c>rate_limited</c> (429) after
    /// too many wrong old passwords.
    /// </exception>
    public async Task<MessageResponse> ChangePasswordAsync(string oldPassword, string newPassword, CancellationToken cancellationToken = default)
    {
        var request = new ChangePasswordRequest { OldPassword = oldPassword, NewPassword = newPassword, NewPassword2 = newPassword };
        var answer = await _connection.AskAsync(
            Call.Post("api/customers/customers/change_password/", request, ClientJson.Default.ChangePasswordRequest) with { Repeat = Repeat.Never },
            ClientJson.Default.MessageResponse,
            cancellationToken).ConfigureAwait(false);
        await _connection.Session.ForgetAsync().ConfigureAwait(false);
        return answer;
    }

    /// <summary>Gets a pair of tokens for somebody else to use; this client's session stays as it is. Never repeated by itself.</summary>
    /// <param name="username">The username or the e-mail address.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401); <c>rate_limited</c> (429).</exception>
    public Task<TokenResponse> CreateTokenAsync(string username, string password, CancellationToken cancellationToken = default) =>
        _connection.CreateTokenAsync(username, password, cancellationToken);

    /// <summary>Exchanges a refresh token for a new pair. A lost answer is asked for again within ten seconds.</summary>
    /// <param name="refresh">The refresh token: spent by this, whatever comes of it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401): the token is not good any more.</exception>
    public Task<TokenResponse> RefreshTokenAsync(string refresh, CancellationToken cancellationToken = default) =>
        _connection.RefreshTokenAsync(refresh, cancellationToken);

    /// <summary>Ends the session of a refresh token. Succeeds whatever the token.</summary>
    /// <param name="refresh">The refresh token.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">Only where the service cannot answer.</exception>
    public Task RevokeTokenAsync(string refresh, CancellationToken cancellationToken = default) =>
        _connection.RevokeTokenAsync(refresh, cancellationToken);

    /// <summary>Gets the keys that access tokens are signed with, to check tokens without asking the service. May be kept for five minutes.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">Only where the service cannot answer.</exception>
    public Task<JwksResponse> GetJwksAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(".well-known/jwks.json") with { IsPublic = true }, ClientJson.Default.JwksResponse, cancellationToken);
}

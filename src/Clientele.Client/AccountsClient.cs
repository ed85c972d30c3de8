namespace Clientele.Client;

/// <summary>Registration and passwords. To sign in, use <see cref="ClienteleClient.SignInAsync"/>.</summary>
public sealed class AccountsClient
{
    private readonly Connection _connection;

    internal AccountsClient(Connection connection) => _connection = connection;

    /// <summary>Registers a customer. Nobody needs to be signed in, and the new customer is not signed in afterwards.</summary>
    /// <param name="request">The account. If <c>Password2</c> is empty, the client fills in the password.</param>
    /// <param name="idempotencyKey">Identifies this registration, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The new customer.</returns>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400), also if the name is taken; <c>rate_limited</c> (429).</exception>
    public Task<Versioned<CustomerResponse>> RegisterAsync(
        RegisterRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var complete = request.Password2.Length > 0 ? request : request with { Password2 = request.Password };
        return _connection.ResourceAsync(
            Call.Post("api/customers/register/", complete, WireJson.Default.RegisterRequest, idempotencyKey) with { IsPublic = true },
            WireJson.Default.CustomerResponse,
            cancellationToken);
    }

    /// <summary>
    /// Changes the password of the customer who is signed in. All sessions end, including this one: sign in again. The client never repeats
    /// this call: wrong passwords count, and if the response was lost, no session is left to repeat it in.
    /// </summary>
    /// <param name="oldPassword">The current password.</param>
    /// <param name="newPassword">The new password.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400) with the errors of <c>old_password</c> or <c>new_password</c>; <c>rate_limited</c> (429) after
    /// too many wrong old passwords.
    /// </exception>
    public async Task<MessageResponse> ChangePasswordAsync(string oldPassword, string newPassword, CancellationToken cancellationToken = default)
    {
        var request = new ChangePasswordRequest { OldPassword = oldPassword, NewPassword = newPassword, NewPassword2 = newPassword };
        var answer = await _connection.AskAsync(
            Call.Post("api/customers/customers/change_password/", request, WireJson.Default.ChangePasswordRequest) with { Repeat = Repeat.Never },
            WireJson.Default.MessageResponse,
            cancellationToken).ConfigureAwait(false);
        await _connection.Session.ForgetAsync().ConfigureAwait(false);
        return answer;
    }

    /// <summary>Sends a code and a link to the e-mail of the customer who is signed in, or to the pending one. The client never repeats this call.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>rate_limited</c> (429): too many mails this hour or today.</exception>
    public Task<CodeSentResponse> SendEmailCodeAsync(CancellationToken cancellationToken = default) => _connection.AskAsync(
        Call.Post("api/customers/customers/send_email_code/") with { Repeat = Repeat.Never }, WireJson.Default.CodeSentResponse, cancellationToken);

    /// <summary>Verifies an e-mail with the token of a link. Nobody needs to be signed in.</summary>
    /// <param name="token">The token of the link.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the link is not valid, or the address was taken meanwhile.</exception>
    public Task<VerifyEmailResponse> VerifyEmailAsync(string token, CancellationToken cancellationToken = default) =>
        VerifyEmailAsync(new VerifyEmailRequest { Token = token }, isPublic: true, cancellationToken);

    /// <summary>Verifies the e-mail of the customer who is signed in with a code. The client never repeats this call, because every try counts.</summary>
    /// <param name="code">The code in the mail.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the code is wrong or has expired; <c>rate_limited</c> (429).</exception>
    public Task<VerifyEmailResponse> VerifyEmailByCodeAsync(string code, CancellationToken cancellationToken = default) =>
        VerifyEmailAsync(new VerifyEmailRequest { Code = code }, isPublic: false, cancellationToken);

    /// <summary>Sends a code to the phone of the customer who is signed in. The client never repeats this call.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>conflict</c> (409): there is no phone number; <c>rate_limited</c> (429).</exception>
    public Task<CodeSentResponse> SendPhoneCodeAsync(CancellationToken cancellationToken = default) => _connection.AskAsync(
        Call.Post("api/customers/customers/send_phone_code/") with { Repeat = Repeat.Never }, WireJson.Default.CodeSentResponse, cancellationToken);

    /// <summary>Verifies the phone of the customer who is signed in. The client never repeats this call, because every try counts.</summary>
    /// <param name="code">The code in the SMS.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the code is wrong or has expired; <c>rate_limited</c> (429).</exception>
    public Task<VerifyPhoneResponse> VerifyPhoneAsync(string code, CancellationToken cancellationToken = default)
    {
        var call = Call.Post("api/customers/customers/verify_phone/", new VerifyPhoneRequest { Code = code }, WireJson.Default.VerifyPhoneRequest);
        return _connection.AskAsync(call with { Repeat = Repeat.Never }, WireJson.Default.VerifyPhoneResponse, cancellationToken);
    }

    /// <summary>Undoes a change of the e-mail with the token of the link that the old address got. All sessions of the account end.</summary>
    /// <param name="token">The token of the link.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the link is not valid.</exception>
    public Task<MessageResponse> UndoEmailAsync(string token, CancellationToken cancellationToken = default)
    {
        var call = Call.Post("api/customers/customers/undo_email/", new UndoEmailRequest { Token = token }, WireJson.Default.UndoEmailRequest);
        return _connection.AskAsync(call with { IsPublic = true }, WireJson.Default.MessageResponse, cancellationToken);
    }

    /// <summary>Sends a code and a link to set a new password. The response does not tell whether there is an account.</summary>
    /// <param name="username">The username or the e-mail address.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>rate_limited</c> (429): too many requests from this network.</exception>
    public Task<CodeSentResponse> ResetPasswordAsync(string username, CancellationToken cancellationToken = default)
    {
        var call = Call.Post("api/auth/password/reset/", new ResetPasswordRequest { Username = username }, WireJson.Default.ResetPasswordRequest);
        return _connection.AskAsync(Once(call), WireJson.Default.CodeSentResponse, cancellationToken);
    }

    /// <summary>Sets a new password with a token, or with username and code. All sessions of the account end. The client never repeats this call.</summary>
    /// <param name="request">The proof and the password. If <c>NewPassword2</c> is empty, the client fills in the password.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400) with the errors of <c>token</c>, <c>code</c> or <c>new_password</c>; <c>rate_limited</c> (429).
    /// </exception>
    public Task<MessageResponse> ConfirmResetAsync(ConfirmResetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var complete = request.NewPassword2.Length > 0 ? request : request with { NewPassword2 = request.NewPassword };
        var call = Call.Post("api/auth/password/reset/confirm/", complete, WireJson.Default.ConfirmResetRequest);
        return _connection.AskAsync(Once(call), WireJson.Default.MessageResponse, cancellationToken);
    }

    private static Call Once(Call call) => call with { IdempotencyKey = null, IsPublic = true, Repeat = Repeat.Never };

    private Task<VerifyEmailResponse> VerifyEmailAsync(VerifyEmailRequest request, bool isPublic, CancellationToken cancellationToken)
    {
        var call = Call.Post("api/customers/customers/verify_email/", request, WireJson.Default.VerifyEmailRequest);
        return _connection.AskAsync(call with { IsPublic = isPublic, Repeat = Repeat.Never }, WireJson.Default.VerifyEmailResponse, cancellationToken);
    }

    /// <summary>Gets a pair of tokens for use elsewhere; this client's session does not change. The client never repeats this call.</summary>
    /// <param name="username">The username or the e-mail address.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401); <c>factor_required</c> (401); <c>rate_limited</c> (429).</exception>
    public Task<TokenResponse> CreateTokenAsync(string username, string password, CancellationToken cancellationToken = default) =>
        _connection.CreateTokenAsync(username, password, cancellationToken);

    /// <summary>The same with a second factor, after <c>factor_required</c>.</summary>
    /// <param name="challenge">The <see cref="ClienteleException.Challenge"/> of the exception.</param>
    /// <param name="code">A code of the authenticator app, or a recovery code.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401); <c>rate_limited</c> (429).</exception>
    public Task<TokenResponse> CreateTokenWithFactorAsync(string challenge, string code, CancellationToken cancellationToken = default) =>
        _connection.CreateTokenWithFactorAsync(challenge, code, cancellationToken);

    /// <summary>Exchanges a refresh token for a new pair. If the response is lost, the client repeats the call within ten seconds.</summary>
    /// <param name="refresh">The refresh token. Do not use it again, whatever the result.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401): the token is no longer valid.</exception>
    public Task<TokenResponse> RefreshTokenAsync(string refresh, CancellationToken cancellationToken = default) =>
        _connection.RefreshTokenAsync(refresh, cancellationToken);

    /// <summary>Ends the session of a refresh token. An invalid token is not an error.</summary>
    /// <param name="refresh">The refresh token.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task RevokeTokenAsync(string refresh, CancellationToken cancellationToken = default) =>
        _connection.RevokeTokenAsync(refresh, cancellationToken);

    /// <summary>Gets the keys that access tokens are signed with, to check tokens without calling the service. You may cache them for five minutes.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<JwksResponse> GetJwksAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(".well-known/jwks.json") with { IsPublic = true }, WireJson.Default.JwksResponse, cancellationToken);

    /// <summary>Gets the issuer of access tokens and the address of its keys, as libraries that check tokens read them.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<OpenIdConfigurationResponse> GetOpenIdConfigurationAsync(CancellationToken cancellationToken = default) => _connection.AskAsync(
        Call.Get(".well-known/openid-configuration") with { IsPublic = true }, WireJson.Default.OpenIdConfigurationResponse, cancellationToken);
}

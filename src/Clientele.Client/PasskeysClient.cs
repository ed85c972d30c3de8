namespace Clientele.Client;

/// <summary>Passkeys: adding them to the account of the customer who is signed in, and signing in with them.</summary>
public sealed class PasskeysClient
{
    private const string Own = "api/auth/factors/passkeys/";
    private const string SignIn = "api/auth/passkeys/";

    private readonly Connection _connection;

    internal PasskeysClient(Connection connection) => _connection = connection;

    /// <summary>Gets the options with which a browser creates a passkey. They are valid for five minutes.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>step_up_required</c> (403): the sign-in was more than five minutes ago, or the account has a second factor.
    /// </exception>
    public Task<PasskeyCreationOptionsResponse> CreateOptionsAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post($"{Own}options/") with { IdempotencyKey = null }, WireJson.Default.PasskeyCreationOptionsResponse, cancellationToken);

    /// <summary>Adds the passkey that a browser has created. The client never repeats this call: the options are valid once.</summary>
    /// <param name="name">A name by which the owner recognises the passkey.</param>
    /// <param name="credential">The result of <c>navigator.credentials.create()</c>, as its <c>toJSON()</c> returns it.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The passkey, and with the first second factor of the account the recovery codes, which are shown this once.</returns>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400): the passkey was not created with these options. <c>too_many_passkeys</c> (409). <c>conflict</c> (409): the account
    /// already has it. <c>step_up_required</c> (403): see <see cref="CreateOptionsAsync"/>.
    /// </exception>
    public Task<AddedPasskeyResponse> CreateAsync(string name, PasskeyAttestation credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(credential);
        var call = Call.Post(Own, new CreatePasskeyRequest { Name = name, Credential = credential }, WireJson.Default.CreatePasskeyRequest);
        return _connection.AskAsync(
            call with { IdempotencyKey = null, Repeat = Repeat.Never }, WireJson.Default.AddedPasskeyResponse, cancellationToken);
    }

    /// <summary>Lists the passkeys of the customer who is signed in, the oldest first.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<IReadOnlyList<PasskeyResponse>> ListAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Own), WireJson.Default.IReadOnlyListPasskeyResponse, cancellationToken);

    /// <summary>Deletes a passkey. Nobody can sign in with it any longer.</summary>
    /// <param name="id">The passkey's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>step_up_required</c> (403).</exception>
    public Task DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete($"{Own}{id}/", ifMatch: null), cancellationToken);

    /// <summary>Gets the options with which a browser uses a passkey. They are valid for five minutes, for any account.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">The service cannot respond.</exception>
    public Task<PasskeyRequestOptionsResponse> CreateSignInOptionsAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post($"{SignIn}options/") with { IdempotencyKey = null, IsPublic = true },
            WireJson.Default.PasskeyRequestOptionsResponse,
            cancellationToken);

    /// <summary>
    /// Gets a pair of tokens for the account of a passkey; this client's session does not change. The client never repeats this call: the options are
    /// valid once.
    /// </summary>
    /// <param name="credential">The result of <c>navigator.credentials.get()</c>, as its <c>toJSON()</c> returns it.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_credentials</c> (401); <c>rate_limited</c> (429).</exception>
    public Task<TokenResponse> CreateTokenAsync(PasskeyAssertion credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var call = Call.Post(SignIn, new PasskeyTokenRequest { Credential = credential }, WireJson.Default.PasskeyTokenRequest);
        return _connection.AskAsync(
            call with { IdempotencyKey = null, IsPublic = true, Repeat = Repeat.Never }, WireJson.Default.TokenResponse, cancellationToken);
    }
}

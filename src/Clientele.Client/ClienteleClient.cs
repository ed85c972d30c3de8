namespace Clientele.Client;

/// <summary>
/// The whole API, grouped by resource. One client is one session: it holds the tokens of the customer or admin who signed in with it and
/// renews them in time. Any number of threads may use it at once. Calls fail with <see cref="ClienteleException"/> if the
/// service returns an error, and with <see cref="HttpRequestException"/> if it cannot be reached. The client first retries transient
/// failures (see <see cref="ClienteleClientOptions"/>), and no call takes effect twice.
/// </summary>
public sealed class ClienteleClient : IDisposable
{
    /// <summary>How long to wait for a response. The service gives up a statement after 15 s.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Connection _connection;
    private readonly HttpClient _http;
    private readonly bool _isItsOwn;

    /// <summary>Creates a client with its own connections; dispose it to close them.</summary>
    /// <param name="address">The address of the service, such as <c>http://localhost:8000</c>.</param>
    /// <param name="options">How the client behaves; null for the defaults.</param>
    public ClienteleClient(Uri address, ClienteleClientOptions? options = null)
        : this(Connect(address), options) => _isItsOwn = true;

    /// <summary>Creates a client that uses the given <see cref="HttpClient"/>, for example one from an <c>IHttpClientFactory</c>.</summary>
    /// <param name="http">Its base address is the address of the service. Disposing this client does not dispose it.</param>
    /// <param name="options">How the client behaves; null for the defaults.</param>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no base address.</exception>
    public ClienteleClient(HttpClient http, ClienteleClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        options ??= new();
        _connection = new Connection(http, options);
        Accounts = new AccountsClient(_connection);
        Sessions = new SessionsClient(_connection);
        Passkeys = new PasskeysClient(_connection);
        Factors = new FactorsClient(_connection);
        Customers = new CustomersClient(_connection);
        Search = new SearchClient(_connection);
        Bulk = new BulkClient(_connection);
        Addresses = new AddressesClient(_connection);
        Groups = new GroupsClient(_connection);
        Orders = new OrdersClient(_connection);
        Wishlists = new WishlistsClient(_connection);
        Reviews = new ReviewsClient(_connection);
        Loyalty = new LoyaltyClient(_connection);
        Privacy = new PrivacyClient(_connection);
        Messages = new MessagesClient(_connection);
        Events = new EventsClient(_connection, options.Clock);
        Webhooks = new WebhooksClient(_connection);
        Analytics = new AnalyticsClient(_connection);
        Keys = new KeysClient(_connection);
        Health = new HealthClient(_connection);
    }

    /// <summary>Registration, passwords, and tokens for callers that manage tokens themselves.</summary>
    public AccountsClient Accounts { get; }

    /// <summary>The sessions of the caller, and of customers.</summary>
    public SessionsClient Sessions { get; }

    /// <summary>Passkeys, and signing in with them.</summary>
    public PasskeysClient Passkeys { get; }

    /// <summary>The second factors of the customer who is signed in.</summary>
    public FactorsClient Factors { get; }

    /// <summary>Profiles and the actions on customers.</summary>
    public CustomersClient Customers { get; }

    /// <summary>Finding customers, orders and groups while somebody types.</summary>
    public SearchClient Search { get; }

    /// <summary>Changes of many customers at once.</summary>
    public BulkClient Bulk { get; }

    /// <summary>Billing and shipping addresses.</summary>
    public AddressesClient Addresses { get; }

    /// <summary>Groups and their members.</summary>
    public GroupsClient Groups { get; }

    /// <summary>The copies of orders that the shop's order system sends.</summary>
    public OrdersClient Orders { get; }

    /// <summary>Wishlists.</summary>
    public WishlistsClient Wishlists { get; }

    /// <summary>The copies of reviews that the shop's review system sends.</summary>
    public ReviewsClient Reviews { get; }

    /// <summary>Tiers and points.</summary>
    public LoyaltyClient Loyalty { get; }

    /// <summary>The stored data about a customer, and who changed it.</summary>
    public PrivacyClient Privacy { get; }

    /// <summary>Mails and SMS to customers.</summary>
    public MessagesClient Messages { get; }

    /// <summary>What has happened to customers.</summary>
    public EventsClient Events { get; }

    /// <summary>Webhooks, which send what has happened to other systems.</summary>
    public WebhooksClient Webhooks { get; }

    /// <summary>Figures about all customers.</summary>
    public AnalyticsClient Analytics { get; }

    /// <summary>API keys, which other systems use instead of signing in.</summary>
    public KeysClient Keys { get; }

    /// <summary>The health of the service.</summary>
    public HealthClient Health { get; }

    /// <summary>The tokens of the session; null while nobody is signed in.</summary>
    public TokenPair? Tokens => _connection.Session.Tokens;

    /// <summary>Signs in. From then on calls send the access token, which is renewed before it expires.</summary>
    /// <param name="username">The username or the e-mail address.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>invalid_credentials</c> (401): no active account has this name and password. <c>factor_required</c> (401): the password is right; ask for a code
    /// and call <see cref="SignInWithFactorAsync"/> with the <see cref="ClienteleException.Challenge"/>. <c>rate_limited</c> (429): too many failures;
    /// see <see cref="ClienteleException.RetryAfter"/>. The client never repeats a sign-in, because every attempt counts.
    /// </exception>
    public Task SignInAsync(string username, string password, CancellationToken cancellationToken = default) =>
        _connection.Session.BeginAsync(() => _connection.CreateTokenAsync(username, password, cancellationToken));

    /// <summary>Completes a sign-in that needs a second factor. The client never repeats it, because every attempt counts.</summary>
    /// <param name="challenge">The <see cref="ClienteleException.Challenge"/> of the exception, valid for five minutes.</param>
    /// <param name="code">A code of the authenticator app, or a recovery code.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>invalid_credentials</c> (401): the code is wrong, or the challenge has expired. <c>rate_limited</c> (429): too many failures.
    /// </exception>
    public Task SignInWithFactorAsync(string challenge, string code, CancellationToken cancellationToken = default) =>
        _connection.Session.BeginAsync(() => _connection.CreateTokenWithFactorAsync(challenge, code, cancellationToken));

    /// <summary>
    /// Confirms who is signed in, before a change that is otherwise refused with <c>step_up_required</c>. For the next five minutes all calls send the token
    /// that says so. The client never repeats it, because every attempt counts.
    /// </summary>
    /// <param name="request">The password, or a code if the account has a second factor.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400): the password or the code is wrong, or the account needs a code. <c>rate_limited</c> (429): too many failures.
    /// </exception>
    public Task StepUpAsync(StepUpRequest request, CancellationToken cancellationToken = default) =>
        _connection.Session.StepUpAsync(request, cancellationToken);

    /// <summary>
    /// Continues a session whose tokens come from elsewhere, for example from a server that signs its own visitors in. They are renewed with their refresh
    /// token, or by <see cref="ClienteleClientOptions.RenewTokens"/>.
    /// </summary>
    /// <param name="tokens">The tokens; null to forget those that the client has, without ending their session.</param>
    public Task UseTokensAsync(TokenPair? tokens) => _connection.Session.UseAsync(tokens);

    /// <summary>Signs out: ends the session on the service and forgets the tokens, even if the service cannot be reached.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    public Task SignOutAsync(CancellationToken cancellationToken = default) => _connection.Session.EndAsync(cancellationToken);

    /// <summary>Closes the client's own connections. The session does not end; another client can continue it.</summary>
    public void Dispose()
    {
        if (_isItsOwn)
        {
            _http.Dispose();
        }
    }

    // A new connection every few minutes picks up changes of the DNS name. The client owns its handler.
#pragma warning disable CA2000
    private static HttpClient Connect(Uri address) =>
        new(Connections())
        {
            BaseAddress = address,
            Timeout = Patience,
        };
#pragma warning restore CA2000

    internal static SocketsHttpHandler Connections() =>
        new() { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
}

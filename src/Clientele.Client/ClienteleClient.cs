namespace Clientele.Client;

/// <summary>
/// Everything the service can do, by noun. One client is one session: it holds the tokens of whoever signed in with it, renews
/// them in time, and may be used by any number of threads at once. Calls fail with <see cref="ClienteleException"/> where the
/// service refuses, and with <see cref="HttpRequestException"/> where it cannot be reached; transient failures are retried
/// first (see <see cref="ClienteleClientOptions"/>), without ever doing anything twice.
/// </summary>
public sealed class ClienteleClient : IDisposable
{
    private readonly Connection _connection;
    private readonly HttpClient _http;
    private readonly bool _isItsOwn;

    /// <summary>A client with connections of its own; dispose it to close them.</summary>
    /// <param name="address">The address of the service, such as <c>http://localhost:8000</c>.</param>
    /// <param name="options">How the client behaves; null for the defaults.</param>
    public ClienteleClient(Uri address, ClienteleClientOptions? options = null)
        : this(Connect(address), options) => _isItsOwn = true;

    /// <summary>A client over the given <see cref="HttpClient"/>, for instance one from an <c>IHttpClientFactory</c>.</summary>
    /// <param name="http">Its base address is the address of the service. It is not disposed with this client.</param>
    /// <param name="options">How the client behaves; null for the defaults.</param>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no base address.</exception>
    public ClienteleClient(HttpClient http, ClienteleClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        _connection = new Connection(http, options ?? new());
        Accounts = new AccountsClient(_connection);
        Customers = new CustomersClient(_connection);
        Addresses = new AddressesClient(_connection);
        Groups = new GroupsClient(_connection);
        Orders = new OrdersClient(_connection);
        Wishlists = new WishlistsClient(_connection);
        Reviews = new ReviewsClient(_connection);
        Loyalty = new LoyaltyClient(_connection);
        Privacy = new PrivacyClient(_connection);
        Analytics = new AnalyticsClient(_connection);
        Health = new HealthClient(_connection);
    }

    /// <summary>Registration, passwords, and tokens for those who handle them themselves.</summary>
    public AccountsClient Accounts { get; }

    /// <summary>Profiles and what happens to customers.</summary>
    public CustomersClient Customers { get; }

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

    /// <summary>What is held about a customer, and who changed it.</summary>
    public PrivacyClient Privacy { get; }

    /// <summary>The base in figures.</summary>
    public AnalyticsClient Analytics { get; }

    /// <summary>How the service is.</summary>
    public HealthClient Health { get; }

    /// <summary>The tokens of the session; null while nobody is signed in.</summary>
    public TokenPair? Tokens => _connection.Session.Tokens;

    /// <summary>Signs in. From here on calls carry the access token, which is renewed before it ends.</summary>
    /// <param name="username">The username or the e-mail address.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">
    /// <c>invalid_credentials</c> (401): no active account has this name and password. <c>rate_limited</c> (429): too many failures;
    /// see <see cref="ClienteleException.RetryAfter"/>. Signing in is never repeated by itself, for every try counts.
    /// </exception>
    public Task SignInAsync(string username, string password, CancellationToken cancellationToken = default) =>
        _connection.Session.BeginAsync(username, password, cancellationToken);

    /// <summary>Signs out: ends the session on the service and forgets the tokens, even where the service cannot be reached.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SignOutAsync(CancellationToken cancellationToken = default) => _connection.Session.EndAsync(cancellationToken);

    /// <summary>Closes the connections that are the client's own. The session stays, for another client to go on with.</summary>
    public void Dispose()
    {
        if (_isItsOwn)
        {
            _http.Dispose();
        }
    }

    // A new connection every few minutes notices when the name points to another machine. The client owns its handler.
#pragma warning disable CA2000
    private static HttpClient Connect(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = address };
#pragma warning restore CA2000
}

namespace Clientele.Client;

/// <summary>How a <see cref="ClienteleClient"/> behaves. The defaults suit most callers.</summary>
public sealed class ClienteleClientOptions
{
    /// <summary>
    /// How often a call is repeated after a transient failure: no connection, no response in time, 408, 429, 502, 503, 504, or a 409 because
    /// the first attempt is still running. 10 by default, which with the default delays is about half a minute: long enough for a restart of
    /// the service. If attempts get no response in time, their time-outs are added. 0 for never.
    /// </summary>
    public int MaxRetries { get; set; } = 10;

    /// <summary>
    /// The delay before the first retry. It doubles with each retry, up to <see cref="LongestRetryDelay"/>; a random part of up to a half is
    /// taken off. 200 ms by default.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest delay between two attempts. The client does not wait for a longer <c>Retry-After</c>: it throws the exception at once,
    /// with the value in it. 10 s by default.
    /// </summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long before its expiry an access token is renewed. 1 minute by default.</summary>
    public TimeSpan RefreshBefore { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A pair of tokens from an earlier run, to continue its session without signing in. None by default.</summary>
    public TokenPair? Tokens { get; set; }

    /// <summary>
    /// The API key (<c>clk_…</c>) of a system of the shop, which is sent while nobody is signed in. It needs no renewal. None by default.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Called with every new pair of tokens, and with null when the session has ended. The call that caused the change waits for it. Store
    /// the pair here to survive a restart: a refresh token is valid for one refresh only. None by default.
    /// </summary>
    public Func<TokenPair?, Task>? TokensChanged { get; set; }

    /// <summary>
    /// Called instead of <c>POST /api/auth/token/refresh/</c> with the pair that is about to expire, for programs whose refresh token is kept elsewhere: a web
    /// page, for example, whose server keeps it in a cookie that scripts cannot read. Returns the next pair, which needs no <see cref="TokenPair.Refresh"/>, or
    /// null if the session has ended. If it fails with <see cref="HttpRequestException"/>, the pair stays until it has expired. However many calls wait, it is
    /// called once; it should repeat its own request if the response is lost. None by default.
    /// </summary>
    /// <example>
    /// <code>
    /// var client = new ClienteleClient(address, new()
    /// {
    ///     RenewTokens = async (old, cancellationToken) =&gt; await myServer.NextTokensAsync(cancellationToken),
    /// });
    /// await client.UseTokensAsync(await myServer.SignInAsync(username, password));
    /// </code>
    /// </example>
    public Func<TokenPair, CancellationToken, Task<TokenPair?>>? RenewTokens { get; set; }

    /// <summary>The clock that decides when a token expires. The system's by default.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}

/// <summary>The tokens of a session, in a form that is easy to store.</summary>
public sealed record TokenPair
{
    /// <summary>The access token, for the header <c>Authorization: Bearer</c>.</summary>
    public required string Access { get; init; }

    /// <summary>
    /// The refresh token, valid for one refresh; null for an access token from elsewhere that cannot be renewed, or that
    /// <see cref="ClienteleClientOptions.RenewTokens"/> renews.
    /// </summary>
    public string? Refresh { get; init; }

    /// <summary>When the access token expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether the access token is one of <see cref="ClienteleClient.StepUpAsync"/>.</summary>
    internal bool IsSteppedUp { get; init; }
}

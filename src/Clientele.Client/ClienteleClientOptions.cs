namespace Clientele.Client;

/// <summary>How a <see cref="ClienteleClient"/> behaves. The defaults suit most callers.</summary>
public sealed class ClienteleClientOptions
{
    /// <summary>
    /// How often a call is repeated after a transient failure: no connection, 408, 429, 502, 503, 504, or a 409 because the first
    /// try is still running. 3 by default; 0 is never.
    /// </summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The pause before the first repetition; it doubles each time and is shortened at random by up to a half. 200 ms by default.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest pause between two tries. A <c>Retry-After</c> beyond it is not waited for: the exception comes at once and
    /// carries it. 10 s by default.
    /// </summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long before its end an access token is renewed. 1 minute by default.</summary>
    public TimeSpan RefreshBefore { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A pair of tokens kept from an earlier run, to go on without signing in. None by default.</summary>
    public TokenPair? Tokens { get; set; }

    /// <summary>
    /// Called with every new pair of tokens, and with null when the session has ended; awaited before the call that caused it
    /// goes on. Store the pair here to survive a restart: a refresh token is good for one refresh only. None by default.
    /// </summary>
    public Func<TokenPair?, Task>? TokensChanged { get; set; }

    /// <summary>The clock that says when a token ends. The system's by default.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}

/// <summary>The tokens of a session, in a shape that is easily stored.</summary>
public sealed record TokenPair
{
    /// <summary>The access token: goes into the header <c>Authorization: Bearer</c>.</summary>
    public required string Access { get; init; }

    /// <summary>The refresh token, good for one refresh; null for an access token that came from elsewhere and cannot be renewed.</summary>
    public string? Refresh { get; init; }

    /// <summary>When the access token ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

namespace Clientele.Client;

/// <summary>The tokens of one who is signed in: renewed before they end, once for however many calls want it.</summary>
internal sealed class Session(Connection connection, ClienteleClientOptions options)
{
    private readonly Lock _lock = new();
    private TokenPair? _tokens = options.Tokens;
    private Task<TokenPair?>? _renewing;
    private Task _told = Task.CompletedTask;

    public TokenPair? Tokens => Volatile.Read(ref _tokens);

    public async Task BeginAsync(string username, string password, CancellationToken cancellationToken)
    {
        var asked = options.Clock.GetUtcNow();
        Volatile.Write(ref _tokens, Pair(await connection.CreateTokenAsync(username, password, cancellationToken).ConfigureAwait(false), asked));
        await TellAsync().ConfigureAwait(false);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var ended = Interlocked.Exchange(ref _tokens, null);
        if (ended is null)
        {
            return;
        }

        await TellAsync().ConfigureAwait(false);
        if (ended.Refresh is { } refresh)
        {
            await connection.RevokeTokenAsync(refresh, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The service has ended the session.</summary>
    public Task ForgetAsync()
    {
        Volatile.Write(ref _tokens, null);
        return TellAsync();
    }

    /// <summary>Tokens that are good for a while yet; null while nobody is signed in.</summary>
    public async ValueTask<TokenPair?> CurrentAsync(CancellationToken cancellationToken)
    {
        var tokens = Tokens;
        if (tokens?.Refresh is null || options.Clock.GetUtcNow() < tokens.ExpiresAt - options.RefreshBefore)
        {
            return tokens;
        }

        try
        {
            return await RenewAsync(tokens, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or ClienteleException { Status: >= System.Net.HttpStatusCode.InternalServerError }
            && options.Clock.GetUtcNow() < tokens.ExpiresAt)
        {
            // What there is still serves; the next call tries again.
            return tokens;
        }
    }

    /// <summary>The pair after this one. Whoever asks while it is being fetched waits for the same answer.</summary>
    public Task<TokenPair?> RenewAsync(TokenPair stale, CancellationToken cancellationToken)
    {
        Task<TokenPair?> renewing;
        lock (_lock)
        {
            if (Tokens is not { Refresh: { } refresh } present || !ReferenceEquals(present, stale))
            {
                return Task.FromResult(Tokens);
            }

            // Not cancelled with the call that happens to be first: the token is spent by then, and others wait too.
            renewing = _renewing ??= Task.Run(() => FetchAsync(stale, refresh), CancellationToken.None);
        }

        return renewing.WaitAsync(cancellationToken);
    }

    private async Task<TokenPair?> FetchAsync(TokenPair stale, string refresh)
    {
        try
        {
            var asked = options.Clock.GetUtcNow();
            var next = Pair(await connection.RefreshTokenAsync(refresh, CancellationToken.None).ConfigureAwait(false), asked);
            await ReplaceAsync(stale, next).ConfigureAwait(false);
        }
        catch (ClienteleException refused) when (refused.Status == System.Net.HttpStatusCode.Unauthorized)
        {
            await ReplaceAsync(stale, null).ConfigureAwait(false);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _renewing = null;
            }
        }

        return Tokens;
    }

    /// <summary>Not where somebody has signed in or out meanwhile.</summary>
    private async Task ReplaceAsync(TokenPair stale, TokenPair? next)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _tokens, next, stale), stale))
        {
            await TellAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One at a time and always the latest, so that what was stored last is what holds.</summary>
    private Task TellAsync()
    {
        if (options.TokensChanged is not { } tell)
        {
            return Task.CompletedTask;
        }

        lock (_lock)
        {
            return _told = TellAfterAsync(_told, tell);
        }
    }

    private async Task TellAfterAsync(Task earlier, Func<TokenPair?, Task> tell)
    {
        // Out of the lock first; how the earlier one went is its own caller's business.
        await earlier.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        await tell(Tokens).ConfigureAwait(false);
    }

    private static TokenPair Pair(TokenResponse response, DateTimeOffset asked) => new()
    {
        Access = response.Access,
        Refresh = response.Refresh,
        ExpiresAt = asked.AddSeconds(response.ExpiresIn),
    };
}

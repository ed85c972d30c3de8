namespace Clientele.Client;

/// <summary>The tokens of the session. They are renewed before they expire, once for all calls that wait.</summary>
internal sealed class Session(Connection connection, ClienteleClientOptions options)
{
    private readonly Lock _lock = new();
    private TokenPair? _tokens = options.Tokens;

    /// <summary>The session's tokens with a stepped-up access token; null without one.</summary>
    private TokenPair? _steppedUp;
    private Task<TokenPair?>? _renewing;
    private Task _told = Task.CompletedTask;

    public TokenPair? Tokens => Volatile.Read(ref _tokens);

    public async Task BeginAsync(Func<Task<TokenResponse>> signInAsync)
    {
        var asked = options.Clock.GetUtcNow();
        await UseAsync(Pair(await signInAsync().ConfigureAwait(false), asked)).ConfigureAwait(false);
    }

    public Task UseAsync(TokenPair? tokens)
    {
        Volatile.Write(ref _tokens, tokens);
        Volatile.Write(ref _steppedUp, null);
        return TellAsync();
    }

    /// <summary>Whether there is a way to renew a pair.</summary>
    public bool CanRenew(TokenPair tokens) => tokens.Refresh is not null || options.RenewTokens is not null;

    /// <summary>Until it expires, calls send the stepped-up token.</summary>
    public async Task StepUpAsync(StepUpRequest request, CancellationToken cancellationToken)
    {
        var asked = options.Clock.GetUtcNow();
        var response = await connection.StepUpAsync(request, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _steppedUp, new TokenPair
        {
            Access = response.Access,
            Refresh = Tokens?.Refresh,
            ExpiresAt = asked.AddSeconds(response.ExpiresIn),
            IsSteppedUp = true,
        });
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var ended = Interlocked.Exchange(ref _tokens, null);
        Volatile.Write(ref _steppedUp, null);
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

    /// <summary>Called when the service has ended the session.</summary>
    public Task ForgetAsync() => UseAsync(null);

    /// <summary>Tokens that are still valid for a while; null while nobody is signed in.</summary>
    public async ValueTask<TokenPair?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _steppedUp) is { } steppedUp && options.Clock.GetUtcNow() < steppedUp.ExpiresAt)
        {
            return steppedUp;
        }

        var tokens = Tokens;
        if (tokens is null || !CanRenew(tokens) || options.Clock.GetUtcNow() < tokens.ExpiresAt - options.RefreshBefore)
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
            // The current token is still valid; the next call tries again.
            return tokens;
        }
    }

    /// <summary>Renews a pair of tokens. Calls that ask while the request is running wait for the same response.</summary>
    public Task<TokenPair?> RenewAsync(TokenPair stale, CancellationToken cancellationToken)
    {
        Task<TokenPair?> renewing;
        lock (_lock)
        {
            // A stepped-up token that the service refuses: the ordinary one is tried next.
            if (ReferenceEquals(_steppedUp, stale))
            {
                _steppedUp = null;
            }

            if (Tokens is not { } present || !CanRenew(present) || !ReferenceEquals(present, stale))
            {
                return Task.FromResult(Tokens);
            }

            // Not cancelled with the first caller: the token is spent by then, and others wait too.
            renewing = _renewing ??= Task.Run(() => FetchAsync(stale), CancellationToken.None);
        }

        return renewing.WaitAsync(cancellationToken);
    }

    private async Task<TokenPair?> FetchAsync(TokenPair stale)
    {
        try
        {
            var asked = options.Clock.GetUtcNow();
            var next = options.RenewTokens is { } renewAsync
                ? await renewAsync(stale, CancellationToken.None).ConfigureAwait(false)
                : Pair(await connection.RefreshTokenAsync(stale.Refresh!, CancellationToken.None).ConfigureAwait(false), asked);
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

    /// <summary>Does nothing if somebody has signed in or out in the meantime.</summary>
    private async Task ReplaceAsync(TokenPair stale, TokenPair? next)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _tokens, next, stale), stale))
        {
            await TellAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Calls the callback one at a time and always with the latest pair, so that the pair stored last is the valid one.</summary>
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
        // Leave the lock first. The caller of the earlier notification handles its failure.
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

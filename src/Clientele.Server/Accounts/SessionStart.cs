namespace Clientele.Server.Accounts;

/// <summary>Begins a session: by a password, by a second factor after it, or by a passkey. The console lets in staff only.</summary>
internal sealed class SessionStart(
    SignIn signIn, SignInChallenges challenges, PasskeySignIn passkeys, RefreshTokens tokens, Throttles throttles, RequestTransaction transaction)
{
    /// <summary>Begins a session by the password; the problem has a challenge if the account has a second factor.</summary>
    public async Task<Results<Ok<TokenResponse>, Problem>> ByPasswordAsync(TokenRequest request, bool staffOnly, CancellationToken cancellationToken)
    {
        var attempt = await signIn.CheckAsync(request.Username, request.Password, cancellationToken);
        return attempt.Problem is { } problem ? problem
            : staffOnly && !attempt.Account!.IsStaff ? await RefuseAsync(attempt, cancellationToken)
            : attempt.Account!.Factors.Count > 0 ? await challenges.CreateAsync(attempt, cancellationToken)
            : await BeginAsync(attempt, SignInMethod.Password, SignIn.Wrong, cancellationToken);
    }

    /// <summary>Begins the session of a challenge.</summary>
    public Task<Results<Ok<TokenResponse>, Problem>> ByFactorAsync(FactorTokenRequest request, bool staffOnly, CancellationToken cancellationToken) =>
        challenges.CompleteAsync(request, staffOnly, cancellationToken);

    /// <summary>Begins a session by a passkey.</summary>
    public async Task<Results<Ok<TokenResponse>, Problem>> ByPasskeyAsync(PasskeyTokenRequest request, bool staffOnly, CancellationToken cancellationToken)
    {
        var attempt = await passkeys.CheckAsync(request.Credential, cancellationToken);
        return attempt.Problem is { } problem ? problem
            : staffOnly && !attempt.Account!.IsStaff ? await RefuseAsync(attempt, cancellationToken)
            : await BeginAsync(attempt, SignInMethod.Passkey, PasskeySignIn.Wrong, cancellationToken);
    }

    /// <summary>The response to a customer at the door of the staff.</summary>
    public static Problem StaffOnly() =>
        new("forbidden", "The console is for the staff of the shop. This account is a customer's: sign in at the shop instead.");

    private Task<Results<Ok<TokenResponse>, Problem>> BeginAsync(
        SignIn.Attempt attempt, string method, Func<Problem> wrong, CancellationToken cancellationToken) =>
        transaction.RunAsync<Results<Ok<TokenResponse>, Problem>>(
            async () => await signIn.CompleteAsync(attempt, cancellationToken) ? TypedResults.Ok(tokens.Begin(attempt.Account!, method)) : wrong(),
            cancellationToken);

    /// <summary>The attempt was not a guess, so it does not count; the failures before it still do.</summary>
    private async Task<Problem> RefuseAsync(SignIn.Attempt attempt, CancellationToken cancellationToken)
    {
        Transaction kept = transaction;
        await kept.RunAsync(() => throttles.TakeBackAsync(attempt.Subject, attempt.Account!.IsAtHome, cancellationToken), cancellationToken);
        return StaffOnly();
    }
}

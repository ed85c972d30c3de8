namespace Clientele.Server.Accounts;

/// <summary>Signs in with a passkey. Every failure has the same response.</summary>
internal sealed class PasskeySignIn(Passkeys passkeys, SignIn signIn, Throttles throttles)
{
    public async Task<SignIn.Attempt> CheckAsync(PasskeyAssertion assertion, CancellationToken cancellationToken)
    {
        if (await throttles.TryPasskeyAsync(cancellationToken) is { } tooMany)
        {
            return Failed(tooMany);
        }

        // A passkey's attempts are not counted by account: nobody can guess a signature. So there is nothing to take back there, as at home.
        return await passkeys.FindOwnerAsync(assertion, cancellationToken) is { } id
            && await passkeys.VerifyAsync(id, assertion, cancellationToken)
            && await signIn.FindAsync(id, cancellationToken) is { IsActive: true } account
                ? new SignIn.Attempt($"passkeys of {id}", account with { IsAtHome = true }, null, null)
                : Failed(Wrong());
    }

    /// <summary>Records the sign-in in the transaction that begins the session. Returns false if the account has been deactivated or erased since.</summary>
    public async Task<bool> CompleteAsync(SignIn.Attempt attempt, CancellationToken cancellationToken)
    {
        await throttles.PasskeyAcceptedAsync(cancellationToken);
        return await signIn.CompleteAsync(attempt, cancellationToken);
    }

    public static Problem Wrong() => new("invalid_credentials", "No active account has this passkey, or its options were used or have expired.");

    private static SignIn.Attempt Failed(Problem problem) => new("", null, problem, null);
}

namespace Clientele.Server.Accounts;

/// <summary>Signs in with a passkey. Every failure has the same response.</summary>
internal sealed class PasskeySignIn(Passkeys passkeys, SignIn signIn, Throttles throttles)
{
    /// <summary>Counts the attempt like one with a password, but separately: somebody who guesses passwords uses up nothing here.</summary>
    public async Task<SignIn.Attempt> CheckAsync(PasskeyAssertion assertion, CancellationToken cancellationToken)
    {
        var id = await passkeys.FindOwnerAsync(assertion, cancellationToken);
        var account = await signIn.FindAsync(id ?? 0, cancellationToken);
        var attempt = new SignIn.Attempt($"passkeys of {id?.ToString(CultureInfo.InvariantCulture) ?? assertion.Response.UserHandle}", account, null, null);
        if (await throttles.TrySignInAsync(attempt.Subject, account is { IsAtHome: true }, cancellationToken) is { } tooMany)
        {
            return attempt with { Problem = tooMany };
        }

        return account is { IsActive: true } && await passkeys.VerifyAsync(account.CustomerId, assertion, cancellationToken)
            ? attempt
            : attempt with { Problem = Wrong() };
    }

    public static Problem Wrong() => new("invalid_credentials", "No active account has this passkey, or its options were used or have expired.");
}

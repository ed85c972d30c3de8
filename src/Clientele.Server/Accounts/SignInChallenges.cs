using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>
/// The second half of a sign-in: <c>customer.secret</c>, which the caller gets for the right password and sends back with a second factor. A challenge
/// is valid for five minutes, from the same network, until it has brought a pair of tokens.
/// </summary>
internal sealed class SignInChallenges(
    ClienteleDb db, RequestTransaction transaction, SignIn signIn, Throttles throttles, FactorProof proof, Passkeys passkeys, RefreshTokens tokens,
    TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private const int SecretBytes = 32;

    /// <summary>The response to a right password of an account with a second factor.</summary>
    public async Task<Problem> CreateAsync(SignIn.Attempt attempt, CancellationToken cancellationToken)
    {
        var (account, secret) = (attempt.Account!, RandomNumberGenerator.GetBytes(SecretBytes));

        // The challenge is stored although the response is a problem.
        Transaction kept = transaction;
        var exists = await kept.RunAsync(
            async () =>
            {
                // Not the whole count: otherwise somebody who knows the password could guess codes without end.
                await throttles.TakeBackAsync(attempt.Subject, account.IsAtHome, cancellationToken);
                if (await db.LockAsync<Customer>(account.CustomerId, cancellationToken) is not { IsActive: true })
                {
                    return false;
                }

                await signIn.RehashAsync(attempt, cancellationToken);
                db.Add(new SignInChallenge
                {
                    CustomerId = account.CustomerId,
                    ChallengeHash = SHA256.HashData(secret),
                    NetworkHash = account.Network,
                    SecurityVersion = account.SecurityVersion,
                    ExpiresAt = clock.Now() + Lifetime,
                });
                return true;
            },
            cancellationToken);
        return !exists ? SignIn.Wrong() : new Problem("factor_required", Problems.DetailOf("factor_required"))
        {
            Challenge = string.Create(CultureInfo.InvariantCulture, $"{account.CustomerId}.{Base64UrlEncoder.Encode(secret)}"),
            Factors = account.Factors,
        };
    }

    /// <summary>Begins the session if the caller has a second factor of the challenge's account, which may have to be of the staff.</summary>
    public async Task<Results<Ok<TokenResponse>, Problem>> CompleteAsync(FactorTokenRequest request, bool staffOnly, CancellationToken cancellationToken)
    {
        if (!RefreshTokens.TryParse(request.Challenge, out var id, out var secret)
            || await signIn.FindAsync(id, cancellationToken) is not { IsActive: true } account)
        {
            return Expired();
        }

        var hash = SHA256.HashData(secret);
        if (!await Valid(account, hash).AnyAsync(cancellationToken))
        {
            return Expired();
        }

        var subject = SignIn.Subject(id);
        if (await throttles.TrySignInAsync(subject, account.IsAtHome, cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        // It has a transaction of its own, which uses up the passkey's challenge.
        if (request.Assertion is { } assertion && !await passkeys.VerifyAsync(id, assertion, cancellationToken))
        {
            return PasskeySignIn.Wrong();
        }

        return await transaction.RunAsync<Results<Ok<TokenResponse>, Problem>>(
            async () => !await signIn.CompleteAsync(new(subject, account, null, null), cancellationToken)
                    || await Valid(account, hash).ExecuteDeleteAsync(cancellationToken) == 0 ? Expired()
                : request.Assertion is null && !await proof.UseAsync(id, request.Code, cancellationToken) ? Wrong()
                : staffOnly && !account.IsStaff ? SessionStart.StaffOnly()
                : TypedResults.Ok(tokens.Begin(account, SignInMethod.PasswordAndFactor)),
            cancellationToken);
    }

    private IQueryable<SignInChallenge> Valid(SignIn.Found account, byte[] hash)
    {
        var (id, network, version, now) = (account.CustomerId, account.Network, account.SecurityVersion, clock.Now());
        return db.SignInChallenges.Where(c =>
            c.CustomerId == id && c.ChallengeHash == hash && c.NetworkHash == network && c.SecurityVersion == version && c.ExpiresAt > now);
    }

    private static Problem Expired() => new("invalid_credentials", "The challenge is no longer valid here. Sign in again with the password.");

    private static Problem Wrong() =>
        new("invalid_credentials", "The code is wrong, or was used before. Send the next code of the authenticator app, or a recovery code.");
}

using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>Creates the access tokens for sensitive changes. Somebody with a stolen access token cannot get one.</summary>
internal sealed class StepUpTokens(
    CustomerWrites writes, AuditTrail audit, SignIn signIn, Passwords passwords, Throttles throttles, FactorProof proof, Passkeys passkeys,
    Sessions sessions, Caller caller)
{
    /// <summary>If the account has a second factor, the caller must prove it; otherwise the password is enough.</summary>
    public async Task<Results<Ok<StepUpResponse>, Problem>> CreateAsync(long id, StepUpRequest request, CancellationToken cancellationToken)
    {
        if (await signIn.FindAsync(id, cancellationToken) is not { } account)
        {
            return Problems.NotFound();
        }

        if (account.Factors.Count == 0)
        {
            return await WithPasswordAsync(account, request.Password, cancellationToken);
        }

        if (string.IsNullOrEmpty(request.Code) && request.Assertion is null)
        {
            return Problems.Invalid(
                "code", "Send a code of the authenticator app, a recovery code, or an assertion of a passkey. The password is not enough for this account.");
        }

        return await throttles.TrySignInAsync(SignIn.Subject(id), account.IsAtHome, cancellationToken) is { } tooMany
            ? tooMany
            : await WithFactorAsync(account, request, cancellationToken);
    }

    private async Task<Results<Ok<StepUpResponse>, Problem>> WithFactorAsync(
        SignIn.Found account, StepUpRequest request, CancellationToken cancellationToken)
    {
        if (request.Assertion is { } assertion)
        {
            // It has a transaction of its own, which uses up the passkey's challenge.
            return await passkeys.VerifyAsync(account.CustomerId, assertion, cancellationToken)
                ? await CreateAsync(account, () => Task.FromResult<Problem?>(null), cancellationToken)
                : Problems.Invalid("assertion", "The account does not have this passkey, or its options were used or have expired. Get new options.");
        }

        return await CreateAsync(
            account,
            async () => await proof.UseAsync(account.CustomerId, request.Code, cancellationToken)
                ? null
                : Problems.Invalid("code", "The code is wrong, or was used before. Send the next code of the authenticator app, or a recovery code."),
            cancellationToken);
    }

    private async Task<Results<Ok<StepUpResponse>, Problem>> WithPasswordAsync(
        SignIn.Found account, string? password, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(password))
        {
            return Problems.Invalid("password", "Send the password of the account. It has no second factor.");
        }

        using var place = passwords.TryEnter();
        if (place is null)
        {
            return Passwords.Busy();
        }

        var subject = SignIn.Subject(account.CustomerId);
        if (await place.PrepareAsync(() => throttles.TrySignInAsync(subject, account.IsAtHome, cancellationToken), cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        return await place.VerifyAsync(account.PasswordHash, password, cancellationToken) == PasswordVerificationResult.Failed
            ? Problems.Invalid("password", "This is not the current password.")
            : await CreateAsync(account, () => Task.FromResult<Problem?>(null), cancellationToken);
    }

    /// <summary>Creates the token unless there is a problem. It has the security version that was read first: a change of the password ends it.</summary>
    private Task<Results<Ok<StepUpResponse>, Problem>> CreateAsync(
        SignIn.Found account, Func<Task<Problem?>> refuseAsync, CancellationToken cancellationToken)
    {
        var id = account.CustomerId;
        return writes.RunAsync<Ok<StepUpResponse>>(
            new(TakeBackAsync),
            async _ =>
            {
                if (await refuseAsync() is { } problem)
                {
                    return problem;
                }

                audit.Record(id, AuditAction.SessionSteppedUp, AuditTrail.Resource("customer", id));
                return TypedResults.Ok(new StepUpResponse
                {
                    Access = sessions.AccessToken(id, account.SecurityVersion, account.IsStaff, caller.SessionId, isSteppedUp: true),
                    TokenType = "Bearer",
                    ExpiresIn = (int)sessions.StepUpLifetime.TotalSeconds,
                });
            },
            cancellationToken);

        async Task<long?> TakeBackAsync()
        {
            await throttles.SignedInAsync(SignIn.Subject(id), account.IsAtHome, cancellationToken);
            return id;
        }
    }
}

using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Checks the use of passkeys. The authenticator verifies its owner, so a passkey is as good as two factors.</summary>
internal sealed class Passkeys(
    ClienteleDb db, Transaction transaction, AuditTrail audit, PasskeyChallenges challenges, RelyingParty relyingParty, TimeProvider clock)
{
    /// <summary>The options to use a passkey, for a sign-in and for any other proof.</summary>
    public async Task<PasskeyRequestOptionsResponse> OptionsAsync(CancellationToken cancellationToken) => new()
    {
        Challenge = PasskeyJson.Text(await challenges.CreateAsync(PasskeyChallenges.Use, cancellationToken)),
        Timeout = (int)PasskeyChallenges.Lifetime.TotalMilliseconds,
        RpId = relyingParty.Domain,
        AllowCredentials = [],
        UserVerification = "required",
    };

    /// <summary>The passkeys of a customer, the oldest first.</summary>
    public static async Task<IReadOnlyList<PasskeyResponse>> ListAsync(ClienteleDb db, long customerId, CancellationToken cancellationToken) =>
        [.. (await db.Passkeys.Where(p => p.CustomerId == customerId).OrderBy(p => p.CreatedAt).ThenBy(p => p.Id).ToListAsync(cancellationToken))
            .Select(passkey => passkey.ToResponse())];

    /// <summary>Finds the account that the authenticator names; null if there is none.</summary>
    public async Task<long?> FindOwnerAsync(PasskeyAssertion assertion, CancellationToken cancellationToken) =>
        PasskeyJson.UuidOf(assertion.Response.UserHandle) is { } uuid
            ? await db.CustomerUuids.Where(u => u.Uuid == uuid).Select(u => (long?)u.CustomerId).SingleOrDefaultAsync(cancellationToken)
            : null;

    /// <summary>
    /// Whether the assertion proves that the customer has just used one of their passkeys. It has a transaction of its own, which uses up the challenge.
    /// It counts no attempt.
    /// </summary>
    public async Task<bool> VerifyAsync(long customerId, PasskeyAssertion assertion, CancellationToken cancellationToken)
    {
        if (PasskeyJson.Read(assertion) is not { } response
            || PasskeyJson.ChallengeOf(response.Response.ClientDataJson) is not { Length: > 0 } challenge
            || !await challenges.IsValidAsync(challenge, PasskeyChallenges.Use, cancellationToken))
        {
            return false;
        }

        var hash = SHA256.HashData(response.RawId);
        var passkey = await db.Passkeys.Where(p => p.CustomerId == customerId && p.CredentialHash == hash)
            .Select(p => new { p.Id, p.PublicKey }).SingleOrDefaultAsync(cancellationToken);
        if (passkey is null || await relyingParty.CheckAsync(response, challenge, passkey.PublicKey, cancellationToken) is not { } count)
        {
            return false;
        }

        var isUsed = false;
        await transaction.RunAsync(
            async () =>
            {
                // Also a refusal is committed: it uses up the challenge, and is audited.
                isUsed = await UseAsync(customerId, passkey.Id, challenge, count, cancellationToken);
            },
            cancellationToken);
        return isUsed;
    }

    private async Task<bool> UseAsync(long customerId, Guid id, byte[] challenge, long count, CancellationToken cancellationToken)
    {
        if (await db.LockAsync<Customer>(customerId, cancellationToken) is not { IsActive: true }
            || !await challenges.TryUseAsync(challenge, cancellationToken))
        {
            return false;
        }

        var now = clock.Now();
        var passkeys = db.Passkeys.Where(p => p.CustomerId == customerId && p.Id == id);
        if (await passkeys.Where(p => p.SignCount < count || (p.SignCount == 0 && count == 0))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.SignCount, count).SetProperty(p => p.LastUsedAt, now), cancellationToken) == 1)
        {
            return true;
        }

        // Two authenticators with the same private key: one of them is a copy. Or the passkey was deleted meanwhile.
        if (await passkeys.CountAsync(cancellationToken) == 1)
        {
            audit.Record(customerId, AuditAction.PasskeyCounterWentBack, ResourceOf(id));
        }

        return false;
    }

    public static string ResourceOf(Guid id) => $"passkey/{id}";
}

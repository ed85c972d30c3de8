namespace Clientele.Server.Accounts;

/// <summary>Decides whether a caller has a second factor of an account.</summary>
internal sealed class FactorProof(ClienteleDb db, AuthenticatorCodes authenticator, RecoveryCodes recovery, FactorNotices notices)
{
    /// <summary>
    /// Uses up a code of the authenticator app, or a recovery code. Returns false if it proves nothing; the caller then rolls the transaction back. A
    /// statement before has locked the customer's row.
    /// </summary>
    public async Task<bool> UseAsync(long id, string? code, CancellationToken cancellationToken)
    {
        var plain = string.Concat((code ?? "").Where(character => character is not ('-' or ' ')));
        if (AuthenticatorCodes.IsCode(plain))
        {
            return await authenticator.UseAsync(id, plain, cancellationToken);
        }

        if (plain.Length == 0 || !await recovery.UseAsync(id, plain, cancellationToken) || await db.LockAsync<Customer>(id, cancellationToken) is not { } owner)
        {
            return false;
        }

        await notices.AddAsync(owner, FactorNotices.RecoveryCodeUsed, resource: null, cancellationToken);
        return true;
    }
}

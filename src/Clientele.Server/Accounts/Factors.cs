namespace Clientele.Server.Accounts;

/// <summary>The second factors of an account: reads them, sets up the authenticator app, and removes it.</summary>
internal sealed class Factors(ClienteleDb db, CustomerWrites writes, FactorNotices notices, AuthenticatorCodes authenticator, RecoveryCodes recovery)
{
    public async Task<FactorsResponse> ReadAsync(long id, CancellationToken cancellationToken) => new()
    {
        Totp = await db.TotpSecrets.Where(t => t.CustomerId == id && t.EnabledAt != null)
            .Select(t => new TotpResponse { EnabledAt = t.EnabledAt!.Value }).SingleOrDefaultAsync(cancellationToken),
        Passkeys = await Passkeys.ListAsync(db, id, cancellationToken),
        RecoveryCodesLeft = await db.RecoveryCodes.CountAsync(c => c.CustomerId == id, cancellationToken),
    };

    /// <summary>Whether the account has any second factor.</summary>
    public Task<bool> ExistAsync(long id, CancellationToken cancellationToken) =>
        db.Accounts.AnyAsync(
            a => a.CustomerId == id
                && (db.TotpSecrets.Any(t => t.CustomerId == id && t.EnabledAt != null) || db.Passkeys.Any(p => p.CustomerId == id)),
            cancellationToken);

    /// <summary>Creates a secret for an authenticator app. It counts only once a code confirms it, so a half-finished setup locks nobody out.</summary>
    public Task<Results<Ok<TotpSetupResponse>, Problem>> SetUpTotpAsync(long id, CancellationToken cancellationToken) =>
        writes.RunAsync<Ok<TotpSetupResponse>>(
            new(id) { IsAudited = false },
            async customer => await authenticator.CreateAsync(customer, cancellationToken) is { } setup
                ? TypedResults.Ok(setup)
                : new Problem("conflict", "An authenticator app is already on. Remove it first: DELETE /api/auth/factors/totp/."),
            cancellationToken);

    public Task<Results<Ok<RecoveryCodesResponse>, Problem>> ConfirmTotpAsync(long id, string code, CancellationToken cancellationToken) =>
        writes.RunAsync<Ok<RecoveryCodesResponse>>(
            new(id),
            async customer =>
            {
                switch (await authenticator.EnableAsync(id, code, cancellationToken))
                {
                    case null:
                        return new Problem("conflict", "No authenticator app waits for its first code. Begin with POST /api/auth/factors/totp/.");
                    case false:
                        return Problems.Invalid("code", "This is not the app's current code. Check that the clock of the device is right.");
                }

                await notices.AddAsync(customer, FactorNotices.TotpEnabled, resource: null, cancellationToken);
                return TypedResults.Ok(new RecoveryCodesResponse { RecoveryCodes = await recovery.CreateAsync(id, cancellationToken) });
            },
            cancellationToken);

    public Task<Results<NoContent, Problem>> RemoveTotpAsync(long id, CancellationToken cancellationToken) => writes.RunAsync<NoContent>(
        new(id),
        async customer =>
        {
            // A setup that no code has confirmed was never a factor.
            await db.TotpSecrets.Where(t => t.CustomerId == id && t.EnabledAt == null).ExecuteDeleteAsync(cancellationToken);
            if (await db.TotpSecrets.Where(t => t.CustomerId == id).ExecuteDeleteAsync(cancellationToken) == 1)
            {
                await recovery.RemoveUnneededAsync(id, cancellationToken);
                await notices.AddAsync(customer, FactorNotices.TotpRemoved, resource: null, cancellationToken);
            }

            return TypedResults.NoContent();
        },
        cancellationToken);

    /// <summary>Removes all factors. Returns whether there were any. The customer's row must be locked.</summary>
    public async Task<bool> RemoveAllAsync(Customer owner, CancellationToken cancellationToken)
    {
        var id = owner.Id;
        var removed = await db.TotpSecrets.Where(t => t.CustomerId == id).ExecuteDeleteAsync(cancellationToken)
            + await db.Passkeys.Where(p => p.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        if (removed == 0)
        {
            return false;
        }

        await recovery.RemoveUnneededAsync(id, cancellationToken);
        await notices.AddAsync(owner, FactorNotices.Reset, resource: null, cancellationToken);
        return true;
    }
}

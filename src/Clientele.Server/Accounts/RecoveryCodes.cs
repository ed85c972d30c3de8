namespace Clientele.Server.Accounts;

/// <summary>Recovery codes: each replaces the authenticator app or a passkey once. Only their hashes are stored.</summary>
internal sealed class RecoveryCodes(ClienteleDb db, ServerKeys keys)
{
    public const int Count = 10;

    /// <summary>Without i, l, o and u, which are easily misread. Twelve characters have 60 random bits.</summary>
    private const string Characters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 12;

    /// <summary>Replaces the customer's codes by new ones, in the form in which people read them. The customer's row must be locked.</summary>
    public async Task<IReadOnlyList<string>> CreateAsync(long id, CancellationToken cancellationToken)
    {
        await RemoveAsync(id, cancellationToken);
        var codes = new List<string>();
        while (codes.Count < Count)
        {
            var code = RandomNumberGenerator.GetString(Characters, Length);
            db.Add(new RecoveryCode { CustomerId = id, CodeHash = await HashAsync(id, code, cancellationToken) });
            codes.Add($"{code[..4]}-{code[4..8]}-{code[8..]}");
        }

        return codes;
    }

    /// <summary>Uses up a code. Returns false if it is wrong or was used before.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="code">The code without blanks and dashes.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    public async Task<bool> UseAsync(long id, string code, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(id, code, cancellationToken);
        return await db.RecoveryCodes.Where(c => c.CustomerId == id && c.CodeHash == hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <summary>Creates codes if the customer has none: for the first factor. The customer's row must be locked.</summary>
    public async Task<IReadOnlyList<string>> CreateMissingAsync(long id, CancellationToken cancellationToken) =>
        await db.RecoveryCodes.AnyAsync(c => c.CustomerId == id, cancellationToken) ? [] : await CreateAsync(id, cancellationToken);

    /// <summary>
    /// Removes the codes if no factor is left that they could replace. An app that no code has confirmed is no factor. The customer's row must be locked.
    /// </summary>
    public Task<int> RemoveUnneededAsync(long id, CancellationToken cancellationToken) =>
        db.RecoveryCodes.Where(c => c.CustomerId == id
            && !db.TotpSecrets.Any(t => t.CustomerId == id && t.EnabledAt != null)
            && !db.Passkeys.Any(p => p.CustomerId == id))
            .ExecuteDeleteAsync(cancellationToken);

    private Task<int> RemoveAsync(long id, CancellationToken cancellationToken) =>
        db.RecoveryCodes.Where(c => c.CustomerId == id).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Reads letters as they were meant: in any case, and with those that look like a digit.</summary>
    private ValueTask<byte[]> HashAsync(long id, string code, CancellationToken cancellationToken)
    {
        var meant = string.Concat(code.Select(letter => char.ToLowerInvariant(letter) switch
        {
            'o' => '0',
            'i' or 'l' => '1',
            var same => same,
        }));
        return keys.HashAsync($"recovery code {id} {meant}", cancellationToken);
    }
}

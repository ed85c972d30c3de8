using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>Checks a name and a password. An unknown name takes as long as a known one, and every failure has the same response.</summary>
internal sealed class SignIn(
    ClienteleDb db, Passwords passwords, Throttles throttles, KnownNetworks networks, KnownClients clients, SegmentQueue queue, TimeProvider clock)
{
    public async Task<Attempt> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        using var place = passwords.TryEnter();
        if (place is null)
        {
            return new Attempt("", null, Passwords.Busy(), null);
        }

        var attempt = await place.PrepareAsync(() => CountAsync(name, cancellationToken), cancellationToken);
        if (attempt.Problem is not null)
        {
            return attempt;
        }

        var verified = await place.VerifyAsync(attempt.Account?.PasswordHash, password, cancellationToken);
        if (verified == PasswordVerificationResult.Failed || attempt.Account is not { IsActive: true })
        {
            return attempt with { Problem = Wrong() };
        }

        return verified == PasswordVerificationResult.SuccessRehashNeeded
            ? attempt with { Rehashed = await place.HashAsync(password, cancellationToken) }
            : attempt;
    }

    /// <summary>Records the sign-in in the transaction that begins the session. Returns false if the account has been deactivated or erased since.</summary>
    public async Task<bool> CompleteAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var (id, now) = (attempt.Account!.CustomerId, clock.Now());
        await throttles.SignedInAsync(attempt.Subject, attempt.Account.IsAtHome, cancellationToken);
        if (await db.Customers.Where(c => c.Id == id && c.IsActive).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastLogin, now), cancellationToken) == 0)
        {
            return false;
        }

        await networks.RememberAsync(id, attempt.Account.Network, attempt.Account.NetworkSeenAt, cancellationToken);
        await clients.RememberAsync(attempt.Account, cancellationToken);
        await queue.TouchAsync(db, id, Facets.LastLogin, cancellationToken);
        await RehashAsync(attempt, cancellationToken);
        return true;
    }

    /// <summary>Stores the new hash of an outdated one. Does nothing if the password has changed since it was read.</summary>
    public async Task RehashAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        if (attempt is { Rehashed: { } hash, Account: { CustomerId: var id, SecurityVersion: var version } })
        {
            await db.Accounts.Where(a => a.CustomerId == id && a.SecurityVersion == version)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash), cancellationToken);
        }
    }

    /// <summary>
    /// Reads the account, and in the same statement its second factors, and whether its owner has signed in from the caller's network and with their client.
    /// </summary>
    public async Task<Found?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var (network, client) = (await networks.HashAsync(id, cancellationToken), await clients.HashAsync(id, cancellationToken));
        var found = await db.Accounts.Where(a => a.CustomerId == id)
            .Join(db.Customers.Where(c => c.Id == id), a => a.CustomerId, c => c.Id, (a, c) =>
                new Found(id, a.PasswordHash, a.SecurityVersion, c.IsActive, c.IsStaff, network)
                {
                    NetworkSeenAt = db.KnownNetworks.Where(n => n.CustomerId == id && n.NetworkHash == network).Max(n => (DateTime?)n.LastSeenAt),
                    Client = client,
                    ClientSeenAt = db.KnownClients.Where(k => k.CustomerId == id && k.ClientHash == client).Max(k => (DateTime?)k.LastSeenAt),
                    HasSignedIn = c.LastLogin != null,
                    HasTotp = db.TotpSecrets.Any(t => t.CustomerId == id && t.EnabledAt != null),
                    HasPasskey = db.Passkeys.Any(p => p.CustomerId == id),
                })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : found with { IsAtHome = networks.IsKnown(found.NetworkSeenAt) };
    }

    /// <summary>Finds the account and counts the attempt. The result has a problem if there were too many.</summary>
    private async Task<Attempt> CountAsync(string name, CancellationToken cancellationToken)
    {
        var id = await LoginNames.FindAsync(db, name, cancellationToken);

        // This also queries for unknown names, so that the response time does not reveal whether an account exists.
        var account = await FindAsync(id ?? 0, cancellationToken);

        // An account is counted by its id, so that attempts with its username and with its e-mail count together.
        var subject = account is null ? $"name {AccountNames.Key(name)}" : Subject(account.CustomerId);
        return new Attempt(subject, account, await throttles.TrySignInAsync(subject, account is { IsAtHome: true }, cancellationToken), null);
    }

    public static Problem Wrong() => new("invalid_credentials", "No active account has this name and password.");

    public static string Subject(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <param name="Network">The hash of the caller's network.</param>
    internal sealed record Found(long CustomerId, string PasswordHash, int SecurityVersion, bool IsActive, bool IsStaff, byte[] Network)
    {
        public required DateTime? NetworkSeenAt { get; init; }

        /// <summary>The hash of the caller's client.</summary>
        public required byte[] Client { get; init; }

        public required DateTime? ClientSeenAt { get; init; }

        /// <summary>Whether the owner has ever signed in.</summary>
        public required bool HasSignedIn { get; init; }

        public required bool HasTotp { get; init; }

        public required bool HasPasskey { get; init; }

        /// <summary>The kinds of second factors, one of which a sign-in needs; empty if the password is enough.</summary>
        public IReadOnlyList<string> Factors => (HasTotp, HasPasskey) switch
        {
            (false, false) => [],
            (true, false) => [FactorKind.Totp, FactorKind.RecoveryCode],
            (false, true) => [FactorKind.Passkey, FactorKind.RecoveryCode],
            _ => [FactorKind.Totp, FactorKind.Passkey, FactorKind.RecoveryCode],
        };

        /// <summary>Whether the owner has recently signed in from the caller's network.</summary>
        public bool IsAtHome { get; init; }
    }

    internal sealed record Attempt(string Subject, Found? Account, Problem? Problem, string? Rehashed);
}

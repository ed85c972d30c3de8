using System.Globalization;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Accounts;

/// <summary>Holds a name and a password against the accounts: one hash and one answer, whatever is wrong.</summary>
internal sealed class SignIn(ClienteleDb db, Passwords passwords, Throttles throttles, SegmentQueue queue, TimeProvider clock)
{
    public async Task<Attempt> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var key = TextFolding.NameKey(name);
        var id = await db.LoginNames.Where(n => n.Name == key).Select(n => (long?)n.CustomerId).SingleOrDefaultAsync(cancellationToken);

        // Asked for a stranger too, so that it takes no longer to be somebody.
        var account = await FindAsync(id ?? 0, cancellationToken);

        // An account is counted under its number, so that its username and its e-mail are one.
        var subject = account is null ? $"name {key}" : Subject(account.CustomerId);
        if (await throttles.TrySignInAsync(subject, cancellationToken) is { } tooMany)
        {
            return new Attempt(subject, account, tooMany, null);
        }

        var verified = await passwords.VerifyAsync(account?.PasswordHash, password, cancellationToken);
        if (verified == PasswordVerificationResult.Failed || account is not { IsActive: true })
        {
            return new Attempt(subject, account, Wrong(), null);
        }

        var rehashed = verified == PasswordVerificationResult.SuccessRehashNeeded ? await passwords.HashAsync(password, cancellationToken) : null;
        return new Attempt(subject, account, null, rehashed);
    }

    /// <summary>Notes the login, in the transaction that begins the session. False where the account has ended meanwhile.</summary>
    public async Task<bool> CompleteAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var (id, version, now) = (attempt.Account!.CustomerId, attempt.Account.SecurityVersion, clock.Now());
        await throttles.SignedInAsync(attempt.Subject, cancellationToken);
        if (await db.Customers.Where(c => c.Id == id && c.IsActive).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastLogin, now), cancellationToken) == 0)
        {
            return false;
        }

        await queue.TouchAsync(db, id, Facets.LastLogin, cancellationToken);
        if (attempt.Rehashed is { } hash)
        {
            // Not where the password has changed since it was read.
            await db.Accounts.Where(a => a.CustomerId == id && a.SecurityVersion == version)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash), cancellationToken);
        }

        return true;
    }

    public Task<Found?> FindAsync(long id, CancellationToken cancellationToken) =>
        db.Accounts.Where(a => a.CustomerId == id)
            .Join(db.Customers.Where(c => c.Id == id), a => a.CustomerId, c => c.Id, (a, c) => new Found(a.CustomerId, a.PasswordHash, a.SecurityVersion, c.IsActive, c.IsStaff))
            .SingleOrDefaultAsync(cancellationToken);

    public static Problem Wrong() => new("invalid_credentials", "No active account has this name and password.");

    public static string Subject(long id) => id.ToString(CultureInfo.InvariantCulture);

    internal sealed record Found(long CustomerId, string PasswordHash, int SecurityVersion, bool IsActive, bool IsStaff);

    internal sealed record Attempt(string Subject, Found? Account, Problem? Problem, string? Rehashed);
}

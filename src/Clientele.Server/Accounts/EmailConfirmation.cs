using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>
/// Confirms that a change of the e-mail comes from the account's owner, by the current password or a step-up. It runs before the change's transaction,
/// because a hash takes long.
/// </summary>
internal sealed class EmailConfirmation(
    ClienteleDb db, Transaction transaction, StepUp stepUp, SignIn signIn, Passwords passwords, Throttles throttles, Caller caller)
{
    private const string Member = "current_password";

    public static Problem Missing() => Problems.Invalid(Member, "Send your current password to change the e-mail, or step up first.");

    /// <summary>Checks the password if the e-mail would change. Returns whether the change is confirmed.</summary>
    public async Task<(bool IsConfirmed, Problem? Refused)> CheckAsync(long id, string email, string? password, CancellationToken cancellationToken)
    {
        var stored = await db.Customers.Where(c => c.Id == id).Select(c => new { c.Email, c.PendingEmail }).SingleOrDefaultAsync(cancellationToken);
        if (stored is null || !AccountNames.IsEmail(AccountNames.Tidy(email)) || !EmailChanges.IsNew(stored.Email, stored.PendingEmail, email))
        {
            return (false, null);
        }

        if (await stepUp.RequireAsync(cancellationToken) is { } needed)
        {
            return (false, needed);
        }

        var refused = caller.IsSteppedUp ? null : string.IsNullOrEmpty(password) ? Missing() : await VerifyAsync(id, password, cancellationToken);
        return (refused is null, refused);
    }

    /// <summary>A wrong password counts as a failed sign-in.</summary>
    private async Task<Problem?> VerifyAsync(long id, string password, CancellationToken cancellationToken)
    {
        using var place = passwords.TryEnter();
        if (place is null)
        {
            return Passwords.Busy();
        }

        if (await signIn.FindAsync(id, cancellationToken) is not { } account)
        {
            return Problems.NotFound();
        }

        var subject = SignIn.Subject(id);
        if (await place.PrepareAsync(() => throttles.TrySignInAsync(subject, account.IsAtHome, cancellationToken), cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        if (await place.VerifyAsync(account.PasswordHash, password, cancellationToken) == PasswordVerificationResult.Failed)
        {
            return Problems.Invalid(Member, "This is not the current password.");
        }

        await transaction.RunAsync(() => throttles.SignedInAsync(subject, account.IsAtHome, cancellationToken), cancellationToken);
        return null;
    }
}

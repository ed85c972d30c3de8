using Clientele.Server.Messages;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>Changes a password and ends every session.</summary>
internal sealed class PasswordChange(
    ClienteleDb db,
    CustomerWrites writes,
    AuditTrail audit,
    Outbox outbox,
    SignIn signIn,
    Passwords passwords,
    Throttles throttles,
    IOptions<PasswordPolicy> policy)
{
    public async Task<Results<Ok<MessageResponse>, Problem>> ChangeAsync(
        long id, ChangePasswordRequest request, Errors errors, CancellationToken cancellationToken)
    {
        var owner = await db.Customers.Where(c => c.Id == id).Select(c => new { c.Username, c.Email, c.FirstName, c.LastName, c.IsStaff })
            .SingleOrDefaultAsync(cancellationToken);
        var account = await signIn.FindAsync(id, cancellationToken);
        if (owner is null || account is null)
        {
            return Problems.NotFound();
        }

        string?[] context = [owner.Username, owner.Email, owner.FirstName, owner.LastName];
        Check(request.NewPassword, request.NewPassword2, "new_password", "new_password2", owner.IsStaff, context, policy.Value, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        using var place = passwords.TryEnter();
        if (place is null)
        {
            return Passwords.Busy();
        }

        if (await place.PrepareAsync(() => throttles.TrySignInAsync(SignIn.Subject(id), account.IsAtHome, cancellationToken), cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        var verified = await place.VerifyAsync(account.PasswordHash, request.OldPassword, cancellationToken);
        if (verified == PasswordVerificationResult.Failed)
        {
            return Problems.Invalid("old_password", "This is not the current password.");
        }

        var hash = await place.HashAsync(request.NewPassword, cancellationToken);
        return await StoreAsync(account, hash, cancellationToken);
    }

    public static void Check(
        string password, string again, string member, string memberAgain, bool staff, string?[] context, PasswordPolicy policy, Errors errors)
    {
        if (errors.Has(member) || errors.Has(memberAgain))
        {
            return;
        }

        foreach (var complaint in PasswordRules.Check(password, staff, context, policy))
        {
            errors.Add(member, complaint);
        }

        if (password != again)
        {
            errors.Add(memberAgain, "The two passwords are different.");
        }
    }

    private Task<Results<Ok<MessageResponse>, Problem>> StoreAsync(SignIn.Found account, string hash, CancellationToken cancellationToken)
    {
        var id = account.CustomerId;
        return writes.RunAsync<Ok<MessageResponse>>(
            new(TakeBackAsync),
            async customer =>
            {
                // Of two simultaneous changes one wins. The other one was checked against a password that is no longer current.
                if (await SetAsync(db, id, account.SecurityVersion, hash, cancellationToken) == 0)
                {
                    return Problems.Invalid("old_password", "This is not the current password.");
                }

                audit.Record(id, AuditAction.AccountPasswordChanged, AuditTrail.Resource("customer", id));
                await outbox.NotifyAsync(customer, Template.PasswordChanged, [], cancellationToken);
                return TypedResults.Ok(new MessageResponse
                {
                    Message = "Password changed.",
                    Detail = "All sessions have ended; sign in with the new password.",
                });
            },
            cancellationToken);

        async Task<long?> TakeBackAsync()
        {
            await throttles.SignedInAsync(SignIn.Subject(id), account.IsAtHome, cancellationToken);
            return id;
        }
    }

    /// <summary>Sets the hash and ends all sessions by increasing the security version.</summary>
    public static async Task<int> SetAsync(ClienteleDb db, long id, int version, string hash, CancellationToken cancellationToken)
    {
        var changed = await db.Accounts.Where(a => a.CustomerId == id && a.SecurityVersion == version).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.PasswordHash, hash).SetProperty(a => a.SecurityVersion, a => a.SecurityVersion + 1), cancellationToken);
        if (changed == 1)
        {
            await OpenSessions.DeleteAllAsync(db, id, except: null, cancellationToken);
        }

        return changed;
    }

    /// <summary>Ends all sessions of the account.</summary>
    public static async Task EndSessionsAsync(ClienteleDb db, long id, CancellationToken cancellationToken)
    {
        await db.Accounts.Where(a => a.CustomerId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.SecurityVersion, a => a.SecurityVersion + 1), cancellationToken);
        await OpenSessions.DeleteAllAsync(db, id, except: null, cancellationToken);
    }
}

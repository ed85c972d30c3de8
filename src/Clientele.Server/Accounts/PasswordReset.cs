using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Sets a new password for somebody who can read the account's mail.</summary>
internal sealed class PasswordReset(
    ClienteleDb db,
    CustomerWrites writes,
    Transaction transaction,
    AuditTrail audit,
    Proofs proofs,
    ResetMails mails,
    Outbox outbox,
    Passwords passwords,
    Throttles throttles,
    Sessions sessions,
    TimeProvider clock,
    IOptions<PasswordPolicy> policy)
{
    /// <summary>
    /// Stores the request, and does exactly the same for every name. <see cref="ResetMails"/> writes the mail after the response, so that neither the
    /// response nor its time reveals whether there is an account.
    /// </summary>
    public async Task<Results<Accepted<CodeSentResponse>, Problem>> AskAsync(string name, CancellationToken cancellationToken)
    {
        if (await throttles.TryResetAsync(cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        var id = await LoginNames.FindAsync(db, name, cancellationToken);
        var request = new ResetRequest { Id = Guid.CreateVersion7(), SubjectId = id ?? 0, CreatedAt = clock.Now() };
        await transaction.RunAsync(
            () =>
            {
                db.Add(request);
                return Task.CompletedTask;
            },
            cancellationToken);
        mails.Add(request.Id);
        return TypedResults.Accepted((string?)null, new CodeSentResponse
        {
            Message = "If there is an account with this name, a mail with a code and a link is on its way.",
            ExpiresIn = (int)Proofs.CodeLifetime.TotalSeconds,
        });
    }

    public async Task<Results<Ok<MessageResponse>, Problem>> ConfirmAsync(ConfirmResetRequest request, Errors errors, CancellationToken cancellationToken)
    {
        var hasToken = !string.IsNullOrEmpty(request.Token);
        var hasCode = !string.IsNullOrEmpty(request.Username) && !string.IsNullOrEmpty(request.Code);
        errors.Require(hasToken || hasCode, "token", "Send the token of the link, or username and code.");
        Check(request, staff: false, [], errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        using var place = passwords.TryEnter();
        if (place is null)
        {
            return Passwords.Busy();
        }

        var (subject, proof, refused) = await place.PrepareAsync(() => FindAsync(request, hasToken, cancellationToken), cancellationToken);
        if (refused is not null || proof is not { } found)
        {
            return refused ?? Wrong(hasToken);
        }

        // Only now: these rules depend on the account's names, which a stranger must not be able to guess with them.
        var owner = await db.Customers.Where(c => c.Id == subject.CustomerId)
            .Select(c => new { c.Username, c.Email, c.FirstName, c.LastName, c.IsStaff }).SingleOrDefaultAsync(cancellationToken);
        Check(request, owner?.IsStaff == true, [owner?.Username, owner?.Email, owner?.FirstName, owner?.LastName], errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var hash = await place.HashAsync(request.NewPassword, cancellationToken);
        var result = await StoreAsync(subject, found, hash, hasToken, cancellationToken);
        sessions.Forget(subject.CustomerId);
        return result;
    }

    private static Problem Wrong(bool hasToken) => hasToken ? Verification.WrongLink() : Verification.WrongCode();

    private void Check(ConfirmResetRequest request, bool staff, string?[] context, Errors errors) =>
        PasswordChange.Check(request.NewPassword, request.NewPassword2, "new_password", "new_password2", staff, context, policy.Value, errors);

    /// <summary>Finds the proof of a token or code. An unknown name takes the same statements as a known one.</summary>
    private async Task<(ProofSubject Subject, Guid? Proof, Problem? Refused)> FindAsync(
        ConfirmResetRequest request, bool hasToken, CancellationToken cancellationToken)
    {
        var id = hasToken ? LinkToken.CustomerOf(request.Token!) : await LoginNames.FindAsync(db, request.Username!, cancellationToken);
        var subject = await ProofSubject.FindAsync(db, id ?? 0, ProofPurpose.ResetPassword, cancellationToken);
        if (hasToken)
        {
            return (subject, await proofs.FindLinkAsync(subject, request.Token!, cancellationToken), null);
        }

        var (proof, refused) = await proofs.TryCodeAsync(subject, request.Code!, cancellationToken);
        return (subject, proof, refused);
    }

    private Task<Results<Ok<MessageResponse>, Problem>> StoreAsync(
        ProofSubject subject, Guid proof, string hash, bool hasToken, CancellationToken cancellationToken)
    {
        var id = subject.CustomerId;
        return writes.RunAsync<Ok<MessageResponse>>(
            new(TakeBackAsync) { Missing = Wrong(hasToken) },
            async customer =>
            {
                // Of two simultaneous resets one wins: the other one's proof is used, and its version is no longer current.
                if (!customer.IsActive || customer.Email != subject.Address || !await proofs.UseAsync(subject, proof, cancellationToken)
                    || await PasswordChange.SetAsync(db, id, subject.SecurityVersion, hash, cancellationToken) == 0)
                {
                    return Wrong(hasToken);
                }

                // Somebody who resets a password has read a mail to this address. The pending one may be from a person who knew the old password.
                (customer.IsVerified, customer.PendingEmail) = (true, null);
                writes.Record(customer, AuditAction.EmailVerified);
                audit.Record(id, AuditAction.PasswordReset, AuditTrail.Resource("customer", id));
                await outbox.NotifyAsync(customer, Template.PasswordChanged, [], cancellationToken);
                return TypedResults.Ok(new MessageResponse
                {
                    Message = "Password set.",
                    Detail = "All sessions have ended; sign in with the new password.",
                });
            },
            cancellationToken);

        async Task<long?> TakeBackAsync()
        {
            await throttles.ForgiveAsync(SignIn.Subject(id), isCode: !hasToken, cancellationToken);
            return id;
        }
    }
}

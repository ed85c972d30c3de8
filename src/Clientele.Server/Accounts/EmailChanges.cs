using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>
/// Changes of an e-mail address. An owner's new address waits as the pending one until it is proven. The old address gets a link that undoes the
/// change, and stays claimed while the link is valid. An admin's change of another account takes effect at once, and is final.
/// </summary>
internal sealed class EmailChanges(
    ClienteleDb db, CustomerWrites writes, AuditTrail audit, Proofs proofs, VerificationMails mails, Outbox outbox, Links links, ServerKeys keys,
    StepUp stepUp, TimeProvider clock)
{
    public static readonly TimeSpan UndoLifetime = TimeSpan.FromDays(7);

    /// <summary>Whether an address is neither the current nor the pending one. Another spelling of the same address is not new.</summary>
    public static bool IsNew(string email, string? pendingEmail, string wanted)
    {
        var key = AccountNames.Key(wanted);
        return key != AccountNames.Key(email) && (pendingEmail is null || key != AccountNames.Key(pendingEmail));
    }

    /// <summary>Applies the e-mail of a PUT or PATCH to the locked customer. An owner's new e-mail leaves the request, because it has to wait.</summary>
    public async Task<Problem?> ApplyAsync(
        Customer customer, UpdateCustomerRequest request, bool byOwner, bool isConfirmed, CancellationToken cancellationToken)
    {
        var isSame = AccountNames.Key(request.Email) == AccountNames.Key(customer.Email);
        if (!byOwner && !isSame && customer.IsStaff && await stepUp.RequireAsync(cancellationToken) is { } needed)
        {
            // Somebody with a stolen token could otherwise reset the password of another admin by mail, and step up as that admin.
            return needed;
        }

        if (isSame || !byOwner)
        {
            return await MoveAsync(customer, request.Email, heldUntil: null, cancellationToken)
                ?? (isSame ? null : await SettleAsync(customer, request.Email, cancellationToken));
        }

        var wanted = request.Email;
        request.Email = customer.Email;
        return !IsNew(customer.Email, customer.PendingEmail, wanted) ? null
            : !isConfirmed ? EmailConfirmation.Missing()
            : await RequestAsync(customer, wanted, cancellationToken);
    }

    /// <summary>The locked customer has proven the pending address, or the current one if none is pending.</summary>
    public async Task<Problem?> ProveAsync(Customer customer, CancellationToken cancellationToken)
    {
        if (customer.PendingEmail is not { } email)
        {
            customer.IsVerified = true;
            writes.Record(customer, AuditAction.EmailVerified);
            return null;
        }

        var heldUntil = clock.Now() + UndoLifetime;
        if (await MoveAsync(customer, email, heldUntil, cancellationToken) is { } taken)
        {
            return taken;
        }

        // The seven days begin when the change takes effect.
        var old = customer.Email;
        if (await db.EmailUndos.Where(u => u.CustomerId == customer.Id && u.OldEmail == old)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.ExpiresAt, heldUntil), cancellationToken) == 0)
        {
            await OfferUndoAsync(customer, email, cancellationToken);
        }

        (customer.Email, customer.PendingEmail, customer.IsVerified) = (email, null, true);
        customer.DeriveKeys();
        writes.Record(customer, AuditAction.EmailChanged);
        return null;
    }

    /// <summary>Gives the account back the address that the link was sent to. Later changes are undone with it, and all sessions end.</summary>
    public async Task<Results<Ok<MessageResponse>, Problem>> UndoAsync(string token, CancellationToken cancellationToken)
    {
        // Anybody can make up tokens: nothing is locked for them.
        var (id, hash) = (LinkToken.CustomerOf(token) ?? 0, await HashAsync(token, cancellationToken));
        return await db.EmailUndos.AnyAsync(u => u.CustomerId == id && u.LinkHash == hash, cancellationToken)
            ? await UndoAsync(id, hash, cancellationToken)
            : Verification.WrongLink();
    }

    private Task<Results<Ok<MessageResponse>, Problem>> UndoAsync(long id, byte[] hash, CancellationToken cancellationToken) =>
        writes.RunAsync<Ok<MessageResponse>>(
            new(id) { Missing = Verification.WrongLink() },
            async customer =>
            {
                var now = clock.Now();
                var undos = await db.EmailUndos.Where(u => u.CustomerId == customer.Id).ToListAsync(cancellationToken);
                if (undos.Find(u => u.LinkHash.AsSpan().SequenceEqual(hash) && u.ExpiresAt > now) is not { } undo)
                {
                    return Verification.WrongLink();
                }

                var (later, old) = (undos.Where(u => u.CreatedAt >= undo.CreatedAt).ToList(), undo.OldEmail);
                if (await MoveAsync(customer, old, heldUntil: null, cancellationToken) is { } taken)
                {
                    return taken;
                }

                await ForgetAsync(customer, later, old, cancellationToken);
                (customer.Email, customer.PendingEmail, customer.IsVerified) = (old, null, true);
                customer.DeriveKeys();
                writes.Record(customer, AuditAction.EmailChangeUndone);
                await PasswordChange.EndSessionsAsync(db, customer.Id, cancellationToken);
                return TypedResults.Ok(new MessageResponse
                {
                    Message = "The change of the e-mail is undone.",
                    Detail = "All sessions have ended. If you did not change the e-mail yourself, somebody knows your password: set a new one.",
                });
            },
            cancellationToken);

    /// <summary>Gives up the addresses that an account holds for links that undo a change, for its erasure.</summary>
    public static async Task ReleaseHeldAsync(ClienteleDb db, long customerId, CancellationToken cancellationToken)
    {
        var held = await db.EmailUndos.Where(u => u.CustomerId == customerId).Select(u => u.OldEmail).ToListAsync(cancellationToken);
        await LoginNames.ReleaseAsync(db, held.Select(AccountNames.Key).Distinct().Order(StringComparer.Ordinal), customerId, cancellationToken);
    }

    private async Task<Problem?> RequestAsync(Customer customer, string email, CancellationToken cancellationToken)
    {
        var key = AccountNames.Key(email);
        if (await db.LoginNames.AnyAsync(n => n.Name == key && n.CustomerId != customer.Id, cancellationToken))
        {
            return Problems.Invalid("email", Registration.Taken);
        }

        if (await proofs.RefuseAsync(customer.Id, ProofPurpose.VerifyEmail, cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        customer.PendingEmail = email;
        audit.Record(customer.Id, AuditAction.EmailChangeRequested, AuditTrail.Resource("customer", customer.Id));
        var subject = await ProofSubject.OfAsync(db, customer, ProofPurpose.VerifyEmail, cancellationToken);
        await mails.SendAsync(customer, subject, cancellationToken);
        await OfferUndoAsync(customer, email, cancellationToken);
        return null;
    }

    private async Task OfferUndoAsync(Customer customer, string email, CancellationToken cancellationToken)
    {
        var (token, now) = (LinkToken.New(customer.Id), clock.Now());
        db.Add(new EmailUndo
        {
            CustomerId = customer.Id,
            Id = Guid.CreateVersion7(),
            OldEmail = customer.Email,
            LinkHash = await HashAsync(token, cancellationToken),
            CreatedAt = now,
            ExpiresAt = now + UndoLifetime,
        });
        outbox.Add(customer, Template.EmailChanged, customer.Email, ("new_email", email), ("link", links.UndoEmail(token)));
    }

    /// <summary>An admin has decided: nothing is pending any more, and no earlier address comes back.</summary>
    private async Task<Problem?> SettleAsync(Customer customer, string email, CancellationToken cancellationToken)
    {
        customer.PendingEmail = null;
        var undos = await db.EmailUndos.Where(u => u.CustomerId == customer.Id).ToListAsync(cancellationToken);
        await ForgetAsync(customer, undos, email, cancellationToken);
        return null;
    }

    /// <summary>Deletes links that undo a change, and releases their addresses, except the one that the account has now.</summary>
    private async Task ForgetAsync(Customer customer, List<EmailUndo> undos, string email, CancellationToken cancellationToken)
    {
        if (undos.Count == 0)
        {
            return;
        }

        var ids = undos.ConvertAll(u => u.Id);
        var kept = LoginNames.Of(customer.Username, email);
        var released = undos.Select(u => AccountNames.Key(u.OldEmail)).Except(kept).Order(StringComparer.Ordinal);
        await db.EmailUndos.Where(u => u.CustomerId == customer.Id && ids.Contains(u.Id)).ExecuteDeleteAsync(cancellationToken);
        await LoginNames.ReleaseAsync(db, released, customer.Id, cancellationToken);
    }

    /// <summary>Claims the new e-mail before releasing the old one. If the username is the e-mail, it changes as well.</summary>
    /// <param name="heldUntil">Until when the old e-mail stays claimed, without signing in; null to release it at once.</param>
    private async Task<Problem?> MoveAsync(Customer customer, string email, DateTime? heldUntil, CancellationToken cancellationToken)
    {
        var followsEmail = customer.Username.Contains('@', StringComparison.Ordinal);
        var username = followsEmail ? email : customer.Username;
        var names = LoginNames.Of(username, email);

        // An account from an earlier release may not hold its own names in today's form, because another account has them.
        var held = await db.LoginNames.Where(n => names.Contains(n.Name) && n.CustomerId == customer.Id)
            .Select(n => n.Name).ToListAsync(cancellationToken);
        var claimed = names.Except(held).ToArray();
        if (await LoginNames.ClaimAsync(db, claimed, customer.Id, cancellationToken) < claimed.Length)
        {
            return Problems.Invalid("email", Registration.Taken);
        }

        var released = LoginNames.HeldBy(customer.Username, customer.Email).Except(LoginNames.HeldBy(username, email)).ToArray();
        await LoginNames.HoldAsync(db, held, customer.Id, until: null, cancellationToken);
        await (heldUntil is null
            ? LoginNames.ReleaseAsync(db, released, customer.Id, cancellationToken)
            : LoginNames.HoldAsync(db, released, customer.Id, heldUntil, cancellationToken));
        customer.Username = username;
        return null;
    }

    private ValueTask<byte[]> HashAsync(string token, CancellationToken cancellationToken) => keys.HashAsync($"undo\n{token}", cancellationToken);
}

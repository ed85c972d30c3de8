using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Sends codes to a customer's e-mail address or phone number, and checks them.</summary>
internal sealed class Verification(
    ClienteleDb db,
    CustomerWrites writes,
    Transaction transaction,
    AuditTrail audit,
    Proofs proofs,
    VerificationMails mails,
    EmailChanges emails,
    Outbox outbox,
    Throttles throttles,
    RefusedMessages refusals,
    IOptions<SmsSettings> sms)
{
    private static readonly int ExpiresIn = (int)Proofs.CodeLifetime.TotalSeconds;

    public static Problem WrongLink() => Problems.Invalid("token", "This link is not valid any more. Request a new one.");

    public static Problem WrongCode() => Problems.Invalid("code", "This code is not valid. After five tries or ten minutes, request a new one.");

    public async Task<Results<Accepted<CodeSentResponse>, Problem>> SendEmailCodeAsync(long id, CancellationToken cancellationToken)
    {
        Problem? refused = null;
        var result = await writes.RunAsync<Accepted<CodeSentResponse>>(
            new(id),
            async customer =>
            {
                refused = await proofs.RefuseAsync(id, ProofPurpose.VerifyEmail, cancellationToken);
                if (refused is not null)
                {
                    return refused;
                }

                var subject = await ProofSubject.OfAsync(db, customer, ProofPurpose.VerifyEmail, cancellationToken);
                await mails.SendAsync(customer, subject, cancellationToken);
                return Sent(id, AuditAction.EmailCodeSent, "A mail with a code and a link is on its way.");
            },
            cancellationToken);
        return refused is null ? result : await refusals.RecordAsync(id, ProofPurpose.VerifyEmail, refused, cancellationToken);
    }

    public async Task<Results<Accepted<CodeSentResponse>, Problem>> SendPhoneCodeAsync(long id, CancellationToken cancellationToken)
    {
        var phone = await db.Customers.Where(c => c.Id == id).Select(c => c.Phone).SingleOrDefaultAsync(cancellationToken);
        if (phone is null)
        {
            return new Problem("conflict", "The profile has no phone number. Add one first.");
        }

        // The budget of the country is counted only for a message that the account may get.
        var country = Customers.PhoneNumbers.CallingCode(phone);
        if ((await proofs.RefuseAsync(id, ProofPurpose.VerifyPhone, cancellationToken)
            ?? await throttles.TrySmsAsync(country, sms.Value.BudgetPerCountry, cancellationToken)) is { } refused)
        {
            return await refusals.RecordAsync(id, ProofPurpose.VerifyPhone, refused, cancellationToken);
        }

        var result = await WritePhoneCodeAsync(id, phone, cancellationToken);
        if (result.Result is Problem)
        {
            // Of many requests at once most are refused only here. They must not use up the budget of others.
            await transaction.RunAsync(() => throttles.SmsNotSentAsync(country, cancellationToken), cancellationToken);
        }

        return result;
    }

    private Task<Results<Accepted<CodeSentResponse>, Problem>> WritePhoneCodeAsync(long id, string phone, CancellationToken cancellationToken) =>
        writes.RunAsync<Accepted<CodeSentResponse>>(
            new(id),
            async customer =>
            {
                if (await proofs.RefuseAsync(id, ProofPurpose.VerifyPhone, cancellationToken) is { } late)
                {
                    return late;
                }

                var subject = await ProofSubject.OfAsync(db, customer, ProofPurpose.VerifyPhone, cancellationToken);
                if (subject.Address != phone)
                {
                    return new Problem("conflict", "The phone number has changed meanwhile. Request the code again.");
                }

                var (code, _) = await proofs.IssueAsync(subject, cancellationToken);
                outbox.Add(customer, Template.PhoneCode, phone, ("code", code));
                return Sent(id, AuditAction.PhoneCodeSent, "An SMS with a code is on its way.");
            },
            cancellationToken);

    /// <summary>Proves the e-mail with the token of a link.</summary>
    public async Task<Results<Ok<VerifyEmailResponse>, Problem>> VerifyEmailAsync(string token, CancellationToken cancellationToken)
    {
        // Anybody can make up tokens: nothing is locked for them.
        var tried = await ProofSubject.FindAsync(db, LinkToken.CustomerOf(token) ?? 0, ProofPurpose.VerifyEmail, cancellationToken);
        return await proofs.FindLinkAsync(tried, token, cancellationToken) is not { } proof ? WrongLink()
            : await UseAsync(
                new(tried.CustomerId) { Missing = WrongLink() }, tried, proof, customer => ProvenAsync(customer, cancellationToken), cancellationToken);
    }

    /// <summary>Proves the caller's e-mail with a code.</summary>
    public Task<Results<Ok<VerifyEmailResponse>, Problem>> VerifyEmailAsync(long id, string code, CancellationToken cancellationToken) =>
        UseCodeAsync(id, ProofPurpose.VerifyEmail, code, customer => ProvenAsync(customer, cancellationToken), cancellationToken);

    public Task<Results<Ok<VerifyPhoneResponse>, Problem>> VerifyPhoneAsync(long id, string code, CancellationToken cancellationToken) =>
        UseCodeAsync<VerifyPhoneResponse>(
            id,
            ProofPurpose.VerifyPhone,
            code,
            customer =>
            {
                customer.PhoneVerified = true;
                writes.Record(customer, AuditAction.PhoneVerified);
                return Task.FromResult<Results<Ok<VerifyPhoneResponse>, Problem>>(
                    TypedResults.Ok(new VerifyPhoneResponse { Message = "Phone number verified.", PhoneVerified = true }));
            },
            cancellationToken);

    private async Task<Results<Ok<VerifyEmailResponse>, Problem>> ProvenAsync(Customer customer, CancellationToken cancellationToken) =>
        await emails.ProveAsync(customer, cancellationToken) is { } taken
            ? taken
            : TypedResults.Ok(new VerifyEmailResponse { Message = "E-mail verified.", IsVerified = true });

    private async Task<Results<Ok<T>, Problem>> UseCodeAsync<T>(
        long id, ProofPurpose purpose, string code, Func<Customer, Task<Results<Ok<T>, Problem>>> prove, CancellationToken cancellationToken)
    {
        var tried = await ProofSubject.FindAsync(db, id, purpose, cancellationToken);
        var (proof, refused) = await proofs.TryCodeAsync(tried, code, cancellationToken);
        if (refused is not null || proof is not { } found)
        {
            return refused ?? WrongCode();
        }

        return await UseAsync(new(TakeBackAsync) { Missing = WrongCode() }, tried, found, prove, cancellationToken);

        async Task<long?> TakeBackAsync()
        {
            await throttles.CodeWasRightAsync(cancellationToken);
            return id;
        }
    }

    /// <summary>Uses a proof that was found, unless another request has used it, or its subject has changed meanwhile.</summary>
    private Task<Results<Ok<T>, Problem>> UseAsync<T>(
        CustomerLock target, ProofSubject tried, Guid proof, Func<Customer, Task<Results<Ok<T>, Problem>>> prove, CancellationToken cancellationToken) =>
        writes.RunAsync<Ok<T>>(
            target,
            async customer =>
                await ProofSubject.OfAsync(db, customer, tried.Purpose, cancellationToken) == tried && await proofs.UseAsync(tried, proof, cancellationToken)
                    ? await prove(customer)
                    : target.Missing,
            cancellationToken);

    private Results<Accepted<CodeSentResponse>, Problem> Sent(long id, string action, string message)
    {
        audit.Record(id, action, AuditTrail.Resource("customer", id));
        return TypedResults.Accepted((string?)null, new CodeSentResponse { Message = message, ExpiresIn = ExpiresIn });
    }
}

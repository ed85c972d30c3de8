using Clientele.Server.Messages;

namespace Clientele.Server.Accounts;

/// <summary>The mail with a code and a link that prove an e-mail address.</summary>
internal sealed class VerificationMails(Proofs proofs, Outbox outbox, Links links)
{
    /// <summary>Adds the mail to the transaction.</summary>
    /// <param name="isFirst">Whether the account is new.</param>
    public async Task SendAsync(Customer customer, ProofSubject subject, CancellationToken cancellationToken, bool isFirst = false)
    {
        var (code, token) = await proofs.IssueAsync(subject, cancellationToken, isFirst);
        outbox.Add(customer, Template.VerifyEmail, subject.Address, ("code", code), ("link", links.VerifyEmail(token)));
    }
}

using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Records what happens to the second factors of an account, and tells the owner by mail: it may have been a thief.</summary>
internal sealed class FactorNotices(AuditTrail audit, Outbox outbox)
{
    public const string TotpEnabled = AuditAction.AccountTotpEnabled;
    public const string TotpRemoved = AuditAction.AccountTotpRemoved;
    public const string RecoveryCodeUsed = AuditAction.AccountRecoveryCodeUsed;
    public const string Reset = AuditAction.AccountFactorsReset;
    public const string PasskeyAdded = AuditAction.PasskeyAdded;
    public const string PasskeyRemoved = AuditAction.PasskeyRemoved;

    /// <param name="owner">The owner of the account. The row must be locked.</param>
    /// <param name="change">One of the constants above: the action in the audit trail. The texts of the mail have a sentence for each.</param>
    /// <param name="resource">What was changed, as the audit trail names it; null for the account.</param>
    public Task AddAsync(Customer owner, string change, string? resource, CancellationToken cancellationToken)
    {
        audit.Record(owner.Id, change, resource ?? AuditTrail.Resource("customer", owner.Id));
        return outbox.NotifyAsync(owner, Template.FactorsChanged, [("change", change)], cancellationToken);
    }
}

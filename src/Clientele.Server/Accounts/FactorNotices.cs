using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Records what happens to the second factors of an account, and tells the owner by mail: it may have been a thief.</summary>
internal sealed class FactorNotices(AuditTrail audit, Outbox outbox, TimeProvider clock)
{
    public const string TotpEnabled = AuditAction.AccountTotpEnabled;
    public const string TotpRemoved = AuditAction.AccountTotpRemoved;
    public const string RecoveryCodeUsed = AuditAction.AccountRecoveryCodeUsed;
    public const string Reset = AuditAction.AccountFactorsReset;
    public const string PasskeyAdded = AuditAction.PasskeyAdded;
    public const string PasskeyRemoved = AuditAction.PasskeyRemoved;

    /// <param name="owner">The owner of the account.</param>
    /// <param name="change">One of the constants above: the action in the audit trail. The texts of the mail have a sentence for each.</param>
    /// <param name="resource">What was changed, as the audit trail names it; the account if left out.</param>
    public void Add(Customer owner, string change, string? resource = null)
    {
        audit.Record(owner.Id, change, resource ?? AuditTrail.Resource("customer", owner.Id));
        outbox.Add(owner, Template.FactorsChanged, owner.Email, ("change", change), ("at", clock.Now().ToString("O", CultureInfo.InvariantCulture)));
    }
}

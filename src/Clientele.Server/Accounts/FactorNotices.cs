using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Records what happens to the second factors of an account, and tells the owner by mail: it may have been a thief.</summary>
internal sealed class FactorNotices(AuditTrail audit, Outbox outbox, TimeProvider clock)
{
    public const string TotpEnabled = "account.totp_enabled";
    public const string TotpRemoved = "account.totp_removed";
    public const string RecoveryCodeUsed = "account.recovery_code_used";
    public const string Reset = "account.factors_reset";
    public const string PasskeyAdded = "passkey.added";
    public const string PasskeyRemoved = "passkey.removed";

    /// <param name="owner">The owner of the account.</param>
    /// <param name="change">One of the constants above: the action in the audit trail. The texts of the mail have a sentence for each.</param>
    /// <param name="resource">What was changed, as the audit trail names it; the account if left out.</param>
    public void Add(Customer owner, string change, string? resource = null)
    {
        audit.Record(owner.Id, change, resource ?? AuditTrail.Resource("customer", owner.Id));
        outbox.Add(owner, Template.FactorsChanged, owner.Email, ("change", change), ("at", clock.Now().ToString("O", CultureInfo.InvariantCulture)));
    }
}

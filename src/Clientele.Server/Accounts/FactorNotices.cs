using Clientele.Server.Messages;
using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>
/// Records what happens to the second factors of an account, and tells the owner by mail: it may have been a thief. Somebody who has registered with
/// another's address can change factors without end, so there is a limit for a day.
/// </summary>
internal sealed class FactorNotices(ClienteleDb db, AuditTrail audit, Outbox outbox, TimeProvider clock, IOptions<RateLimits> limits)
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
    public async Task AddAsync(Customer owner, string change, string? resource, CancellationToken cancellationToken)
    {
        audit.Record(owner.Id, change, resource ?? AuditTrail.Resource("customer", owner.Id));
        var (id, now) = (owner.Id, clock.Now());
        var since = now.AddDays(-1);
        if (change == Reset || await db.Messages.CountAsync(
            m => m.CustomerId == id && m.Template == Template.FactorsChanged && m.CreatedAt > since, cancellationToken) < limits.Value.MessagesPerDay)
        {
            outbox.Add(owner, Template.FactorsChanged, owner.Email, ("change", change), ("at", now.ToString("O", CultureInfo.InvariantCulture)));
        }
    }
}

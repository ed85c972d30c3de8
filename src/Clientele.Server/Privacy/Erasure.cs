using Clientele.Server.Accounts;
using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Privacy;

/// <summary>Erases a person. Entries of the audit trail and of the ledger stay, and the numbers of orders and reviews. None of them names the person.</summary>
internal sealed class Erasure(ClienteleDb db, CustomerWrites writes, RequestTransaction transaction, AuditTrail audit, Ledger ledger, TimeProvider clock)
{
    /// <summary>Some customers have millions of changes and events.</summary>
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromMinutes(5);

    public Task<Results<NoContent, Problem>> RunAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        writes.RunAsync<NoContent>(
            new(id) { IfMatch = http },
            async customer =>
            {
                if (customer is { IsStaff: true, IsActive: true } && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
                {
                    return Problems.LastAdmin();
                }

                await db.AllowAsync(StatementTimeout, cancellationToken);
                (await ledger.OpenAsync(customer, takes: false, cancellationToken)).Forfeit();
                await transaction.SaveAsync(cancellationToken);
                await MembershipLog.LeaveAllGroupsAsync(db, id, clock, cancellationToken);
                await db.CustomerUuids.Where(u => u.Uuid == customer.Uuid).ExecuteDeleteAsync(cancellationToken);
                await LoginNames.ReleaseAsync(db, LoginNames.HeldBy(customer.Username, customer.Email), id, cancellationToken);
                await EmailChanges.ReleaseHeldAsync(db, id, cancellationToken);
                await db.IdempotencyKeys.TagWith("scatter: answers that tell of the customer")
                    .Where(k => k.SubjectId == id || k.SubjectId == IdempotencyKey.Anybody).ExecuteDeleteAsync(cancellationToken);
                await Counter.AddAsync(db, Counter.CustomersName, id, -1, cancellationToken);
                audit.Record(id, AuditAction.CustomerErased, AuditTrail.Resource("customer", id));

                // The database deletes everything that the customer owns, except the entries of the audit trail and of the ledger.
                db.Remove(customer);
                await transaction.SaveAsync(cancellationToken);
                await ForgetEventsAsync(id, cancellationToken);
                return TypedResults.NoContent();
            },
            cancellationToken);

    /// <summary>
    /// Events stay, without data that names the person. Nobody else changes events while the mark of their positions is locked, so this comes last.
    /// </summary>
    private async Task ForgetEventsAsync(long id, CancellationToken cancellationToken)
    {
        await EventMark.LockAsync(db, EventMark.Positions, 0, cancellationToken);
        await db.Events.Where(e => e.CustomerId == id && EventForm.Personal.Contains(e.Kind) && e.Data != null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Data, (string?)null), cancellationToken);

        // A receiver may have answered with what it was sent.
        await db.WebhookDeliveries.Where(d => d.CustomerId == id && d.Answer != null)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Answer, (string?)null), cancellationToken);
    }
}

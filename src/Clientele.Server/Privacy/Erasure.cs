using Clientele.Server.Accounts;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Privacy;

/// <summary>Erases a person. Entries of the audit trail and of the ledger stay, and the numbers of orders and reviews. None of them names the person.</summary>
internal sealed class Erasure(ClienteleDb db, CustomerWrites writes, RequestTransaction transaction, AuditTrail audit, Ledger ledger, TimeProvider clock)
{
    public const string Action = "customer.erased";

    public Task<Results<NoContent, Problem>> RunAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        writes.RunAsync<NoContent>(
            new(id) { IfMatch = http },
            async customer =>
            {
                if (customer is { IsStaff: true, IsActive: true } && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
                {
                    return Problems.LastAdmin();
                }

                (await ledger.OpenAsync(customer, takes: false, cancellationToken)).Forfeit();
                await transaction.SaveAsync(cancellationToken);
                await LeaveGroupsAsync(id, cancellationToken);
                await db.CustomerUuids.Where(u => u.Uuid == customer.Uuid).ExecuteDeleteAsync(cancellationToken);
                foreach (var name in LoginNames.Of(customer.Username, customer.Email))
                {
                    await db.LoginNames.Where(n => n.Name == name).ExecuteDeleteAsync(cancellationToken);
                }

                await db.IdempotencyKeys.TagWith("scatter: answers that tell of the customer").Where(k => k.SubjectId == id).ExecuteDeleteAsync(cancellationToken);
                await Counter.AddAsync(db, Counter.CustomersName, id, -1, cancellationToken);
                audit.Record(id, Action, AuditTrail.Resource("customer", id));

                // The database deletes everything that the customer owns, except the entries of the audit trail and of the ledger.
                db.Remove(customer);
                return TypedResults.NoContent();
            },
            cancellationToken);

    /// <summary>If a worker adds the customer to another group in the meantime, the customer's queued row removes the membership again.</summary>
    private async Task LeaveGroupsAsync(long id, CancellationToken cancellationToken)
    {
        var groups = await db.Memberships.Where(m => m.CustomerId == id).Select(m => m.GroupId).ToListAsync(cancellationToken);
        if (groups.Count == 0)
        {
            return;
        }

        var counts = await db.LockCountsAsync(groups, cancellationToken);
        var rows = await db.Memberships.AsTracking().Where(m => m.CustomerId == id).ToDictionaryAsync(m => m.GroupId, cancellationToken);
        foreach (var count in counts)
        {
            if (rows.Remove(count.GroupId, out var row))
            {
                row.Origin = MembershipOrigin.Rule;
                new Roll(db, count, clock.Now()).Settle(row, id, isMember: false, Cause.Erased);
            }
        }
    }
}

using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Privacy;

/// <summary>Removes a person. What stays are audit entries of ids and numbers that name nobody.</summary>
internal sealed class Erasure(ClienteleDb db, UnitOfWork unit, Ledger ledger, TimeProvider clock)
{
    public const string Action = "customer.erased";

    public Task<Results<NoContent, Problem>> RunAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<NoContent, Problem>>(
            async () =>
            {
                if (await db.LockCustomerAsync(id, cancellationToken) is not { } customer)
                {
                    return Problems.NotFound();
                }

                if (ETags.Stale(http, customer.Version) is { } stale)
                {
                    return stale;
                }

                if (customer is { IsStaff: true, IsActive: true } && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
                {
                    return Problems.LastAdmin();
                }

                (await ledger.OpenAsync(customer, takes: false, cancellationToken)).Forfeit();
                await unit.SaveAsync(cancellationToken);
                await LeaveGroupsAsync(id, cancellationToken);
                await db.CustomerUuids.Where(u => u.Uuid == customer.Uuid).ExecuteDeleteAsync(cancellationToken);
                foreach (var name in LoginNames.Of(customer.Username, customer.Email))
                {
                    await db.LoginNames.Where(n => n.Name == name).ExecuteDeleteAsync(cancellationToken);
                }

                await db.IdempotencyKeys.TagWith("scatter: answers that tell of the customer").Where(k => k.SubjectId == id).ExecuteDeleteAsync(cancellationToken);
                await Counter.AddAsync(db, Counter.CustomersName, id, -1, cancellationToken);
                unit.Audit.Record(id, Action, AuditTrail.Resource("customer", id));

                // All that the customer owns goes with it, but for the audit's entries and the ledger.
                db.Remove(customer);
                return TypedResults.NoContent();
            },
            cancellationToken);

    /// <summary>Should a worker have found them a member of another group meanwhile, their queued row takes them out again.</summary>
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

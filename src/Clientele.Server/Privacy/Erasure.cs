using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Privacy;

/// <summary>Removes a person. What stays are audit entries of ids and numbers that name nobody.</summary>
internal sealed class Erasure(ClienteleDb db, UnitOfWork unit, Ledger ledger)
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

                await db.IdempotencyKeys.Where(k => k.SubjectId == id).ExecuteDeleteAsync(cancellationToken);
                await db.AuditDetails.Where(d => d.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
                await Counter.AddAsync(db, Counter.CustomersName, id, -1, cancellationToken);
                unit.Audit.Record(id, Action, AuditTrail.Resource("customer", id));

                // All that the customer owns goes with it, but for the audit and the ledger.
                db.Remove(customer);
                return TypedResults.NoContent();
            },
            cancellationToken);

    /// <summary>Group by group in the order of their ids, so that two erasures cannot wait for each other.</summary>
    private async Task LeaveGroupsAsync(long id, CancellationToken cancellationToken)
    {
        var groups = await db.Memberships.Where(m => m.CustomerId == id && m.Origin == MembershipOrigin.Included)
            .OrderBy(m => m.GroupId).Select(m => m.GroupId).ToListAsync(cancellationToken);
        await db.Memberships.Where(m => m.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        foreach (var group in groups)
        {
            await GroupCount.AddAsync(db, group, -1, cancellationToken);
        }
    }
}

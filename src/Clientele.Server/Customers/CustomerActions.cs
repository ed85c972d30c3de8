using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clientele.Server.Customers;

/// <summary>Small changes of a customer's own row, each with an audit entry if it changes anything.</summary>
internal sealed class CustomerActions(ClienteleDb db, UnitOfWork unit, TimeProvider clock)
{
    public Task<Results<Ok<T>, Problem>> RunAsync<T>(long id, string action, Action<Customer> change, Func<Customer, T> answer, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<Ok<T>, Problem>>(
            async () =>
            {
                if (await db.LockAsync<Customer>(id, cancellationToken, unit.Audit.Head(id)) is not { } customer)
                {
                    return Problems.NotFound();
                }

                change(customer);
                if (db.Entry(customer).Properties.Any(property => property.IsModified))
                {
                    unit.Audit.Record(id, action, AuditTrail.Resource("customer", id), customer);
                    customer.Version++;
                    customer.UpdatedAt = clock.Now();
                }

                return TypedResults.Ok(answer(customer));
            },
            cancellationToken);
}

using Clientele.Server.Privacy;

namespace Clientele.Server.Customers;

/// <summary>
/// The way of every request that changes one customer: one transaction that locks the customer (404, 412), changes it, writes an audit entry,
/// increases the version if the customer's representation changes, and returns the response.
/// </summary>
internal sealed class CustomerWrites(ClienteleDb db, RequestTransaction transaction, AuditTrail audit, Caller caller, TimeProvider clock)
{
    public Task<Results<T, Problem>> RunAsync<T>(CustomerLock target, Func<Customer, Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult =>
        transaction.RunAsync<Results<T, Problem>>(
            async () =>
            {
                var (customer, refused) = await LockAsync(target, cancellationToken);
                return customer is null ? refused! : await work(customer);
            },
            cancellationToken);

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task<Results<T1, T2, Problem>> RunAsync<T1, T2>(
        CustomerLock target, Func<Customer, Task<Results<T1, T2, Problem>>> work, CancellationToken cancellationToken)
        where T1 : IResult
        where T2 : IResult =>
        transaction.RunAsync<Results<T1, T2, Problem>>(
            async () =>
            {
                var (customer, refused) = await LockAsync(target, cancellationToken);
                return customer is null ? refused! : await work(customer);
            },
            cancellationToken);

    /// <summary>A change of the customer's own row that needs nothing else.</summary>
    public Task<Results<Ok<T>, Problem>> ChangeAsync<T>(
        long id, string action, Action<Customer> change, Func<Customer, T> answer, CancellationToken cancellationToken, bool isNewVersion = true) =>
        RunAsync<Ok<T>>(
            new(id),
            customer =>
            {
                change(customer);
                Record(customer, action, isNewVersion);
                return Task.FromResult<Results<Ok<T>, Problem>>(TypedResults.Ok(answer(customer)));
            },
            cancellationToken);

    /// <summary>Writes an audit entry, and increases the version, if the customer's own row has changed.</summary>
    public void Record(Customer customer, string action, bool isNewVersion = true)
    {
        if (!db.Entry(customer).Properties.Any(property => property.IsModified))
        {
            return;
        }

        audit.Record(customer.Id, action, AuditTrail.Resource("customer", customer.Id), customer);
        if (isNewVersion)
        {
            IncreaseVersion(customer);
        }
    }

    /// <summary>For a change of the customer's representation, which also contains the addresses and tags.</summary>
    public void IncreaseVersion(Customer customer)
    {
        customer.Version++;
        customer.UpdatedAt = clock.Now();
    }

    private async Task<(Customer? Customer, Problem? Refused)> LockAsync(CustomerLock target, CancellationToken cancellationToken)
    {
        if (await target.FindAsync() is not { } id)
        {
            return (null, target.Missing);
        }

        var along = target.IsAudited ? [audit.Head(id), .. target.Along] : target.Along;
        return await db.LockAsync<Customer>(id, cancellationToken, along) is not { } customer || caller.IsHidden(customer) ? (null, target.Missing)
            : target.IfMatch is { } request && ETags.Stale(request, customer.Version) is { } stale ? (null, stale)
            : (customer, null);
    }
}

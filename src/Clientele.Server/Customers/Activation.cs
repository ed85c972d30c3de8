using Clientele.Server.Accounts;

namespace Clientele.Server.Customers;

/// <summary>Activates and deactivates accounts, ends their sessions, and counts the active admins.</summary>
internal sealed class Activation(ClienteleDb db, CustomerWrites writes, Sessions sessions)
{
    public async Task<Results<Ok<ActivationResponse>, Problem>> RunAsync(long id, bool active, string message, CancellationToken cancellationToken)
    {
        var result = await writes.RunAsync<Ok<ActivationResponse>>(
            new(id),
            async customer =>
            {
                if (customer.IsActive != active && await SetAsync(customer, active, cancellationToken) is { } last)
                {
                    return last;
                }

                writes.Record(customer, active ? AuditAction.CustomerReactivated : AuditAction.CustomerDeactivated);
                return TypedResults.Ok(new ActivationResponse { Message = message, CustomerId = id });
            },
            cancellationToken);
        Forget(id);
        return result;
    }

    /// <summary>Activates or deactivates a locked customer. Returns a problem if it is the last active admin.</summary>
    public async Task<Problem?> SetAsync(Customer customer, bool active, CancellationToken cancellationToken)
    {
        if (customer.IsStaff && active)
        {
            await Counter.AddAdminAsync(db, cancellationToken);
        }
        else if (customer.IsStaff && !await Counter.TryRemoveAdminAsync(db, cancellationToken))
        {
            return Problems.LastAdmin();
        }

        if (!active)
        {
            await PasswordChange.EndSessionsAsync(db, customer.Id, cancellationToken);
        }

        customer.IsActive = active;
        return null;
    }

    public void Forget(long id) => sessions.Forget(id);
}

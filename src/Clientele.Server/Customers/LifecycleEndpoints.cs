using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clientele.Server.Customers;

internal static class LifecycleEndpoints
{
    public static void MapLifecycle(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTags("Customers");
        customers.MapPost("/verify/", VerifyCustomer).WithName(nameof(VerifyCustomer)).For(Who.Admin).Answers(404);
        customers.MapPost("/make_vip/", MakeCustomerVip).WithName(nameof(MakeCustomerVip)).For(Who.Admin).Answers(404).BodyOptional();
        customers.MapPost("/deactivate/", DeactivateCustomer).WithName(nameof(DeactivateCustomer)).For(Who.OwnerOrAdmin).Answers(404).Answers("last_admin");
        customers.MapPost("/reactivate/", ReactivateCustomer).WithName(nameof(ReactivateCustomer)).For(Who.Admin).Answers(404);
    }

    /// <summary>Verify a customer's account</summary>
    /// <remarks>Changes nothing if the account is already verified.</remarks>
    internal static Task<Results<Ok<VerifyResponse>, Problem>> VerifyCustomer(long id, CustomerActions actions, CancellationToken cancellationToken) =>
        actions.RunAsync(
            id,
            "customer.verified",
            customer => customer.IsVerified = true,
            customer => new VerifyResponse { Message = "Customer verified.", CustomerId = id, IsVerified = customer.IsVerified },
            cancellationToken);

    /// <summary>Give or remove the VIP status</summary>
    /// <remarks>Without a body the customer becomes a VIP; <c>{"is_vip": false}</c> removes the status.</remarks>
    internal static async Task<Results<Ok<MakeVipResponse>, Problem>> MakeCustomerVip(
        long id, Body<MakeVipRequest> body, CustomerActions actions, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var vip = body.Read(errors).IsVip;
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        return await actions.RunAsync(
            id,
            "customer.vip_changed",
            customer => customer.IsVip = vip,
            customer => new MakeVipResponse { Message = vip ? "Customer is a VIP now." : "Customer is no longer a VIP.", CustomerId = id, IsVip = customer.IsVip },
            cancellationToken);
    }

    /// <summary>Deactivate an account</summary>
    /// <remarks>Ends all sessions at once. The last active admin cannot be deactivated.</remarks>
    internal static async Task<Results<Ok<ActivationResponse>, Problem>> DeactivateCustomer(
        long id, Caller caller, Activation activation, CancellationToken cancellationToken) =>
        caller.MaySee(id) ? await activation.RunAsync(id, active: false, "Customer deactivated.", cancellationToken) : Problems.NotFound();

    /// <summary>Reactivate an account</summary>
    /// <remarks>The customer can sign in again.</remarks>
    internal static Task<Results<Ok<ActivationResponse>, Problem>> ReactivateCustomer(long id, Activation activation, CancellationToken cancellationToken) =>
        activation.RunAsync(id, active: true, "Customer reactivated.", cancellationToken);
}

/// <summary>Small changes of a customer's own row, each with an audit entry if it changes anything.</summary>
internal sealed class CustomerActions(ClienteleDb db, UnitOfWork unit, TimeProvider clock)
{
    public Task<Results<Ok<T>, Problem>> RunAsync<T>(long id, string action, Action<Customer> change, Func<Customer, T> answer, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<Ok<T>, Problem>>(
            async () =>
            {
                if (await db.LockCustomerAsync(id, cancellationToken, unit.Audit.Head(id)) is not { } customer)
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

/// <summary>Activates and deactivates accounts, ends their sessions, and counts the active admins.</summary>
internal sealed class Activation(ClienteleDb db, UnitOfWork unit, Sessions sessions, TimeProvider clock)
{
    public async Task<Results<Ok<ActivationResponse>, Problem>> RunAsync(long id, bool active, string message, CancellationToken cancellationToken)
    {
        var result = await unit.RunAsync<Results<Ok<ActivationResponse>, Problem>>(
            async () =>
            {
                if (await db.LockCustomerAsync(id, cancellationToken, unit.Audit.Head(id)) is not { } customer)
                {
                    return Problems.NotFound();
                }

                if (customer.IsActive != active)
                {
                    if (await SetAsync(customer, active, cancellationToken) is { } last)
                    {
                        return last;
                    }

                    unit.Audit.Record(id, active ? "customer.reactivated" : "customer.deactivated", AuditTrail.Resource("customer", id), customer);
                    customer.Version++;
                    customer.UpdatedAt = clock.Now();
                }

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

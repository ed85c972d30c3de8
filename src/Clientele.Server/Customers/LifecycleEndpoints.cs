namespace Clientele.Server.Customers;

internal static class LifecycleEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTags("Customers");
        customers.MapPost("/verify/", VerifyCustomer).WithName(nameof(VerifyCustomer)).For(Who.Admin, KeyScope.CustomersWrite).Answers(404);
        customers.MapPost("/make_vip/", MakeCustomerVip).WithName(nameof(MakeCustomerVip)).For(Who.Admin, KeyScope.CustomersWrite).Answers(404).BodyOptional();
        customers.MapPost("/deactivate/", DeactivateCustomer).WithName(nameof(DeactivateCustomer)).For(Who.OwnerOrAdmin, KeyScope.CustomersWrite)
            .Answers(404).Answers("last_admin");
        customers.MapPost("/reactivate/", ReactivateCustomer).WithName(nameof(ReactivateCustomer)).For(Who.Admin, KeyScope.CustomersWrite).Answers(404);
    }

    /// <summary>Verify a customer's account</summary>
    /// <remarks>Changes nothing if the account is already verified.</remarks>
    internal static Task<Results<Ok<VerifyResponse>, Problem>> VerifyCustomer(long id, CustomerWrites writes, CancellationToken cancellationToken) =>
        writes.ChangeAsync(
            id,
            AuditAction.CustomerVerified,
            customer => customer.IsVerified = true,
            customer => new VerifyResponse { Message = "Customer verified.", CustomerId = id, IsVerified = customer.IsVerified },
            cancellationToken);

    /// <summary>Give or remove the VIP status</summary>
    /// <remarks>Without a body the customer becomes a VIP; <c>{"is_vip": false}</c> removes the status.</remarks>
    internal static async Task<Results<Ok<MakeVipResponse>, Problem>> MakeCustomerVip(
        long id, Body<MakeVipRequest> body, CustomerWrites writes, CancellationToken cancellationToken)
    {
        var vip = body.Read(out var errors).IsVip;
        return errors.Any ? Problems.Invalid(errors) : await writes.ChangeAsync(
            id,
            AuditAction.CustomerVipChanged,
            customer => customer.IsVip = vip,
            customer => new MakeVipResponse
            {
                Message = vip ? "Customer is a VIP now." : "Customer is no longer a VIP.",
                CustomerId = id,
                IsVip = customer.IsVip,
            },
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

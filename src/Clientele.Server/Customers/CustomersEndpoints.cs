using Clientele.Server.Accounts;
using Clientele.Server.Privacy;

namespace Clientele.Server.Customers;

internal static class CustomersEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers").WithTag("Customers", "Profiles, their life cycle, and the benefits of customers.")
            .WithId("customers", "The customer's id.", 123);
        customers.MapGet("/", ListCustomers).WithName(nameof(ListCustomers)).For(Who.Admin, KeyScope.CustomersRead)
            .Lists(CustomerList.Definition).Answers(400, 404).MayReadReplica();
        customers.MapGet("/export/", ExportCustomers).WithName(nameof(ExportCustomers)).For(Who.Admin, KeyScope.ExportRead)
            .Filters(CustomerList.Definition).Answers(400).NeedsStepUp().MayReadReplica();
        customers.MapGet("/me/", GetMe).WithName(nameof(GetMe)).For(Who.Authenticated);
        customers.MapPut("/update_profile/", ReplaceProfile).WithName(nameof(ReplaceProfile)).For(Who.Authenticated).Answers(400, 412, 415, 429, 503)
            .Answers("step_up_required");
        customers.MapPatch("/update_profile/", UpdateProfile).WithName(nameof(UpdateProfile)).For(Who.Authenticated).Answers(400, 412, 415, 429, 503)
            .Answers("step_up_required");
        customers.MapGet("/{id:long}/", GetCustomer).WithName(nameof(GetCustomer)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead).Answers(404);

        // The description has this path under {id}, because it may not have two paths that differ only in a name.
        customers.MapGet("/{uuid:guid}/", GetCustomerByUuid).WithName(nameof(GetCustomerByUuid)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead)
            .ExcludeFromDescription();
        customers.MapPut("/{id:long}/", ReplaceCustomer).WithName(nameof(ReplaceCustomer)).For(Who.OwnerOrAdmin, KeyScope.CustomersWrite)
            .Answers(400, 404, 412, 415, 429, 503).Answers("last_admin", "step_up_required");
        customers.MapPatch("/{id:long}/", UpdateCustomer).WithName(nameof(UpdateCustomer)).For(Who.OwnerOrAdmin, KeyScope.CustomersWrite)
            .Answers(400, 404, 412, 415, 429, 503).Answers("last_admin", "step_up_required");
        customers.MapDelete("/{id:long}/", DeleteCustomer).WithName(nameof(DeleteCustomer)).For(Who.Admin).Answers(404, 412).Answers("last_admin")
            .NeedsStepUp();
    }

    public static string Location(long id) => string.Create(CultureInfo.InvariantCulture, $"/api/customers/customers/{id}/");

    /// <summary>List customers</summary>
    /// <remarks>
    /// All filters can be combined. Pages are reached by number or by cursor. A cursor has constant cost and is stable under concurrent
    /// writes.
    /// </remarks>
    internal static Task<Results<PageResult<CustomerSummary>, Problem>> ListCustomers(ListQuery list, Caller caller, CancellationToken cancellationToken) =>
        list.PageAsync(
            CustomerList.Definition, caller.Customers.TagWith("scatter: the admin's list"), Customer.AsSummary, cancellationToken,
            whole: caller.KeyId is null ? CustomerRows.List : null);

    /// <summary>Export the list of customers</summary>
    /// <remarks>
    /// A CSV file (RFC 4180, UTF-8) with the members of the list, ordered by id and streamed, whatever its size. Text that a spreadsheet would take for a
    /// formula has an apostrophe in front. Admins need a step-up.
    /// </remarks>
    internal static Results<CustomerCsv.Download, Problem> ExportCustomers(HttpContext context, Caller caller, CustomerCsv csv)
    {
        var (list, errors) = (CustomerList.Definition, new Errors());
        var filters = ListQuery.Parameters(context.Request.Query, errors, list.TakesSeveral);
        var customers = ListQuery.Narrow(list, caller.Customers.TagWith("scatter: the export of the list"), filters, context.RequestServices, errors);
        return errors.Any ? Problems.Invalid(errors) : csv.Of(customers);
    }

    /// <summary>Get the caller's own profile</summary>
    /// <remarks>The same representation as under the customer's own id.</remarks>
    internal static Task<Results<Resource<CustomerResponse>, Problem>> GetMe(Caller caller, CustomerProfile profile, CancellationToken cancellationToken) =>
        GetCustomer(caller.Id!.Value, caller, profile, cancellationToken);

    /// <summary>Replace the caller's own profile</summary>
    /// <remarks>
    /// Replaces all writable members: members that are left out get their defaults. first_name, last_name and email are required. A new email needs
    /// current_password, and waits as pending_email until it is verified.
    /// </remarks>
    internal static Task<Results<Resource<CustomerResponse>, Problem>> ReplaceProfile(
        Body<UpdateCustomerRequest> body, HttpContext context, Caller caller, CustomerUpdate update, CancellationToken cancellationToken) =>
        update.RunAsync(caller.Id!.Value, body, replace: true, context.Request, cancellationToken);

    /// <summary>Update the caller's own profile</summary>
    /// <remarks>
    /// A JSON merge patch (RFC 7396): members that are left out do not change. A new email needs current_password, and waits as pending_email until it
    /// is verified.
    /// </remarks>
    internal static Task<Results<Resource<CustomerResponse>, Problem>> UpdateProfile(
        Body<UpdateCustomerRequest> body, HttpContext context, Caller caller, CustomerUpdate update, CancellationToken cancellationToken) =>
        update.RunAsync(caller.Id!.Value, body, replace: false, context.Request, cancellationToken);

    /// <summary>Get a customer</summary>
    /// <remarks>
    /// Customers get themselves, admins get all customers. Only admins get the members marked as such. The uuid in place of the id finds the same
    /// customer.
    /// </remarks>
    internal static async Task<Results<Resource<CustomerResponse>, Problem>> GetCustomer(
        long id, Caller caller, CustomerProfile profile, CancellationToken cancellationToken) =>
        caller.MaySee(id) && await profile.FindAsync(id, cancellationToken) is { } customer
            ? customer
            : Problems.NotFound();

    internal static async Task<Results<Resource<CustomerResponse>, Problem>> GetCustomerByUuid(
        Guid uuid, Caller caller, ClienteleDb db, CustomerProfile profile, CancellationToken cancellationToken)
    {
        var id = await db.CustomerUuids.Where(u => u.Uuid == uuid).Select(u => (long?)u.CustomerId).SingleOrDefaultAsync(cancellationToken);
        return id is null ? Problems.NotFound() : await GetCustomer(id.Value, caller, profile, cancellationToken);
    }

    /// <summary>Replace a customer</summary>
    /// <remarks>
    /// Replaces all writable members: members that are left out get their defaults, except those that only admins may write: they do not
    /// change. first_name, last_name and email are required. The customer's own new email needs current_password, and waits as pending_email until it is
    /// verified; an admin's change takes effect at once, and the email is not verified.
    /// </remarks>
    internal static async Task<Results<Resource<CustomerResponse>, Problem>> ReplaceCustomer(
        long id, Body<UpdateCustomerRequest> body, HttpContext context, Caller caller, CustomerUpdate update, CancellationToken cancellationToken) =>
        caller.MaySee(id) ? await update.RunAsync(id, body, replace: true, context.Request, cancellationToken) : Problems.NotFound();

    /// <summary>Update a customer</summary>
    /// <remarks>
    /// A JSON merge patch (RFC 7396): members that are left out do not change. In metadata, null removes a member. The customer's own new email needs
    /// current_password, and waits as pending_email until it is verified; an admin's change takes effect at once, and the email is not verified.
    /// </remarks>
    internal static async Task<Results<Resource<CustomerResponse>, Problem>> UpdateCustomer(
        long id, Body<UpdateCustomerRequest> body, HttpContext context, Caller caller, CustomerUpdate update, CancellationToken cancellationToken) =>
        caller.MaySee(id) ? await update.RunAsync(id, body, replace: false, context.Request, cancellationToken) : Problems.NotFound();

    /// <summary>Erase a customer</summary>
    /// <remarks>
    /// Removes the account, addresses, memberships, tokens and all other personal data. Audit entries keep only
    /// ids. The last active admin cannot be erased. Needs a step-up.
    /// </remarks>
    internal static async Task<Results<NoContent, Problem>> DeleteCustomer(
        long id, HttpContext context, Erasure erasure, Sessions sessions, CancellationToken cancellationToken)
    {
        var result = await erasure.RunAsync(id, context.Request, cancellationToken);
        sessions.Forget(id);
        return result;
    }
}

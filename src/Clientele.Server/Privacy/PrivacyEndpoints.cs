using Clientele.Server.Accounts;

namespace Clientele.Server.Privacy;

internal static class PrivacyEndpoints
{
    private static readonly string[] ActorRoles = [Roles.Customer, Roles.Admin, Roles.Key, Roles.Anonymous, Roles.CommandLine];

    public static readonly ListDefinition<AuditEntry> List = new ListDefinition<AuditEntry>(e => e.Sequence, "-id")
        .OneOf("action", "The action", new OneOfAttribute(typeof(AuditAction)).Values, AuditAction.CustomerUpdated, value => e => e.Action == value)
        .Integer("actor", "The id of the account that made the change.", value => e => e.ActorId == value)
        .OneOf("role", "The role of the actor", ActorRoles, Roles.Admin, Role)
        .Text("resource", "The resource that changed: a kind and an id, such as address/456.", "address/456", value => e => e.Resource == value)
        .Instant("at_after", "Changes at or after this instant.", value => e => e.At >= value)
        .Instant("at_before", "Changes at or before this instant.", value => e => e.At <= value)
        .Order("id", e => e.Sequence);

    public static void Map(IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTag("Privacy", "What is stored about a customer, and who changed it.");
        customers.MapGet("/export/", ExportCustomer).WithName(nameof(ExportCustomer)).For(Who.OwnerOrAdmin, KeyScope.ExportRead).Answers(404, 503)
            .NeedsStepUp();
        customers.MapGet("/history/", ListHistory).WithName(nameof(ListHistory)).For(Who.Admin).Lists(List).Answers(400, 404);
        customers.MapGet("/consents/", ListConsents).WithName(nameof(ListConsents)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead).Answers(404);
    }

    /// <summary>Export everything stored about a customer</summary>
    /// <remarks>
    /// Returns one document as of one instant, to hand to the person. The owner and an admin get the same document. It includes the shop's notes about the
    /// person, but no data of other people. It is streamed, whatever its size. Each export is recorded in the customer's history.
    /// Admins need a step-up, and so do customers with a second factor. A caller can read two exports at once, and a node can send five, of them
    /// three to customers (503).
    /// </remarks>
    internal static async Task<Results<CustomerExport.Download, Problem>> ExportCustomer(
        long id, HttpContext context, Caller caller, ExportTurns turns, CustomerExport export, CancellationToken cancellationToken)
    {
        if (!caller.MaySee(id))
        {
            return Problems.NotFound();
        }

        if (await turns.TakeAsync(new($"{caller.Role} {caller.Id}", !caller.IsAdmin), cancellationToken) is not { } turn)
        {
            return Problems.Unavailable("Too many exports are being read. Try again later.", 30);
        }

        context.Response.RegisterForDispose(turn);
        return await export.BeginAsync(id, cancellationToken);
    }

    /// <summary>List the changes of a customer</summary>
    /// <remarks>
    /// Who changed what in the customer's data, newest first. The entries of an erased customer stay, but without names, changes and
    /// networks.
    /// </remarks>
    internal static async Task<Results<PageResult<AuditEntryResponse>, Problem>> ListHistory(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken) && !await db.AuditEntries.AnyAsync(e => e.CustomerId == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        return await list.PageAsync(List, db.AuditEntries.Where(e => e.CustomerId == id), e => e, async entries =>
        {
            var places = entries.Select(entry => entry.Sequence).ToArray();
            var details = places.Length == 0
                ? []
                : await db.AuditDetails.Where(d => d.CustomerId == id && places.Contains(d.Sequence)).ToDictionaryAsync(d => d.Sequence, cancellationToken);
            return entries.Select(entry => entry.ToResponse(details.GetValueOrDefault(entry.Sequence)));
        }, cancellationToken);
    }

    /// <summary>List what a customer has consented to</summary>
    /// <remarks>
    /// Lists the customer's consents. Each one shows when it was given or withdrawn, and by whom, the oldest change first. Only the newest 1000 changes are
    /// shown.
    /// </remarks>
    internal static async Task<Results<Ok<IReadOnlyList<ConsentResponse>>, Problem>> ListConsents(
        long id, Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        await caller.Customers.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is { } customer
            ? TypedResults.Ok(await Consents.ReadAsync(db, customer, cancellationToken))
            : Problems.NotFound();

    private static Expression<Func<AuditEntry, bool>> Role(string role) => role == Roles.Key
        ? e => EF.Functions.Like(e.ActorRole, Roles.KeyPrefix + "%")
        : e => e.ActorRole == role;
}

using System.Linq.Expressions;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Privacy;

internal static class PrivacyEndpoints
{
    private static readonly string[] ActorRoles = [Roles.Customer, Roles.Admin, Roles.Anonymous, Roles.CommandLine];

    public static readonly ListDefinition<AuditEntry> List = new ListDefinition<AuditEntry>(e => e.Sequence, "-id")
        .Text("action", "The action, such as customer.updated.", "customer.updated", value => e => e.Action == value)
        .Integer("actor", "The id of the account that did it.", value => e => e.ActorId == value)
        .Text("role", $"The role of the account that did it: {string.Join(", ", ActorRoles)}.", Roles.Admin, Role, string.Join(", ", ActorRoles[..^1]) + " or " + ActorRoles[^1])
        .Text("resource", "What it was done to: a kind and a number, such as address/456.", "address/456", value => e => e.Resource == value)
        .Instant("at_after", "At or after.", value => e => e.At >= value)
        .Instant("at_before", "At or before.", value => e => e.At <= value)
        .Order("id", e => e.Sequence);

    public static void MapPrivacy(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTag("Privacy", "What is held about a customer, and who changed it.");
        customers.MapGet("/export/", ExportCustomer).WithName(nameof(ExportCustomer)).For(Who.OwnerOrAdmin).Answers(404);
        customers.MapGet("/history/", ListHistory).WithName(nameof(ListHistory)).For(Who.Admin).Lists(List).Answers(400, 404);
    }

    /// <summary>Export everything held about a customer</summary>
    /// <remarks>
    /// One document, as of one instant, to be handed to the person: the same for the owner and for an admin, with what the shop has noted about them and without what
    /// is other people's. It is streamed, however much there is, and that it was made is in the customer's history.
    /// </remarks>
    internal static async Task<Results<CustomerExport.Download, Problem>> ExportCustomer(
        long id, Caller caller, CustomerExport export, CancellationToken cancellationToken) =>
        caller.MaySee(id) ? await export.BeginAsync(id, cancellationToken) : Problems.NotFound();

    /// <summary>List the changes of a customer</summary>
    /// <remarks>
    /// Who has changed what of them and what they own, newest first. Of somebody who was erased the entries remain, which name nobody: their changes and
    /// networks are gone.
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

    private static Expression<Func<AuditEntry, bool>>? Role(string text) => ActorRoles.Contains(text) ? e => e.ActorRole == text : null;
}

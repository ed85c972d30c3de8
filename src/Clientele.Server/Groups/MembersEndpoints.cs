using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Groups;

internal static class MembersEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/members/", ListMembers).WithName(nameof(ListMembers)).For(Who.Authenticated).Lists(CustomerList.Definition).Answers(400, 404);
        groups.MapPost("/add_member/", AddMember).WithName(nameof(AddMember)).For(Who.Admin).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/remove_member/", RemoveMember).WithName(nameof(RemoveMember)).For(Who.Admin).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/reset_member/", ResetMember).WithName(nameof(ResetMember)).For(Who.Admin).Answers(400, 404, 409, 415, 422);
    }

    /// <summary>List the members of a group</summary>
    /// <remarks>
    /// Admins get all members, with the filters of the customers list. Anybody else gets a page with at most themselves on it,
    /// and no filters: a customer may learn that they are a member, never who else is.
    /// </remarks>
    internal static async Task<Results<PageResult<CustomerSummary>, Problem>> ListMembers(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await db.Groups.AnyAsync(g => g.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        var members = caller.Customers.Where(c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == id && m.IsMember));
        return caller.IsAdmin
            ? await list.PageAsync(
                CustomerList.Definition,
                members.TagWith("scatter: the admin's list"),
                Customer.AsSummary,
                cancellationToken,
                () => db.GroupCounts.Where(c => c.GroupId == id).Select(c => c.Members).SingleOrDefaultAsync(cancellationToken))
            : await list.PageAsync(CustomerList.OnlySelf, members.Where(c => c.Id == caller.Id), Customer.AsSummary, cancellationToken);
    }

    /// <summary>Add customers to a group</summary>
    /// <remarks>One by customer_id, or up to 1000 by customer_ids: then all of them or, where one is unknown, none.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> AddMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Add, cancellationToken);

    /// <summary>Remove customers from a group</summary>
    /// <remarks>One by customer_id, or up to 1000 by customer_ids. Out of a segment a removed customer stays until added again or reset.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> RemoveMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Remove, cancellationToken);

    /// <summary>Forget what was decided by hand</summary>
    /// <remarks>Takes customers back to what the group's rule says; in a group without a rule that is: no member.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> ResetMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Reset, cancellationToken);
}

namespace Clientele.Server.Groups;

internal static class MembersEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/members/", ListMembers).WithName(nameof(ListMembers)).For(Who.Authenticated, KeyScope.GroupsRead)
            .Lists(CustomerList.Definition).Answers(400, 404).MayReadReplica();
        groups.MapPost("/add_member/", AddMember).WithName(nameof(AddMember)).For(Who.Admin, KeyScope.GroupsWrite).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/remove_member/", RemoveMember).WithName(nameof(RemoveMember)).For(Who.Admin, KeyScope.GroupsWrite).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/reset_member/", ResetMember).WithName(nameof(ResetMember)).For(Who.Admin, KeyScope.GroupsWrite).Answers(400, 404, 409, 415, 422);
    }

    /// <summary>List the members of a group</summary>
    /// <remarks>
    /// Admins get all members, with the filters of the customers list. Other callers get at most themselves, and have no filters: customers may learn
    /// whether they are members, never who else is.
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
                CustomerList.Definition, members.TagWith("scatter: the admin's list"), Customer.AsSummary, cancellationToken,
                caller.KeyId is null ? () => db.GroupCounts.Where(c => c.GroupId == id).Select(c => c.Members).SingleOrDefaultAsync(cancellationToken) : null)
            : await list.PageAsync(CustomerList.OnlySelf, members.Where(c => c.Id == caller.Id), Customer.AsSummary, cancellationToken);
    }

    /// <summary>Add customers to a group</summary>
    /// <remarks>Send one customer as customer_id, or up to 1000 as customer_ids. If one of them is unknown, none is added.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> AddMember(
        long id, Body<MembersRequest> body, ManualMemberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, ManualDecision.Add, cancellationToken);

    /// <summary>Remove customers from a group</summary>
    /// <remarks>
    /// Send one customer as customer_id, or up to 1000 as customer_ids. A customer removed from a segment stays out until added again or reset.
    /// </remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> RemoveMember(
        long id, Body<MembersRequest> body, ManualMemberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, ManualDecision.Remove, cancellationToken);

    /// <summary>Reset manual decisions</summary>
    /// <remarks>The group's rule decides again for these customers. In a group without a rule, customers added by hand are no longer
    /// members; members kept from a rule that was switched off stay.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> ResetMember(
        long id, Body<MembersRequest> body, ManualMemberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, ManualDecision.Reset, cancellationToken);
}

namespace Clientele.Server.Groups;

internal static class MembershipsEndpoints
{
    public static readonly ListDefinition<Membership> List = new ListDefinition<Membership>(m => m.GroupId, "group")
        .Boolean("is_member", "Only memberships, or only decisions by hand against one.", value => m => m.IsMember == value)
        .Order("group", m => m.GroupId);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/api/customers/customers/{id:long}/groups/", ListMemberships).WithName(nameof(ListMemberships)).For(Who.Admin, KeyScope.GroupsRead)
            .WithTags("Groups").Lists(List).Answers(400, 404);

    /// <summary>List the groups of a customer</summary>
    /// <remarks>The groups that the customer is in, and those that an admin has excluded the customer from; each with the reason.</remarks>
    internal static async Task<Results<PageResult<MembershipSummary>, Problem>> ListMemberships(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        return await list.PageAsync(List, db.Memberships.Where(m => m.CustomerId == id), m => m, async memberships =>
        {
            var ids = memberships.Select(membership => membership.GroupId).ToArray();
            var groups = ids.Length == 0
                ? []
                : await db.Groups.Where(g => ids.Contains(g.Id)).Select(g => new { g.Id, g.Name, g.AutoAssign })
                    .ToDictionaryAsync(g => g.Id, cancellationToken);

            // A group that is deleted in between takes its memberships with it.
            return memberships.Where(membership => groups.ContainsKey(membership.GroupId)).Select(membership => new MembershipSummary
            {
                Group = membership.GroupId,
                Name = groups[membership.GroupId].Name,
                AutoAssign = groups[membership.GroupId].AutoAssign,
                IsMember = membership.IsMember,
                Origin = JsonNamingPolicy.SnakeCaseLower.ConvertName(membership.Origin.ToString()),
                ChangedAt = membership.ChangedAt,
                ChangedBy = membership.ChangedBy,
                EnteredAt = membership.EnteredAt,
                EnteredCause = membership.EnteredCause?.Name(),
            });
        }, cancellationToken);
    }
}

using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

internal static class GroupsEndpoints
{
    public static readonly ListDefinition<CountedGroup> List = new ListDefinition<CountedGroup>(g => g.Group.Id, "name")
        .Text("name", "The group with this name, regardless of case.", "VIP Gold Members", Name)
        .Boolean("auto_assign", "Only groups whose rule decides, or only the others.", value => g => g.Group.AutoAssign == value)
        .Instant("updated_after", "Changed at or after this instant.", value => g => g.Group.UpdatedAt >= value)
        .Instant("updated_before", "Changed at or before this instant.", value => g => g.Group.UpdatedAt <= value)
        .Order("name", g => g.Group.NameKey)
        .Order("created_at", g => g.Group.CreatedAt)
        .Order("updated_at", g => g.Group.UpdatedAt)
        .Order("members_count", g => g.Members)
        .Search(g => g.Group.SearchText, "name and description");

    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups").WithTag("Groups", "Groups of customers, their benefits and their members.")
            .WithId("groups", "The group's id.", 5);
        groups.MapGet("/", ListGroups).WithName(nameof(ListGroups)).For(Who.Authenticated, KeyScope.GroupsRead).Lists(List).Answers(400, 404);
        groups.MapPost("/", CreateGroup).WithName(nameof(CreateGroup)).For(Who.Admin, KeyScope.GroupsWrite).Creates().Answers(400, 409, 415, 422);
        groups.MapGet("/{id:long}/", GetGroup).WithName(nameof(GetGroup)).For(Who.Authenticated, KeyScope.GroupsRead).Answers(404);
        groups.MapPut("/{id:long}/", ReplaceGroup).WithName(nameof(ReplaceGroup)).For(Who.Admin, KeyScope.GroupsWrite).Answers(400, 404, 412, 415);
        groups.MapPatch("/{id:long}/", UpdateGroup).WithName(nameof(UpdateGroup)).For(Who.Admin, KeyScope.GroupsWrite).Answers(400, 404, 412, 415);
        groups.MapDelete("/{id:long}/", DeleteGroup).WithName(nameof(DeleteGroup)).For(Who.Admin, KeyScope.GroupsWrite).Answers(404, 409, 412);
        groups.MapPost("/{id:long}/rebuild/", RebuildGroup).WithName(nameof(RebuildGroup)).For(Who.Admin, KeyScope.GroupsWrite).Accepted().Answers(404, 409);
    }

    public static string Location(long id) => string.Create(CultureInfo.InvariantCulture, $"/api/customers/groups/{id}/");

    /// <summary>List groups</summary>
    /// <remarks>All signed-in users can read a group's benefits. Only admins see its rule.</remarks>
    internal static Task<Results<PageResult<GroupResponse>, Problem>> ListGroups(ListQuery list, GroupBook groups, CancellationToken cancellationToken) =>
        list.PageAsync(List, groups.Counted, g => g.ToResponse(), cancellationToken);

    /// <summary>Create a group</summary>
    /// <remarks>The name is unique, ignoring case.</remarks>
    internal static async Task<Results<Resource<GroupResponse>, Problem>> CreateGroup(
        Body<GroupRequest> body, GroupBook groups, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        var rule = groups.Check(body, request, errors);
        return errors.Any ? Problems.Invalid(errors) : await groups.AddAsync(request, rule, cancellationToken);
    }

    /// <summary>Get a group</summary>
    /// <remarks>Only admins see the rule.</remarks>
    internal static async Task<Results<Resource<GroupResponse>, Problem>> GetGroup(long id, GroupBook groups, CancellationToken cancellationToken) =>
        await groups.Counted.SingleOrDefaultAsync(g => g.Group.Id == id, cancellationToken) is { } group
            ? new Resource<GroupResponse>(group.ToResponse(), group.Group.Version)
            : Problems.NotFound();

    /// <summary>Replace a group</summary>
    /// <remarks>
    /// Fields that are left out get their default values, except auto_assign and assignment_rules: they do not change. The name is required. When
    /// auto_assign is switched off, the members stay; when it is switched on again, the rule decides about them again.
    /// </remarks>
    internal static Task<Results<Resource<GroupResponse>, Problem>> ReplaceGroup(
        long id, Body<GroupRequest> body, HttpContext context, GroupBook groups, CancellationToken cancellationToken) =>
        groups.ChangeAsync(id, body, replace: true, context.Request, cancellationToken);

    /// <summary>Update a group</summary>
    /// <remarks>A JSON merge patch (RFC 7396): fields that are left out are not changed. assignment_rules is replaced as a whole.</remarks>
    internal static Task<Results<Resource<GroupResponse>, Problem>> UpdateGroup(
        long id, Body<GroupRequest> body, HttpContext context, GroupBook groups, CancellationToken cancellationToken) =>
        groups.ChangeAsync(id, body, replace: false, context.Request, cancellationToken);

    /// <summary>Delete a group</summary>
    /// <remarks>Also deletes its memberships; the customers stay. Returns 409 if the rule of another group refers to this group.</remarks>
    internal static Task<Results<NoContent, Problem>> DeleteGroup(long id, HttpContext context, GroupBook groups, CancellationToken cancellationToken) =>
        groups.RemoveAsync(id, context.Request, cancellationToken);

    /// <summary>Evaluate a group's rule for everybody</summary>
    /// <remarks>The evaluation runs in the background; the group's state and progress show how far it is. It writes only memberships that change.</remarks>
    internal static Task<Results<Resource<GroupResponse>, Problem>> RebuildGroup(
        long id, ClienteleDb db, RequestTransaction transaction, SegmentQueue queue, GroupBook groups, CancellationToken cancellationToken) =>
        transaction.RunAsync<Results<Resource<GroupResponse>, Problem>>(
            async () =>
            {
                var begun = await Segment.RebuildAsync(db.Segments.Where(s => s.GroupId == id), cancellationToken);
                if (await groups.Counted.SingleOrDefaultAsync(g => g.Group.Id == id, cancellationToken) is not { } group)
                {
                    return Problems.NotFound();
                }

                queue.Signal();
                return begun == 0
                    ? new Problem("no_rule", "There is nothing to evaluate: auto_assign is off.")
                    : new Resource<GroupResponse>(group.ToResponse(), group.Group.Version) { IsAccepted = true };
            },
            cancellationToken);

    private static Expression<Func<CountedGroup, bool>> Name(string text)
    {
        var name = TextFolding.NameKey(text);
        return g => g.Group.NameKey == name;
    }
}

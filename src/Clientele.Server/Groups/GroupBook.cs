using System.Text.Json;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Groups;

/// <summary>The groups and the writes to them.</summary>
internal sealed class GroupBook(ClienteleDb db, UnitOfWork unit, IdBlocks ids, TimeProvider clock)
{
    public IQueryable<CountedGroup> Counted => db.Groups.Join(
        db.GroupCounts, g => g.Id, c => c.GroupId, (g, c) => new CountedGroup { Group = g, Members = c.Members });

    /// <summary>The rules beyond the shape of single members.</summary>
    public static void Check(GroupRequest request, Errors errors)
    {
        var rule = request.AssignmentRules;
        if (rule is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            errors.Add("assignment_rules", "Must be a JSON object.");
        }
        else if (request.AutoAssign && (rule is null || rule.Value.ValueKind == JsonValueKind.Null || !rule.Value.EnumerateObject().Any()))
        {
            errors.Add("assignment_rules", "auto_assign needs a rule: without one nobody could be a member.");
        }
    }

    public Task<Results<Resource<GroupResponse>, Problem>> AddAsync(GroupRequest request, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<Resource<GroupResponse>, Problem>>(
            async () =>
            {
                var now = clock.Now();
                var group = new Group { Id = await ids.NextAsync(IdBlocks.Groups, cancellationToken), Name = "", CreatedAt = now, UpdatedAt = now };
                Assign(group, request);
                if (!await ClaimAsync(group, cancellationToken))
                {
                    return Taken();
                }

                db.Add(group);
                db.Add(new GroupCount { GroupId = group.Id, Members = 0 });
                unit.Audit.RecordGroup(group.Id, "group.created", group, first: true);
                return new Resource<GroupResponse>(group.ToResponse(0), group.Version) { Location = GroupsEndpoints.Location(group.Id) };
            },
            cancellationToken);

    public Task<Results<Resource<GroupResponse>, Problem>> ChangeAsync(
        long id, Body<GroupRequest> body, bool replace, HttpRequest http, CancellationToken cancellationToken) =>
        WithGroupAsync<Resource<GroupResponse>>(
            id,
            http,
            async group =>
            {
                var errors = new Errors();
                var request = body.Over(replace ? new GroupRequest() : Present(group), errors, patch: !replace);
                Check(request, errors);
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                var oldKey = group.NameKey;
                Assign(group, request);
                if (group.NameKey != oldKey)
                {
                    if (!await ClaimAsync(group, cancellationToken))
                    {
                        return Taken();
                    }

                    await db.GroupNames.Where(n => n.Name == oldKey).ExecuteDeleteAsync(cancellationToken);
                }

                if (db.Entry(group).State == EntityState.Modified)
                {
                    unit.Audit.RecordGroup(id, "group.updated", group);
                    group.Version++;
                    group.UpdatedAt = clock.Now();
                }

                var members = await db.GroupCounts.Where(c => c.GroupId == id).Select(c => c.Members).SingleAsync(cancellationToken);
                return new Resource<GroupResponse>(group.ToResponse(members), group.Version);
            },
            cancellationToken);

    public Task<Results<NoContent, Problem>> RemoveAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        WithGroupAsync<NoContent>(
            id,
            http,
            async group =>
            {
                await db.GroupNames.Where(n => n.Name == group.NameKey).ExecuteDeleteAsync(cancellationToken);
                unit.Audit.RecordGroup(id, "group.deleted");

                await db.Memberships.Where(m => m.GroupId == id).TagWith("scatter: the members of a deleted group").ExecuteDeleteAsync(cancellationToken);
                db.Remove(group);
                return TypedResults.NoContent();
            },
            cancellationToken);

    private Task<Results<T, Problem>> WithGroupAsync<T>(long id, HttpRequest http, Func<Group, Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult =>
        unit.RunAsync<Results<T, Problem>>(
            async () => await db.LockGroupAsync(id, cancellationToken) is not { } group ? Problems.NotFound()
                : ETags.Stale(http, group.Version) is { } stale ? stale
                : await work(group),
            cancellationToken);

    private async Task<bool> ClaimAsync(Group group, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"INSERT INTO group_names (name, group_id) VALUES ({group.NameKey}, {group.Id}) ON CONFLICT DO NOTHING", cancellationToken) == 1;

    private static Problem Taken() => Problems.Invalid("name", "A group has this name already.");

    private static GroupRequest Present(Group group) => new()
    {
        Name = group.Name,
        Description = group.Description,
        AutoAssign = group.AutoAssign,
        AssignmentRules = JsonSerializer.Deserialize(group.AssignmentRules, WireJson.Default.JsonElement),
        DiscountPercentage = group.DiscountPercentage / 100m,
        PrioritySupport = group.PrioritySupport,
        FreeShipping = group.FreeShipping,
    };

    private static void Assign(Group group, GroupRequest request)
    {
        group.Name = request.Name.Trim();
        group.Description = request.Description;
        group.AutoAssign = request.AutoAssign;
        group.AssignmentRules = request.AssignmentRules is { ValueKind: JsonValueKind.Object } rule ? rule.GetRawText() : "{}";
        group.DiscountPercentage = (int)(request.DiscountPercentage * 100);
        group.PrioritySupport = request.PrioritySupport;
        group.FreeShipping = request.FreeShipping;
        group.Index();
    }
}

using Clientele.Server.Privacy;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

internal sealed class GroupBook(
    ClienteleDb db, RequestTransaction transaction, AuditTrail audit, IdBlocks ids, GroupGraph graph, SegmentRules rules, SegmentQueue queue,
    TimeProvider clock)
{
    /// <summary>The time limit for a statement over all members of a group.</summary>
    private static readonly TimeSpan WholeGroup = TimeSpan.FromMinutes(10);

    public IQueryable<CountedGroup> Counted => db.Groups.Join(db.GroupCounts, g => g.Id, c => c.GroupId, (g, c) => new { g, c.Members })
        .LeftJoin(db.Segments, g => g.g.Id, s => s.GroupId, (g, s) => new CountedGroup { Group = g.g, Members = g.Members, Segment = s });

    /// <summary>Validates what concerns more than one member of the body, and parses the rule, if there is one.</summary>
    public Rule? Check(Body<GroupRequest> body, GroupRequest request, Errors errors)
    {
        if (request.FromFilters is { } filters)
        {
            errors.Require(!body.Has("assignment_rules"), "from_filters", "Replaces assignment_rules: send only one of the two.");
            if (CustomerList.RuleOf(filters, rules.TierNames, "from_filters", errors) is not { } means)
            {
                return null;
            }

            request.AssignmentRules = JsonSerializer.SerializeToElement(means, WireJson.Default.JsonObject);
        }

        switch (request.AssignmentRules)
        {
            case { ValueKind: JsonValueKind.Object } rule when rule.EnumerateObject().Any():
                return rules.Parse(rule, errors);
            case null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }:
                errors.Require(!request.AutoAssign, "assignment_rules", "auto_assign needs a rule: without one nobody could be a member.");
                return null;
            default:
                errors.Add("assignment_rules", "Must be a JSON object.");
                return null;
        }
    }

    /// <summary>
    /// A stored rule may have become invalid since. If the request does not touch it, the group can still be renamed, switched off, or put back as it is.
    /// </summary>
    private Rule? CheckChange(Body<GroupRequest> body, GroupRequest request, GroupRequest stored, Errors errors)
    {
        var isSame = request.AssignmentRules is { } given && JsonElement.DeepEquals(given, stored.AssignmentRules!.Value);
        if (isSame)
        {
            request.AssignmentRules = stored.AssignmentRules;
        }

        return isSame && request.FromFilters is null && (!request.AutoAssign || stored.AutoAssign) ? null : Check(body, request, errors);
    }

    public Task<Results<Resource<GroupResponse>, Problem>> AddAsync(GroupRequest request, Rule? rule, CancellationToken cancellationToken) =>
        transaction.RunAsync<Results<Resource<GroupResponse>, Problem>>(
            async () =>
            {
                var now = clock.Now();
                var group = new Group { Id = await ids.NextAsync(IdBlocks.Groups, cancellationToken), Name = "", CreatedAt = now, UpdatedAt = now };
                Assign(group, request);
                if (rule is { RefersTo.Count: > 0 })
                {
                    // Before the name, in the same order as every change of a group.
                    await graph.LockAsync(cancellationToken);
                }

                if (await ClaimAsync(group, cancellationToken) is { } taken)
                {
                    return taken;
                }

                if (rule is { RefersTo.Count: > 0 } && await graph.ReferAsync(group, rule, cancellationToken) is { } wrong)
                {
                    return wrong;
                }

                db.Add(group);
                db.Add(new GroupCount { GroupId = group.Id, Members = 0 });
                var segment = group.AutoAssign ? StartSegment(group.Id) : null;
                audit.RecordGroup(group.Id, "group.created", group, first: true);
                return new Resource<GroupResponse>(group.ToResponse(0, segment), group.Version) { Location = GroupsEndpoints.Location(group.Id) };
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
                var stored = Present(group);
                var request = body.Over(replace ? Kept(stored) : stored with { }, errors, patch: !replace, stored);
                var rule = CheckChange(body, request, stored, errors);
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                var (oldRule, wasAutomatic) = (group.AssignmentRules, group.AutoAssign);
                if (await AssignAsync(group, request, rule, cancellationToken) is { } problem)
                {
                    return problem;
                }

                if (db.Entry(group).State == EntityState.Modified)
                {
                    audit.RecordGroup(id, "group.updated", group);
                    group.Version++;
                    group.UpdatedAt = clock.Now();
                }

                var log = (await MembershipLog.LockAsync(db, id, clock, cancellationToken))!;
                var segment = await UpdateMembersAsync(group, log, wasAutomatic, ruleChanged: group.AssignmentRules != oldRule, cancellationToken);
                return new Resource<GroupResponse>(group.ToResponse(log.Members, segment), group.Version);
            },
            cancellationToken);

    public Task<Results<NoContent, Problem>> RemoveAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        WithGroupAsync<NoContent>(
            id,
            http,
            async group =>
            {
                if (await graph.ReferringAsync(id, cancellationToken) is [_, ..] referring)
                {
                    return new Problem("group_in_use", $"The rules of other groups refer to this group: {string.Join(", ", referring)}. Change them first.");
                }

                await db.GroupNames.Where(n => n.Name == group.NameKey).ExecuteDeleteAsync(cancellationToken);
                audit.RecordGroup(id, AuditTrail.GroupDeleted);

                var log = (await MembershipLog.LockAsync(db, id, clock, cancellationToken))!;
                await db.AllowAsync(WholeGroup, cancellationToken);
                await log.DeleteAllAsync(cancellationToken);
                db.Remove(group);
                return TypedResults.NoContent();
            },
            cancellationToken);

    private Task<Results<T, Problem>> WithGroupAsync<T>(
        long id, HttpRequest http, Func<Group, Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult =>
        transaction.RunAsync<Results<T, Problem>>(
            async () =>
            {
                await graph.LockAsync(cancellationToken);
                return await db.LockAsync<Group>(id, cancellationToken) is not { } group ? Problems.NotFound()
                    : ETags.Stale(http, group.Version) is { } stale ? stale
                    : await work(group);
            },
            cancellationToken);

    /// <summary>Changes a locked group, its name and its references to other groups.</summary>
    private async Task<Problem?> AssignAsync(Group group, GroupRequest request, Rule? rule, CancellationToken cancellationToken)
    {
        var (oldKey, oldRule) = (group.NameKey, group.AssignmentRules);
        Assign(group, request);
        if (group.AssignmentRules != oldRule && await graph.ReferAsync(group, rule, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        if (group.NameKey == oldKey)
        {
            return null;
        }

        if (await ClaimAsync(group, cancellationToken) is { } taken)
        {
            return taken;
        }

        await db.GroupNames.Where(n => n.Name == oldKey).ExecuteDeleteAsync(cancellationToken);
        return null;
    }

    private Segment StartSegment(long id)
    {
        var segment = new Segment { GroupId = id, State = SegmentState.Building, Version = 1, ClaimedUntil = DateTime.UnixEpoch };
        db.Add(segment);
        return segment;
    }

    /// <summary>Adjusts the members to the changed group. The count must be locked.</summary>
    private async Task<Segment?> UpdateMembersAsync(Group group, MembershipLog log, bool wasAutomatic, bool ruleChanged, CancellationToken cancellationToken)
    {
        if (!wasAutomatic)
        {
            if (!group.AutoAssign)
            {
                return null;
            }

            await db.AllowAsync(WholeGroup, cancellationToken);
            await log.ReturnKeptAsync(cancellationToken);
            return StartSegment(group.Id);
        }

        if (group.AutoAssign && ruleChanged)
        {
            await Segment.RebuildAsync(db.Segments.Where(s => s.GroupId == group.Id), cancellationToken);
        }

        var segment = await db.Segments.AsTracking().SingleAsync(s => s.GroupId == group.Id, cancellationToken);
        if (!group.AutoAssign)
        {
            db.Remove(segment);
            await KeepMembersAsync(log, cancellationToken);
            return null;
        }

        return segment;
    }

    /// <summary>
    /// When the rule is switched off, its members are kept until it is switched on again. Customers added by hand who were no members because they
    /// are inactive become members again.
    /// </summary>
    private async Task KeepMembersAsync(MembershipLog log, CancellationToken cancellationToken)
    {
        await db.AllowAsync(WholeGroup, cancellationToken);
        await log.KeepAllAsync(cancellationToken);
        var returning = await db.Memberships.AsTracking().TagWith("scatter: the inactive members of a group whose rule is switched off")
            .Where(m => m.GroupId == log.GroupId && m.Origin == MembershipOrigin.Included && !m.IsMember).OrderBy(m => m.CustomerId)
            .ToListAsync(cancellationToken);
        returning.ForEach(row => log.Set(row, row.CustomerId, isMember: true, Cause.Rule));
        var dependents = await graph.DependentsAsync(log.GroupId, cancellationToken);
        await queue.AddAsync(db, returning.ConvertAll(row => row.CustomerId), dependents, Cause.Group, cancellationToken);
    }

    /// <summary>Claims the group's name. Returns a problem if another group has it.</summary>
    private async Task<Problem?> ClaimAsync(Group group, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"INSERT INTO group_names (name, group_id) VALUES ({group.NameKey}, {group.Id}) ON CONFLICT DO NOTHING", cancellationToken) == 1
        ? null
        : Problems.Invalid("name", "There is already a group with this name.");

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

    /// <summary>The values that a PUT overrides: the defaults, and whether and which rule decides.</summary>
    private static GroupRequest Kept(GroupRequest stored) => new() { AutoAssign = stored.AutoAssign, AssignmentRules = stored.AssignmentRules };

    private static void Assign(Group group, GroupRequest request)
    {
        group.Name = request.Name;
        group.Description = request.Description;
        group.AutoAssign = request.AutoAssign;
        group.AssignmentRules = request.AssignmentRules is { ValueKind: JsonValueKind.Object } rule ? rule.GetRawText() : "{}";
        group.DiscountPercentage = (int)(request.DiscountPercentage * 100);
        group.PrioritySupport = request.PrioritySupport;
        group.FreeShipping = request.FreeShipping;
        group.DeriveKeys();
    }
}

using Clientele.Server.Privacy;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>Membership decided by hand.</summary>
internal sealed class ManualMemberships(
    ClienteleDb db, RequestTransaction transaction, AuditTrail audit, Caller caller, SegmentRules rules, SegmentQueue queue,
    Evaluation evaluation, GroupGraph graph, TimeProvider clock)
{
    public Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> RunAsync(
        long groupId, Body<MembersRequest> body, ManualDecision decision, CancellationToken cancellationToken) =>
        transaction.RunAsync<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>>(
            async () =>
            {
                var request = body.Read(out var errors);
                var isOne = request.CustomerId is null != request.CustomerIds is null;
                errors.Require(errors.Any || isOne, "customer_id", "Either customer_id or customer_ids is required.");
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                if (await db.KeepAsync<Group>(groupId, cancellationToken) is null)
                {
                    return Problems.NotFound();
                }

                var ids = request.CustomerIds?.Distinct().ToArray() ?? [request.CustomerId!.Value];
                var known = ids.Length == 0 ? [] : (await db.LockAllAsync<Customer>(ids, cancellationToken))
                    .Where(c => !caller.IsHidden(c)).ToDictionary(c => c.Id, c => c.IsActive);
                if (known.Count < ids.Length)
                {
                    return Unknown(request, ids.Where(id => !known.ContainsKey(id)));
                }

                return Answer(request, groupId, decision, ids.Length, ids.Length == 0 ? 0 : await ApplyAsync(groupId, known, decision, cancellationToken));
            },
            cancellationToken);

    /// <summary>
    /// Stores the decisions about locked customers, by id and whether they are active, and returns how many are new. Also evaluates the rule at once, so
    /// that the response is final.
    /// </summary>
    public async Task<int> ApplyAsync(long groupId, Dictionary<long, bool> customers, ManualDecision decision, CancellationToken cancellationToken)
    {
        var log = (await MembershipLog.LockAsync(db, groupId, clock, cancellationToken))!;
        var segment = await rules.FindAsync(db, groupId, cancellationToken);
        var ids = customers.Keys.ToArray();
        var rows = await db.Memberships.AsTracking().Where(m => m.GroupId == groupId && ids.Contains(m.CustomerId))
            .ToDictionaryAsync(m => m.CustomerId, cancellationToken);
        var decided = ids.Where(id => Decide(id, groupId, decision, segment is not null, rows, log.At)).ToList();
        foreach (var id in decided)
        {
            audit.Record(id, Action(decision), AuditTrail.Resource("group", groupId));
        }

        var moved = segment is { CanBeEvaluated: true } && decision == ManualDecision.Reset && decided.Count > 0
            ? await EvaluateAsync(segment, log, decided, customers, rows, cancellationToken)
            : [.. decided.Where(id => Set(rows.GetValueOrDefault(id), id))];
        if (segment is { CanBeEvaluated: false })
        {
            await queue.AddAsync(db, decided, [groupId], Cause.ByHand, cancellationToken);
        }

        if (moved.Count > 0)
        {
            await queue.AddAsync(db, moved, await graph.DependentsAsync(groupId, cancellationToken), Cause.Group, cancellationToken);
        }

        await transaction.SaveAsync(cancellationToken);
        return decided.Count;

        // Without evaluating the rule: its result is unknown or not needed here.
        bool Set(Membership? row, long id) =>
            log.Set(row, id, Evaluation.Belongs(segment, customers, row, id, matches: segment is not null && row is { IsMember: true }), Cause.ByHand);
    }

    private static Problem Unknown(MembersRequest request, IEnumerable<long> ids) => request.CustomerId is null
        ? Problems.Invalid("customer_ids", $"There are no such customers: {string.Join(", ", ids.Take(20))}.")
        : new Problem("not_found", "There is no such customer.")
        {
            Errors = new Dictionary<string, string[]> { ["customer_id"] = ["There is no such customer."] },
        };

    /// <summary>
    /// Lets the rule decide. If the database cannot evaluate it, the customers are queued: a worker will find the same error and mark the group. The
    /// savepoint is needed because PostgreSQL accepts nothing more in a transaction in which a statement has failed.
    /// </summary>
    private async Task<List<long>> EvaluateAsync(
        LiveSegment segment, MembershipLog log, List<long> decided, Dictionary<long, bool> customers, Dictionary<long, Membership> rows,
        CancellationToken cancellationToken)
    {
        const string BeforeRule = "before_rule";
        var transaction = db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(BeforeRule, cancellationToken);
        try
        {
            var causes = decided.ToDictionary(id => id, _ => Cause.ByHand);
            return await evaluation.EvaluateAsync(segment, log, causes, customers, rows.GetValueOrDefault, cancellationToken);
        }
        catch (EvaluationException)
        {
            await transaction.RollbackToSavepointAsync(BeforeRule, cancellationToken);
            await queue.AddAsync(db, decided, [segment.GroupId], Cause.ByHand, cancellationToken);
            return [.. decided.Where(id => log.Set(rows[id], id, rows[id].IsMember, Cause.ByHand))];
        }
    }

    /// <summary>Stores the decision. Returns whether it changes anything.</summary>
    private bool Decide(long id, long groupId, ManualDecision decision, bool hasRule, Dictionary<long, Membership> rows, DateTime at)
    {
        var (row, wanted) = (rows.GetValueOrDefault(id), decision switch
        {
            ManualDecision.Add => MembershipOrigin.Included,
            ManualDecision.Remove when hasRule => MembershipOrigin.Excluded,
            _ => MembershipOrigin.Rule,
        });
        var present = row?.Origin ?? MembershipOrigin.Rule;

        // A kept member can be removed, but there is no decision by hand that could be reset.
        var nothingToUndo = decision == ManualDecision.Remove ? MembershipOrigin.Excluded : MembershipOrigin.Kept;
        if (present == wanted || (decision != ManualDecision.Add && present == nothingToUndo))
        {
            return false;
        }

        if (row is null)
        {
            rows[id] = row = new Membership { CustomerId = id, GroupId = groupId, Origin = wanted, IsMember = false, ChangedAt = at };
            db.Add(row);
        }

        (row.Origin, row.ChangedAt, row.ChangedBy) = (wanted, at, wanted == MembershipOrigin.Rule ? null : caller.Id);
        return true;
    }

    private static Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem> Answer(
        MembersRequest request, long groupId, ManualDecision decision, int asked, int changed) =>
        request.CustomerId is { } one
            ? TypedResults.Ok(new MembershipResponse { Message = Message(decision, "Customer"), Group = groupId, Customer = one, Changed = changed == 1 })
            : TypedResults.Ok(new MembershipsResponse
            {
                Message = Message(decision, string.Create(CultureInfo.InvariantCulture, $"{asked} customers")),
                Group = groupId,
                Changed = changed,
                Unchanged = asked - changed,
            });

    private static string Action(ManualDecision decision) => decision switch
    {
        ManualDecision.Add => AuditAction.MembershipAdded,
        ManualDecision.Remove => AuditAction.MembershipRemoved,
        ManualDecision.Reset => AuditAction.MembershipReset,
    };

    private static string Message(ManualDecision decision, string who) => decision switch
    {
        ManualDecision.Add => $"{who} added to the group.",
        ManualDecision.Remove => $"{who} removed from the group.",
        ManualDecision.Reset => $"{who} reset: manual decisions no longer apply.",
    };
}

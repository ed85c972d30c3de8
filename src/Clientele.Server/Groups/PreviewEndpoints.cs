using Clientele.Server.Rules;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>Trying out a rule, and explaining its result.</summary>
internal static class PreviewEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups").WithTags("Segments");
        groups.MapPost("/preview/", PreviewRule).WithName(nameof(PreviewRule)).For(Who.Admin, KeyScope.GroupsRead).Answers(400, 404, 415).ReadsAllCustomers();
        groups.MapGet("/{id:long}/explain/", ExplainMembership).WithName(nameof(ExplainMembership)).For(Who.Admin, KeyScope.GroupsRead).Answers(400, 404);
    }

    /// <summary>Try out a rule</summary>
    /// <remarks>
    /// Returns how many customers match now, and some of them. With a group, also who would enter, leave and stay if the group had this rule, taking
    /// its manual decisions into account. Nothing is changed.
    /// </remarks>
    internal static async Task<Results<Ok<PreviewResponse>, Problem>> PreviewRule(
        Body<PreviewRequest> body, Caller caller, ClienteleDb db, Database database, SegmentRules rules, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        errors.Require(request.AssignmentRules is null or { ValueKind: JsonValueKind.Object }, "assignment_rules", "Must be a JSON object.");

        if (errors.Any || rules.Parse(request.AssignmentRules!.Value, errors) is not { } rule)
        {
            return Problems.Invalid(errors);
        }

        if (request.Group is { } group && !await db.Groups.AnyAsync(g => g.Id == group, cancellationToken))
        {
            return Problems.Invalid("group", "There is no such group.");
        }

        if (await MissingAsync(rule, db, cancellationToken) is { } missing)
        {
            return Problems.Invalid(missing.Pointer + "/in_group", "There is no such group.");
        }

        using var planned = database.WithoutPreparing(db);
        await using var snapshot = db.Database.CurrentTransaction is null ? await db.ReadSnapshotAsync(cancellationToken) : null;
        await db.StandBackAsync(cancellationToken);
        return TypedResults.Ok(await CompareAsync(rule, request, caller.Customers, db, clock.Now(), cancellationToken));
    }

    /// <summary>Explain why a customer is or is not in a group</summary>
    /// <remarks>
    /// Returns the rule node by node: whether the node is true for the customer now, the customer's value, whether the result of the whole rule would
    /// change if only this node changed, and what would have to change for that.
    /// </remarks>
    /// <param name="customer" example="123">The customer's id; by default the caller's own.</param>
    internal static async Task<Results<Ok<ExplanationResponse>, Problem>> ExplainMembership(
        long id, string? customer, HttpContext context, Caller caller, ClienteleDb db, SegmentRules rules, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "customer");
        var customerId = customer is null ? caller.Id : ListText.Integer(customer);
        errors.Require(customerId is not null || errors.Has("customer"), "customer", $"Must be {ListText.Of(ListValue.Integer).Expected}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
        if (group is null || await caller.Customers.SingleOrDefaultAsync(c => c.Id == customerId, cancellationToken) is not { } who)
        {
            return Problems.NotFound();
        }

        var json = JsonSerializer.Deserialize(group.AssignmentRules, WireJson.Default.JsonElement);
        var rule = group.AssignmentRules == "{}" ? null : rules.Parse(json, new Errors(), pointer: "");
        var membership = await db.Memberships.SingleOrDefaultAsync(m => m.CustomerId == who.Id && m.GroupId == id, cancellationToken);
        var explanation = rule is null ? null : await new Explanation(db, rule, who, clock.Now()).RunAsync(json, cancellationToken);
        return TypedResults.Ok(new ExplanationResponse
        {
            Customer = who.Id,
            Matches = explanation?.Matches == true && (rule!.TestsActivity || who.IsActive),
            Member = membership is { IsMember: true },
            Origin = membership is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(membership.Origin.ToString()),
            Tree = explanation,
        });
    }

    private static async Task<PreviewResponse> CompareAsync(
        Rule rule, PreviewRequest request, IQueryable<Customer> visible, ClienteleDb db, DateTime now, CancellationToken cancellationToken)
    {
        var customers = visible.TagWith("scatter: a rule is tried out");
        var (count, sample) = await SampleAsync(customers.Where(rule.Matches(db, now)), request.SampleSize, cancellationToken);
        if (request.Group is not { } group)
        {
            return new() { Count = count, Sample = sample, Entering = null, Leaving = null, Staying = null, EnteringSample = null, LeavingSample = null };
        }

        var wouldBelong = WouldBelong(rule, db, group, now);
        Expression<Func<Customer, bool>> isMember = c => db.Memberships.Any(m => m.GroupId == group && m.CustomerId == c.Id && m.IsMember);
        var (entering, enteringSample) = await SampleAsync(customers.Where(wouldBelong).Where(Not(isMember)), request.SampleSize, cancellationToken);
        var (leaving, leavingSample) = await SampleAsync(customers.Where(isMember).Where(Not(wouldBelong)), request.SampleSize, cancellationToken);
        return new()
        {
            Count = count,
            Sample = sample,
            Entering = entering,
            Leaving = leaving,
            Staying = await customers.Where(wouldBelong).Where(isMember).LongCountAsync(cancellationToken),
            EnteringSample = enteringSample,
            LeavingSample = leavingSample,
        };
    }

    /// <summary>The members that a group with this rule would have: customers who match or were added by hand, except those removed by hand.</summary>
    private static Expression<Func<Customer, bool>> WouldBelong(Rule rule, ClienteleDb db, long groupId, DateTime now)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        var belongs = Logic.Or(rule.Root.Holds(customer, rule.At(db, now)), IsDecided(MembershipOrigin.Included));
        var isActive = rule.TestsActivity ? Logic.True : Expression.Property(customer, nameof(Customer.IsActive));
        return Expression.Lambda<Func<Customer, bool>>(Logic.And(isActive, Logic.And(belongs, Logic.Not(IsDecided(MembershipOrigin.Excluded)))), customer);

        Expression IsDecided(MembershipOrigin origin)
        {
            Expression<Func<Membership, bool>> decided = m => m.GroupId == groupId && m.Origin == origin;
            return RowConditions.Any(db.Memberships, customer, membership => Logic.Of(decided, membership));
        }
    }

    /// <summary>The first node that refers to a group that does not exist.</summary>
    private static async Task<InGroup?> MissingAsync(Rule rule, ClienteleDb db, CancellationToken cancellationToken)
    {
        var ids = rule.Groups.Select(node => node.Id).Distinct().ToArray();
        var known = ids.Length == 0 ? [] : await db.Groups.Where(g => ids.Contains(g.Id)).Select(g => g.Id).ToListAsync(cancellationToken);
        return rule.Groups.FirstOrDefault(node => !known.Contains(node.Id));
    }

    private static async Task<(long Count, List<CustomerSummary> Sample)> SampleAsync(
        IQueryable<Customer> matching, int size, CancellationToken cancellationToken) => (
        await matching.LongCountAsync(cancellationToken),
        size == 0 ? [] : await matching.OrderBy(c => c.Id).Take(size).Select(Customer.AsSummary).ToListAsync(cancellationToken));

    private static Expression<Func<Customer, bool>> Not(Expression<Func<Customer, bool>> condition) =>
        Expression.Lambda<Func<Customer, bool>>(Expression.Not(condition.Body), condition.Parameters);
}

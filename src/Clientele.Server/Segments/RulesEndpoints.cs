using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Segments;

internal static class RulesEndpoints
{
    public const string Rules = "/assignment_rules";

    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups").WithTag("Segments", "Rules that decide who is in a group: try them out and explain their results.");
        groups.MapGet("/fields/", ListRuleFields).WithName(nameof(ListRuleFields)).For(Who.Admin);
        groups.MapPost("/preview/", PreviewRule).WithName(nameof(PreviewRule)).For(Who.Admin).Answers(400, 404, 415).LooksAtEverybody();
        groups.MapGet("/{id:long}/explain/", ExplainMembership).WithName(nameof(ExplainMembership)).For(Who.Admin).Answers(400, 404);
    }

    /// <summary>List what rules can be made of</summary>
    /// <remarks>Returns the fields, relations, operators and units of the rule language: everything that a rule builder needs.</remarks>
    internal static Ok<RuleVocabulary> ListRuleFields(IOptions<Programme> programme)
    {
        var tiers = programme.Value.Ladder.Select(tier => tier.Name).ToList();
        return TypedResults.Ok(new RuleVocabulary
        {
            Version = 1,
            Fields = [.. Vocabulary.Fields.Select(Of)],
            Relations = [.. Vocabulary.Relations.Select(relation => new RuleRelation { Name = relation.Name, Members = [.. relation.Members.Select(Of)] })],
            Operators = [.. Operators.All.Select(name => new RuleOperator { Name = name, Value = Operators.Shape(name) })],
            Aggregates = RuleReader.Aggregates,
            Units = Span.Units,
        });

        RuleField Of(Field field) => new()
        {
            Name = field.Name,
            Type = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Type.ToString()),
            Description = field.Description,
            Operators = field.Operators,
            Values = field switch
            {
                TierField => tiers,
                EnumerationField known => [.. known.Values.Select(value => value.Name)],
                _ => null,
            },
        };
    }

    /// <summary>Try out a rule</summary>
    /// <remarks>
    /// Returns how many customers match now, and some of them. With a group, also who would enter, leave and stay if the group had this rule, taking
    /// its manual decisions into account. Nothing is changed.
    /// </remarks>
    internal static async Task<Results<Ok<PreviewResponse>, Problem>> PreviewRule(
        Body<PreviewRequest> body, ClienteleDb db, Database database, IOptions<Programme> programme, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var request = body.Read(errors);
        if (request.AssignmentRules is { ValueKind: not JsonValueKind.Object })
        {
            errors.Add("assignment_rules", "Must be a JSON object.");
        }

        if (errors.Any || SegmentRule.Parse(request.AssignmentRules!.Value, Rules, programme.Value.TierNames, errors) is not { } rule)
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
        var now = clock.Now();
        var customers = db.Customers.TagWith("scatter: a rule is tried out");
        var (count, sample) = await SampleAsync(customers.Where(rule.Matches(db, now)), request.SampleSize, cancellationToken);
        if (request.Group is not { } id)
        {
            return TypedResults.Ok(new PreviewResponse { Count = count, Sample = sample, Entering = null, Leaving = null, Staying = null, EnteringSample = null, LeavingSample = null });
        }

        var belong = rule.Belong(db, id, now);
        Expression<Func<Customer, bool>> member = c => db.Memberships.Any(m => m.GroupId == id && m.CustomerId == c.Id && m.IsMember);
        var (entering, entrants) = await SampleAsync(customers.Where(belong).Where(Not(member)), request.SampleSize, cancellationToken);
        var (leaving, leavers) = await SampleAsync(customers.Where(member).Where(Not(belong)), request.SampleSize, cancellationToken);
        return TypedResults.Ok(new PreviewResponse
        {
            Count = count,
            Sample = sample,
            Entering = entering,
            Leaving = leaving,
            Staying = await customers.Where(belong).Where(member).LongCountAsync(cancellationToken),
            EnteringSample = entrants,
            LeavingSample = leavers,
        });
    }

    /// <summary>Explain why a customer is or is not in a group</summary>
    /// <remarks>
    /// Returns the rule node by node: whether the node is true for the customer now, the customer's value, whether the result of the whole rule would
    /// change if only this node changed, and what would have to change for that.
    /// </remarks>
    /// <param name="customer" example="123">The customer's id; by default the caller's own.</param>
    internal static async Task<Results<Ok<ExplanationResponse>, Problem>> ExplainMembership(
        long id, string? customer, HttpContext context, Caller caller, ClienteleDb db, IOptions<Programme> programme, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "customer");
        var customerId = customer is null ? caller.Id : ListText.Integer(customer);
        if (customerId is null && !errors.Has("customer"))
        {
            errors.Add("customer", $"Must be {ListText.Expected(ListValue.Integer)}.");
        }

        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
        if (group is null || await db.Customers.SingleOrDefaultAsync(c => c.Id == customerId, cancellationToken) is not { } who)
        {
            return Problems.NotFound();
        }

        var json = JsonSerializer.Deserialize(group.AssignmentRules, WireJson.Default.JsonElement);
        var rule = group.AssignmentRules == "{}" ? null : SegmentRule.Parse(json, "", programme.Value.TierNames, new Errors());
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

    /// <summary>The first node that refers to a group that does not exist.</summary>
    public static async Task<InGroup?> MissingAsync(SegmentRule rule, ClienteleDb db, CancellationToken cancellationToken)
    {
        var ids = rule.Groups.Select(node => node.Id).Distinct().ToArray();
        var known = ids.Length == 0 ? [] : await db.Groups.Where(g => ids.Contains(g.Id)).Select(g => g.Id).ToListAsync(cancellationToken);
        return rule.Groups.FirstOrDefault(node => !known.Contains(node.Id));
    }

    private static async Task<(long Count, List<CustomerSummary> Sample)> SampleAsync(IQueryable<Customer> matching, int size, CancellationToken cancellationToken) => (
        await matching.LongCountAsync(cancellationToken),
        size == 0 ? [] : await matching.OrderBy(c => c.Id).Take(size).Select(Customer.AsSummary).ToListAsync(cancellationToken));

    private static Expression<Func<Customer, bool>> Not(Expression<Func<Customer, bool>> condition) =>
        Expression.Lambda<Func<Customer, bool>>(Expression.Not(condition.Body), condition.Parameters);
}

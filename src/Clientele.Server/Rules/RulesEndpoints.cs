using Clientele.Server.Loyalty;

namespace Clientele.Server.Rules;

internal static class RulesEndpoints
{
    private const int LongestSearch = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/api/customers/groups").WithTag("Segments", "Rules that decide who is in a group: try them out and explain their results.");
        rules.MapGet("/fields/", ListRuleFields).WithName(nameof(ListRuleFields)).For(Who.Admin, KeyScope.GroupsRead);
        rules.MapGet("/values/", ListRuleValues).WithName(nameof(ListRuleValues)).For(Who.Admin, KeyScope.GroupsRead).Answers(400).MayReadReplica();
    }

    /// <summary>List what rules can be made of</summary>
    /// <remarks>Returns the fields, relations, operators and units of the rule language: everything that a rule builder needs.</remarks>
    internal static Ok<RuleVocabulary> ListRuleFields(IOptions<Programme> programme, IOptions<Store> store)
    {
        var tiers = programme.Value.Ladder.Select(tier => tier.Name).ToList();
        return TypedResults.Ok(new RuleVocabulary
        {
            Version = 1,
            Fields = [.. Vocabulary.Fields.Select(field => Of(field, null))],
            Relations = [.. Vocabulary.Relations.Select(Rows)],
            Operators = [.. Operators.All.Select(name => new RuleOperator { Name = name, Value = Operators.Shape(name) })],
            Aggregates = HavingReader.Aggregates,
            Units = Span.Units,
        });

        RuleRelation Rows(Relation relation) => new() { Name = relation.Name, Members = [.. relation.Members.Select(member => Of(member, relation.Name))] };

        RuleField Of(Field field, string? related) => new()
        {
            Name = field.Name,
            Type = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Type.ToString()),
            Description = field.Description,
            Currency = field.IsInStoreCurrency ? store.Value.Currency : null,
            Operators = field.Operators,
            Values = field switch
            {
                TierField => tiers,
                EnumerationField known => [.. known.Values.Select(value => value.Name)],
                _ => null,
            },
            SuggestsValues = SeenValues.Fields(related).Contains(field.Name),
        };
    }

    /// <summary>List values to pick from</summary>
    /// <remarks>
    /// Returns at most twenty values that a field has had recently, the most common first, for a list of suggestions while somebody types. Only the newest
    /// rows are read: the 5000 customers that were changed last for the fields of customers and addresses, the newest 5000 orders, wishlist items or reviews
    /// for the others. A rule may have any other value. In <c>groups/fields/</c>, <c>suggests_values</c> says which fields have values to pick from.
    /// </remarks>
    /// <param name="related" example="order_lines">The relation of the field, as in a rule; none for a field of customers.</param>
    /// <param name="field" example="product_id">The field.</param>
    /// <param name="search" example="boot">What the values contain, at most 100 characters. Case is ignored, accents are not.</param>
    internal static async Task<Results<Ok<SeenValuesResponse>, Problem>> ListRuleValues(
        string? related, [Required] string? field, string? search, HttpContext context, SeenValues values, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "related", "field", "search");
        var isKnown = related is null || SeenValues.Relations.Contains(related);
        errors.Require(
            isKnown || errors.Has("related"), "related",
            $"Must be one of {string.Join(", ", SeenValues.Relations)}, or be left out for a field of customers.");
        errors.Require(
            !isKnown || errors.Has("field") || (field is not null && SeenValues.Fields(related).Contains(field)), "field",
            $"Must be a field with values to pick from: one of {string.Join(", ", SeenValues.Fields(isKnown ? related : null))}.");
        if (search is not null && !errors.Has("search") && Complaint(search) is { } complaint)
        {
            errors.Add("search", complaint);
        }

        return errors.Any
            ? Problems.Invalid(errors)
            : TypedResults.Ok(new SeenValuesResponse { Results = await values.FindAsync(related, field!, search ?? "", cancellationToken) });
    }

    private static string? Complaint(string search) =>
        VisibleText.Length(search) > LongestSearch ? $"At most {LongestSearch} characters." : WireText.Complaint(search);
}

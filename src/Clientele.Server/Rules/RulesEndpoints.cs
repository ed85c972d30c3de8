using Clientele.Server.Loyalty;

namespace Clientele.Server.Rules;

internal static class RulesEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/api/customers/groups").WithTag("Segments", "Rules that decide who is in a group: try them out and explain their results.");
        rules.MapGet("/fields/", ListRuleFields).WithName(nameof(ListRuleFields)).For(Who.Admin, KeyScope.GroupsRead);
    }

    /// <summary>List what rules can be made of</summary>
    /// <remarks>Returns the fields, relations, operators and units of the rule language: everything that a rule builder needs.</remarks>
    internal static Ok<RuleVocabulary> ListRuleFields(IOptions<Programme> programme, IOptions<Store> store)
    {
        var tiers = programme.Value.Ladder.Select(tier => tier.Name).ToList();
        return TypedResults.Ok(new RuleVocabulary
        {
            Version = 1,
            Fields = [.. Vocabulary.Fields.Select(Of)],
            Relations = [.. Vocabulary.Relations.Select(relation => new RuleRelation { Name = relation.Name, Members = [.. relation.Members.Select(Of)] })],
            Operators = [.. Operators.All.Select(name => new RuleOperator { Name = name, Value = Operators.Shape(name) })],
            Aggregates = HavingReader.Aggregates,
            Units = Span.Units,
        });

        RuleField Of(Field field) => new()
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
        };
    }
}

namespace Clientele.Server.Rules;

/// <summary>A condition on a customer's rows of a relation.</summary>
internal sealed record Related(Relation Relation, Node? Where, IntervalPredicate? Within, Having Having, bool Negated) : Node(Where is null ? [] : [Where])
{
    public override Facets Reads => Relation.Reads;

    public override bool DependsOnTime => Within?.DependsOnTime == true || Where?.DependsOnTime == true || Having.DependsOnTime;

    /// <summary>Orders that do not count are included only if the node tests their status.</summary>
    private bool AsksForStatus => Relation.Status is not null
        && (Having.Member?.Name == Relation.Status || Where?.All().Any(node => node is Condition condition && condition.Field.Name == Relation.Status) == true);

    public override Expression Holds(Expression row, RuleContext context) =>
        Having.Holds(RowsOf(row, context), context) is var holds && Negated ? Logic.Not(holds) : holds;

    /// <summary>The customer's rows that the node looks at.</summary>
    public RelatedRows RowsOf(Expression customer, RuleContext context)
    {
        var row = Expression.Parameter(Relation.Row, "r");
        var inWindow = Logic.All(
            Expression.Equal(Logic.Of(Relation.Customer, row), Expression.Property(customer, nameof(Customer.Id))),
            Logic.Of(Relation.Exists, row),
            AsksForStatus || Relation.Counts is null ? Logic.True : Logic.Of(Relation.Counts, row),
            Within?.Holds(row, context) ?? Logic.True);
        return new(Relation.Row, Relation.Rows(context.Db), row, inWindow, Where?.Holds(row, context) ?? Logic.True);
    }

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) =>
        (Within?.Due(from, to, includePast) ?? [])
            .Concat(Where?.Due(from, to, includePast) ?? []).Concat(Having.Due(from, to, includePast))
            .Select(due => due with { Relation = due.Relation ?? Relation });
}

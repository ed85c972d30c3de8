namespace Clientele.Server.Rules;

/// <summary>A condition on a customer's rows of a relation.</summary>
internal sealed record Related(Relation Relation, Node? Where, IntervalPredicate? Within, Having Having, bool Negated) : Node
{
    public override IReadOnlyList<Node> Children => Where is null ? [] : [Where];

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
        var inWindow = Logic.And(
            Expression.Equal(Logic.Of(Relation.Customer, row), Expression.Property(customer, nameof(Customer.Id))),
            Logic.And(Logic.Of(Relation.Exists, row), AsksForStatus || Relation.Counts is null ? Logic.True : Logic.Of(Relation.Counts, row)));
        if (Within is not null)
        {
            inWindow = Logic.And(inWindow, Within.Holds(row, context));
        }

        return new(Relation.Row, Relation.Rows(context.Db), row, inWindow, Where?.Holds(row, context) ?? Logic.True);
    }

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) =>
        (Within?.Due(from, to, includePast) ?? [])
            .Concat(Where?.Due(from, to, includePast) ?? []).Concat(Having.Due(from, to, includePast))
            .Select(due => due with { Relation = due.Relation ?? Relation });
}

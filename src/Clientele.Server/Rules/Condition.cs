namespace Clientele.Server.Rules;

internal sealed record Condition(Field Field, Predicate Predicate, bool Negated) : Node([])
{
    public override Facets Reads => Field.Reads;

    public override bool DependsOnTime => Predicate.DependsOnTime;

    public override Expression Holds(Expression row, RuleContext context) => Predicate.Holds(row, context) is var holds && Negated ? Logic.Not(holds) : holds;

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) => Predicate.Due(from, to, includePast);
}

using System.Linq.Expressions;
using Clientele.Server.Customers;
using Clientele.Server.Data;

namespace Clientele.Server.Segments;

/// <summary>A node of a rule. Every node is an expression that is true or false, never unknown: the tests handle SQL's NULL.</summary>
internal abstract record Node
{
    /// <summary>Its place in the rule, as a JSON pointer.</summary>
    public required string Pointer { get; init; }

    public virtual IReadOnlyList<Node> Children => [];

    /// <summary>The data of a customer that it reads.</summary>
    public virtual Facets Reads => Children.Aggregate(Facets.None, (facets, child) => facets | child.Reads);

    public virtual bool Moves => Children.Any(child => child.Moves);

    public abstract Expression Holds(Expression row, Moment moment);

    /// <summary>
    /// The ranges that contain all customers for whom the result can have changed because time has passed: perhaps more customers, never fewer. None
    /// if no threshold has moved.
    /// </summary>
    public virtual IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => Children.SelectMany(child => child.Crossed(from, to, everything));

    public IEnumerable<Node> All() => Children.SelectMany(child => child.All()).Prepend(this);
}

internal sealed record All(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, Moment moment) => Nodes.Select(node => node.Holds(row, moment)).Aggregate(Logic.True, Logic.And);
}

internal sealed record Any(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, Moment moment) => Logic.Any(Nodes.Select(node => node.Holds(row, moment)));
}

internal sealed record None(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, Moment moment) => Logic.Not(Logic.Any(Nodes.Select(node => node.Holds(row, moment))));
}

internal sealed record Not(Node Child) : Node
{
    public override IReadOnlyList<Node> Children => [Child];

    public override Expression Holds(Expression row, Moment moment) => Logic.Not(Child.Holds(row, moment));
}

internal sealed record Condition(Field Field, Test Test, bool Negated) : Node
{
    public override Facets Reads => Field.Reads;

    public override bool Moves => Test.Moves;

    public override Expression Holds(Expression row, Moment moment) => Test.On(row, moment) is var holds && Negated ? Logic.Not(holds) : holds;

    public override IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => Test.Crossed(from, to, everything);
}

/// <summary>Current membership of another group, as stored.</summary>
internal sealed record InGroup(long Id) : Node
{
    public override Facets Reads => Facets.Groups;

    public override Expression Holds(Expression row, Moment moment)
    {
        Expression<Func<Groups.Membership, bool>> member = m => m.GroupId == Id && m.IsMember;
        return Rows.Any<Groups.Membership>(moment.Db.Memberships, row, membership => Logic.Of(member, membership));
    }
}

/// <summary>A condition on a customer's rows of a relation.</summary>
internal sealed record Related(Relation Relation, Node? Where, IntervalTest? Within, Having Having, bool Negated) : Node
{
    public override IReadOnlyList<Node> Children => Where is null ? [] : [Where];

    public override Facets Reads => Relation.Reads;

    public override bool Moves => Within?.Moves == true || Where?.Moves == true || Having.Moves;

    /// <summary>Orders that do not count are included only if the node tests their status.</summary>
    private bool AsksForStatus => Relation.Status is not null
        && (Having.Member?.Name == Relation.Status || Where?.All().Any(node => node is Condition condition && condition.Field.Name == Relation.Status) == true);

    public override Expression Holds(Expression row, Moment moment) => Having.Holds(RowsOf(row, moment), moment) is var holds && Negated ? Logic.Not(holds) : holds;

    /// <summary>The customer's rows that the node looks at.</summary>
    public RelatedRows RowsOf(Expression customer, Moment moment)
    {
        var row = Expression.Parameter(Relation.Row, "r");
        var inWindow = Logic.And(
            Expression.Equal(Logic.Of(Relation.Customer, row), Expression.Property(customer, nameof(Customer.Id))),
            Logic.And(Logic.Of(Relation.Exists, row), AsksForStatus || Relation.Counts is null ? Logic.True : Logic.Of(Relation.Counts, row)));
        if (Within is not null)
        {
            inWindow = Logic.And(inWindow, Within.On(row, moment));
        }

        return new(Relation.Row, Relation.Rows(moment.Db), row, inWindow, Where?.Holds(row, moment) ?? Logic.True);
    }

    public override IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) =>
        (Within?.Crossed(from, to, everything) ?? []).Concat(Where?.Crossed(from, to, everything) ?? []).Concat(Having.Crossed(from, to, everything)).Select(crossing => crossing with { Relation = crossing.Relation ?? Relation });
}

/// <summary>Customers who may be affected because time has passed. Equal for all rules that need the same query.</summary>
internal abstract record Reach
{
    /// <summary>The customers' ids, from a range of an index.</summary>
    public abstract IQueryable<long> Customers(ClienteleDb db);
}

/// <summary>A range of values that a moving threshold has passed.</summary>
/// <param name="Relation">The relation that has the value; null for the customer itself.</param>
/// <param name="Value">The value in the row.</param>
/// <param name="Passed">The range of the value.</param>
/// <param name="After">When the value was written: only values later than that are in the range. Null if that does not matter.</param>
internal sealed record Crossing(Relation? Relation, LambdaExpression Value, Interval Passed, LambdaExpression? After = null) : Reach
{
    public override IQueryable<long> Customers(ClienteleDb db)
    {
        var row = Expression.Parameter(Relation?.Row ?? typeof(Customer), "r");
        var value = Logic.Of(Value, row);
        var passed = Logic.And(Passed.Holds(value), After is null ? Logic.True : Expression.GreaterThan(value, Logic.Of(After, row)));
        return Relation is null ? db.Customers.Where(Expression.Lambda<Func<Customer, bool>>(passed, row)).Select(c => c.Id)
            : new RelatedRows(Relation.Row, Relation.Rows(db), row, passed, Logic.True).Select(db, Relation.Customer);
    }
}

using System.Linq.Expressions;
using Clientele.Server.Customers;

namespace Clientele.Server.Segments;

/// <summary>A node of a rule. Every one is an expression that is true or false, never unknown: SQL's third truth value ends at the tests.</summary>
internal abstract record Node
{
    /// <summary>Where it stands in the rule, as a JSON pointer.</summary>
    public required string Pointer { get; init; }

    public virtual IReadOnlyList<Node> Children => [];

    /// <summary>What it reads of a customer.</summary>
    public virtual Facets Reads => Children.Aggregate(Facets.None, (facets, child) => facets | child.Reads);

    public virtual bool Moves => Children.Any(child => child.Moves);

    public abstract Expression Holds(Expression row, Moment moment);

    /// <summary>What a condition of the row can have become by the clock; for nodes of a where.</summary>
    public virtual IEnumerable<Expression> CrossedRows(Expression row, Moment from, Moment to) => Children.SelectMany(child => child.CrossedRows(row, from, to));

    /// <summary>The customers whose truth the clock can have changed.</summary>
    public virtual IEnumerable<IQueryable<long>> Crossed(Moment from, Moment to) => Children.SelectMany(child => child.Crossed(from, to));

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

    public override IEnumerable<Expression> CrossedRows(Expression row, Moment from, Moment to) => Test.Crossed(row, from, to);

    public override IEnumerable<IQueryable<long>> Crossed(Moment from, Moment to)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        return Test.Crossed(customer, from, to).Select(moved =>
            from.Db.Customers.Where(Expression.Lambda<Func<Customer, bool>>(moved, customer)).Select(c => c.Id));
    }
}

/// <summary>Present membership of another group, as it is stored.</summary>
internal sealed record InGroup(long Id) : Node
{
    public override Facets Reads => Facets.Groups;

    public override Expression Holds(Expression row, Moment moment)
    {
        Expression<Func<Groups.Membership, bool>> member = m => m.GroupId == Id && m.IsMember;
        return Rows.Any<Groups.Membership>(moment.Db.Memberships, row, membership => Logic.Of(member, membership));
    }
}

/// <summary>A condition on the rows that a customer has of a relation.</summary>
internal sealed record Related(Relation Relation, Node? Where, IntervalTest? Within, Having Having, bool Negated) : Node
{
    public override IReadOnlyList<Node> Children => Where is null ? [] : [Where];

    public override Facets Reads => Relation.Reads;

    public override bool Moves => Within?.Moves == true || Where?.Moves == true || Having.Moves;

    /// <summary>Orders that do not count are looked at only by who asks for their status.</summary>
    private bool AsksForStatus => Relation.Status is not null
        && (Having.Member?.Name == Relation.Status || Where?.All().Any(node => node is Condition condition && condition.Field.Name == Relation.Status) == true);

    public override Expression Holds(Expression row, Moment moment) => Having.Holds(RowsOf(row, moment), moment) is var holds && Negated ? Logic.Not(holds) : holds;

    /// <summary>The rows of a customer that it looks at.</summary>
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

    public override IEnumerable<IQueryable<long>> Crossed(Moment from, Moment to)
    {
        var row = Expression.Parameter(Relation.Row, "r");
        return (Within?.Crossed(row, from, to) ?? [])
            .Concat(Where?.CrossedRows(row, from, to) ?? [])
            .Concat(Having.Crossed(row, from, to))
            .Select(moved => new RelatedRows(Relation.Row, Relation.Rows(from.Db), row, moved, Logic.True).Select(from.Db, Relation.Customer));
    }
}

namespace Clientele.Server.Rules;

internal sealed record All(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, RuleContext context) => Nodes.Select(node => node.Holds(row, context)).Aggregate(Logic.True, Logic.And);
}

internal sealed record Any(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, RuleContext context) => Logic.Any(Nodes.Select(node => node.Holds(row, context)));
}

internal sealed record None(IReadOnlyList<Node> Nodes) : Node
{
    public override IReadOnlyList<Node> Children => Nodes;

    public override Expression Holds(Expression row, RuleContext context) => Logic.Not(Logic.Any(Nodes.Select(node => node.Holds(row, context))));
}

internal sealed record Not(Node Child) : Node
{
    public override IReadOnlyList<Node> Children => [Child];

    public override Expression Holds(Expression row, RuleContext context) => Logic.Not(Child.Holds(row, context));
}

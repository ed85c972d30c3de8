namespace Clientele.Server.Rules;

internal sealed record All(IReadOnlyList<Node> Children) : Node(Children)
{
    public override Expression Holds(Expression row, RuleContext context) => Logic.All(Children.Select(node => node.Holds(row, context)));
}

internal sealed record Any(IReadOnlyList<Node> Children) : Node(Children)
{
    public override Expression Holds(Expression row, RuleContext context) => Logic.Any(Children.Select(node => node.Holds(row, context)));
}

/// <summary>None of the nodes; with a single node, its negation.</summary>
internal sealed record None(IReadOnlyList<Node> Children) : Node(Children)
{
    public override Expression Holds(Expression row, RuleContext context) => Logic.Not(Logic.Any(Children.Select(node => node.Holds(row, context))));
}

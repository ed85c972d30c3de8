namespace Clientele.Server.Rules;

/// <summary>A node of a rule. Every node is an expression that is true or false, never unknown: the tests handle SQL's NULL.</summary>
internal abstract record Node(IReadOnlyList<Node> Children)
{
    /// <summary>Its place in the rule, as a JSON pointer.</summary>
    public required string Pointer { get; init; }

    /// <summary>The data of a customer that it reads.</summary>
    public virtual Facets Reads => Children.Aggregate(Facets.None, (facets, child) => facets | child.Reads);

    public virtual bool DependsOnTime => Children.Any(child => child.DependsOnTime);

    public abstract Expression Holds(Expression row, RuleContext context);

    /// <summary>
    /// Ranges that contain every customer whose result can have changed because time has passed, and perhaps more. Empty if no threshold has moved.
    /// </summary>
    public virtual IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) =>
        Children.SelectMany(child => child.Due(from, to, includePast));

    public IEnumerable<Node> All() => Children.SelectMany(child => child.All()).Prepend(this);
}

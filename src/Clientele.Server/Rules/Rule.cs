namespace Clientele.Server.Rules;

/// <summary>A parsed rule: what it reads, and which customers match.</summary>
internal sealed class Rule(Node root, TimeZoneInfo zone)
{
    /// <summary>Where the rule is in the body of a request.</summary>
    public const string Pointer = "/assignment_rules";

    public Node Root { get; } = root;

    /// <summary>The data of a customer that the rule reads. A change of anything else cannot change who matches.</summary>
    public Facets Reads { get; } = root.Reads | Facets.IsActive;

    /// <summary>The nodes that test membership of other groups.</summary>
    public IReadOnlyList<InGroup> Groups { get; } = [.. root.All().OfType<InGroup>()];

    /// <summary>The groups that the rule refers to.</summary>
    public IReadOnlySet<long> RefersTo { get; } = root.All().OfType<InGroup>().Select(node => node.Id).ToHashSet();

    /// <summary>
    /// The rule itself tests whether customers are active. If it does not, inactive customers never match, and are no members by hand either.
    /// </summary>
    public bool TestsActivity { get; } = root.All().Any(node => node is Condition { Field.Name: Vocabulary.Activity });

    /// <summary>Whether the passing of time alone can change who matches.</summary>
    public bool DependsOnTime { get; } = root.DependsOnTime;

    /// <summary>Parses a rule. Errors are reported by JSON pointers that begin with <paramref name="pointer"/>; the result is then null.</summary>
    public static Rule? Parse(JsonElement rule, string pointer, IReadOnlyList<string> tiers, string? region, Errors errors)
    {
        var reader = new RuleReader(tiers, region, errors);
        return reader.Root(rule, pointer) is { } root ? new Rule(root, reader.Zone) : null;
    }

    /// <summary>The customers who match at an instant. Inactive customers are left out if the rule does not test for them.</summary>
    public Expression<Func<Customer, bool>> Matches(ClienteleDb db, DateTime now) =>
        Means(TestsActivity ? Root : new All([Active, Root]) { Pointer = "" }, At(db, now));

    /// <summary>The customers that a node is true for.</summary>
    public static Expression<Func<Customer, bool>> Means(Node node, RuleContext context)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        return Expression.Lambda<Func<Customer, bool>>(node.Holds(customer, context), customer);
    }

    public RuleContext At(ClienteleDb db, DateTime now) => new(db, new RuleCalendar(now, zone));

    /// <summary>
    /// The ranges of values in which the passing of time alone can have changed the result, after <paramref name="from"/> and up to <paramref
    /// name="to"/>.
    /// </summary>
    /// <param name="from">The instant up to which all customers have been evaluated.</param>
    /// <param name="to">The end of the period.</param>
    public IEnumerable<DueCustomers> Due(DateTime from, DateTime to) => Root.Due(new(from, zone), new(to, zone)).Distinct();

    private static Condition Active { get; } = new(
        Vocabulary.Find(Vocabulary.Activity)!, new RowPredicate(row => Expression.Property(row, nameof(Customer.IsActive))), Negated: false)
    {
        Pointer = "",
    };
}

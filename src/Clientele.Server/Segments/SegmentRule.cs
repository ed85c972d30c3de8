using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;

namespace Clientele.Server.Segments;

/// <summary>A group's rule, understood: what it reads, and whom it means.</summary>
internal sealed class SegmentRule
{
    private readonly TimeZoneInfo _zone;

    private SegmentRule(Node root, TimeZoneInfo zone)
    {
        (Root, _zone) = (root, zone);
        var nodes = root.All().ToList();
        TestsActivity = nodes.Exists(node => node is Condition { Field.Name: Vocabulary.Activity });
        Reads = root.Reads | Facets.IsActive;
        Groups = [.. nodes.OfType<InGroup>()];
        RefersTo = Groups.Select(node => node.Id).ToHashSet();
        MovesWithClock = root.Moves;
    }

    public Node Root { get; }

    /// <summary>What of a customer it reads. A change of anything else cannot change who matches.</summary>
    public Facets Reads { get; }

    /// <summary>The nodes that ask for members of other groups.</summary>
    public IReadOnlyList<InGroup> Groups { get; }

    /// <summary>The groups whose members it asks for.</summary>
    public IReadOnlySet<long> RefersTo { get; }

    /// <summary>It says itself whether inactive customers match. Where it does not, they never do, and are no members by hand either.</summary>
    public bool TestsActivity { get; }

    /// <summary>Whether the clock alone can change who matches.</summary>
    public bool MovesWithClock { get; }

    /// <summary>Reads a rule. What is wrong with it is told by JSON pointers that begin with <paramref name="pointer"/>; null then.</summary>
    public static SegmentRule? Parse(JsonElement rule, string pointer, IReadOnlyList<string> tiers, Errors errors)
    {
        var reader = new RuleReader(tiers, errors);
        return reader.Root(rule, pointer) is { } root ? new SegmentRule(root, reader.Zone) : null;
    }

    /// <summary>Who matches at an instant, inactive customers left out where the rule does not test for them.</summary>
    public Expression<Func<Customer, bool>> Matches(ClienteleDb db, DateTime now) =>
        Means(TestsActivity ? Root : new All([Active, Root]) { Pointer = "" }, At(db, now));

    /// <summary>Who belongs to a group with this rule: whom it means or somebody has put in by hand, less whom somebody has taken out.</summary>
    public Expression<Func<Customer, bool>> Belong(ClienteleDb db, long groupId, DateTime now)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        var belongs = Logic.Or(Root.Holds(customer, At(db, now)), ByHand(MembershipOrigin.Included));
        var active = TestsActivity ? Logic.True : Expression.Property(customer, nameof(Customer.IsActive));
        return Expression.Lambda<Func<Customer, bool>>(Logic.And(active, Logic.And(belongs, Logic.Not(ByHand(MembershipOrigin.Excluded)))), customer);

        Expression ByHand(MembershipOrigin origin)
        {
            Expression<Func<Membership, bool>> decided = m => m.GroupId == groupId && m.Origin == origin;
            return Rows.Any<Membership>(db.Memberships, customer, membership => Logic.Of(decided, membership));
        }
    }

    /// <summary>For whom a node of the rule is true.</summary>
    public static Expression<Func<Customer, bool>> Means(Node node, Moment moment)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        return Expression.Lambda<Func<Customer, bool>>(node.Holds(customer, moment), customer);
    }

    public Moment At(ClienteleDb db, DateTime now) => new(db, new RuleCalendar(now, _zone));

    /// <summary>Where those are whose truth the clock alone can have changed after <paramref name="from"/> and up to <paramref name="to"/>.</summary>
    /// <param name="from">The instant until which everybody was evaluated.</param>
    /// <param name="to">The instant up to which to look.</param>
    /// <param name="everything">Also those who were reached before they were written, and will be evaluated for that.</param>
    public IEnumerable<Reach> Crossed(DateTime from, DateTime to, bool everything) =>
        Root.Crossed(new(from, _zone), new(to, _zone), everything).Distinct();

    private static Condition Active { get; } = new(Vocabulary.Find(Vocabulary.Activity)!, new PlainTest(row => Expression.Property(row, nameof(Customer.IsActive))), Negated: false) { Pointer = "" };
}

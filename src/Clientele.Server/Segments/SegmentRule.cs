using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;

namespace Clientele.Server.Segments;

/// <summary>A group's rule, understood: what it reads, and whom it means.</summary>
internal sealed class SegmentRule
{
    /// <summary>Reads a rule. What is wrong with it is told by JSON pointers that begin with <paramref name="pointer"/>; null then.</summary>
    public static SegmentRule? Parse(JsonElement rule, string pointer, IReadOnlyList<string> tiers, Errors errors) => throw new NotImplementedException();

    /// <summary>What of a customer it reads. A change of anything else cannot change who matches.</summary>
    public required Facets Reads { get; init; }

    /// <summary>The groups whose members it asks for.</summary>
    public required IReadOnlySet<long> Groups { get; init; }

    /// <summary>It says itself whether inactive customers match. Where it does not, they never do, and are no members by hand either.</summary>
    public required bool TestsActivity { get; init; }

    /// <summary>Whether the clock alone can change who matches.</summary>
    public required bool MovesWithClock { get; init; }

    /// <summary>Who matches at an instant, inactive customers left out where the rule does not test for them.</summary>
    public Expression<Func<Customer, bool>> Matches(ClienteleDb db, DateTime now) => throw new NotImplementedException();

    /// <summary>
    /// The customers whose truth the clock alone can have changed after <paramref name="from"/> and up to <paramref name="to"/>: perhaps
    /// more, never fewer. One query a condition, each over a range of an index; none where no threshold has moved over anybody.
    /// </summary>
    public IEnumerable<IQueryable<long>> Crossed(ClienteleDb db, DateTime from, DateTime to) => throw new NotImplementedException();
}

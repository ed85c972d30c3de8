using Clientele.Server.Addresses;
using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Demo;

/// <summary>The events that the rows of some customers would have had, as far as events are kept.</summary>
internal static class DemoEvents
{
    /// <summary>The events of all customers among the rows; each customer then counts theirs.</summary>
    /// <param name="rows">All rows of the customers.</param>
    /// <param name="since">Events before this instant are no longer kept.</param>
    public static IEnumerable<LoggedEvent> Of(IReadOnlyCollection<object> rows, DateTime since)
    {
        var customers = rows.OfType<Customer>().ToDictionary(customer => customer.Id);
        var tiers = rows.OfType<TierInterval>().ToDictionary(tier => (tier.CustomerId, tier.Sequence), tier => tier.Tier);
        var own = rows.SelectMany(row => Own(row, tiers)).Where(one => one.At >= since).OrderBy(one => one.At).ThenBy(one => one.What.Kind)
            .ThenBy(one => one.What.Order).Select(one => Numbered(customers[one.What.CustomerId], one.What, one.At)).ToList();
        return own.Concat(rows.SelectMany(Moves).Where(move => move.At >= since));
    }

    private static LoggedEvent Numbered(Customer customer, Occurrence what, DateTime at) => new()
    {
        CustomerId = customer.Id,
        GroupId = LoggedEvent.NoGroup,
        Number = ++customer.EventCount,
        Kind = what.Kind,
        At = at,
        Data = what.Data,
    };

    private static IEnumerable<(DateTime At, Occurrence What)> Own(object row, Dictionary<(long Customer, int Sequence), string> tiers) => row switch
    {
        Customer customer => [(customer.DateJoined, Occurrence.Registered(customer))],
        Address address => [(address.CreatedAt, Occurrence.Created(address))],
        Order order => [(order.PlacedAt, Occurrence.Recorded(order))],
        PointsEntry entry when Occurrence.KindOf(entry.Kind) is { } kind => [(entry.CreatedAt, Occurrence.Entered(entry, kind))],
        TierInterval { Sequence: > 1 } tier => [(tier.From, Occurrence.Moved(tier, tiers[(tier.CustomerId, tier.Sequence - 1)]))],
        _ => [],
    };

    private static IEnumerable<LoggedEvent> Moves(object row) => row switch
    {
        Membership { IsMember: true } now => [Entered(now.CustomerId, now.GroupId, now.EnteredSeq!.Value, now.EnteredAt!.Value, now.EnteredCause!.Value)],
        MembershipPeriod past =>
        [
            Entered(past.CustomerId, past.GroupId, past.EnteredSeq, past.EnteredAt, past.EnteredCause),
            LoggedEvent.OfMembership(past.CustomerId, past.GroupId, past.LeftSeq, entered: false, past.LeftAt, past.LeftCause.Name()),
        ],
        _ => [],
    };

    private static LoggedEvent Entered(long customer, long group, long seq, DateTime at, Cause cause) =>
        LoggedEvent.OfMembership(customer, group, seq, entered: true, at, cause.Name());
}

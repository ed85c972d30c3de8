using Clientele.Server.Groups;

namespace Clientele.Server.Demo;

/// <summary>A time in which a customer is or was a member of a group.</summary>
internal sealed record DemoStay(long Customer, long Group, MembershipOrigin Origin, Cause Entered, DateTime From, Cause? Left = null, DateTime? Until = null)
{
    private long _enteredSeq, _leftSeq;

    public bool IsOver => Until is not null;

    /// <summary>Numbers the comings and goings of all groups in the order of time.</summary>
    /// <param name="stays">The stays of some customers.</param>
    /// <param name="last">The last number of each group so far.</param>
    public static void Number(IReadOnlyCollection<DemoStay> stays, IDictionary<long, long> last)
    {
        var changes = stays.Select(stay => (At: stay.From, Stay: stay, Enters: true))
            .Concat(stays.Where(stay => stay.IsOver).Select(stay => (At: stay.Until!.Value, Stay: stay, Enters: false)));
        foreach (var (_, stay, enters) in changes.OrderBy(change => change.At).ThenBy(change => change.Stay.Customer).ThenBy(change => change.Enters))
        {
            last.TryGetValue(stay.Group, out var seq);
            last[stay.Group] = ++seq;
            (stay._enteredSeq, stay._leftSeq) = enters ? (seq, stay._leftSeq) : (stay._enteredSeq, seq);
        }
    }

    /// <summary>The membership, or the period if it is over.</summary>
    public object ToRow() => Until is { } until
        ? new MembershipPeriod
        {
            CustomerId = Customer,
            GroupId = Group,
            EnteredSeq = _enteredSeq,
            EnteredAt = From,
            EnteredCause = Entered,
            LeftSeq = _leftSeq,
            LeftAt = until,
            LeftCause = Left!.Value,
        }
        : new Membership
        {
            CustomerId = Customer,
            GroupId = Group,
            Origin = Origin,
            IsMember = true,
            ChangedAt = From,
            EnteredAt = From,
            EnteredSeq = _enteredSeq,
            EnteredCause = Entered,
        };
}

using Clientele.Server.Data;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>
/// Records who enters and who leaves a group, once each, with number and cause. The caller holds the lock on the group's count, and has read the
/// memberships after it.
/// </summary>
internal sealed class Roll(ClienteleDb db, GroupCount count, DateTime now)
{
    /// <summary>Not earlier than the last change, whichever node's clock that was by.</summary>
    public DateTime At { get; } = count.ChangedAt > now ? count.ChangedAt.Value : now;

    public long GroupId => count.GroupId;

    /// <summary>Brings the membership into the given state, and returns whether the customer has entered or left.</summary>
    /// <param name="row">The current membership, tracked; null if there is none.</param>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="isMember">The state to reach. The row of a customer whom neither the rule nor a manual decision includes or excludes is deleted.</param>
    /// <param name="cause">The cause of the change.</param>
    public bool Settle(Membership? row, long customerId, bool isMember, Cause cause)
    {
        var was = row is { IsMember: true };
        if (isMember && !was)
        {
            if (row is null)
            {
                row = new Membership { CustomerId = customerId, GroupId = GroupId, Origin = MembershipOrigin.Rule, IsMember = true, ChangedAt = At };
                db.Add(row);
            }

            (row.IsMember, row.EnteredAt, row.EnteredSeq, row.EnteredCause) = (true, At, Next(1), cause);
        }
        else if (!isMember && was)
        {
            db.Add(new MembershipSpell
            {
                CustomerId = customerId,
                GroupId = GroupId,
                EnteredSeq = row!.EnteredSeq!.Value,
                EnteredAt = row.EnteredAt!.Value,
                EnteredCause = row.EnteredCause!.Value,
                LeftSeq = Next(-1),
                LeftAt = At,
                LeftCause = cause,
            });
            (row.IsMember, row.EnteredAt, row.EnteredSeq, row.EnteredCause) = (false, null, null, null);
        }

        if (row is { Origin: MembershipOrigin.Rule, IsMember: false })
        {
            db.Remove(row);
        }

        return isMember != was;
    }

    private long Next(int delta)
    {
        count.Members += delta;
        count.ChangedAt = At;
        return ++count.LastSeq;
    }
}

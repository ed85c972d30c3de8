using Clientele.Server.Data;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>
/// Notes who enters a group and who leaves it, each once, with number and cause. Whoever has one holds the group's count, and has read the
/// memberships since.
/// </summary>
internal sealed class Roll(ClienteleDb db, GroupCount count, DateTime now)
{
    /// <summary>Not before the last change, whichever clock that was by.</summary>
    public DateTime At { get; } = count.ChangedAt > now ? count.ChangedAt.Value : now;

    public long GroupId => count.GroupId;

    /// <summary>Makes the membership what it is to be, and returns whether the customer has entered or left.</summary>
    /// <param name="row">What is known so far, tracked.</param>
    /// <param name="customerId">Whose.</param>
    /// <param name="isMember">What is to be. Who has neither the rule nor a decision for them is forgotten.</param>
    /// <param name="cause">Why.</param>
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

namespace Clientele.Server.Loyalty;

/// <summary>
/// What happens when an order gets points again. Its falls are undone, the last step first: debts, points of other lots, forgiven points, points of its
/// own lots. Everything keeps its date, so no sequence of revisions makes points expire later or brings back what has expired.
/// </summary>
internal sealed class OrderRise
{
    private readonly Dictionary<PointsLot, long> _returned = [];
    private long _left;
    private long _lost;

    /// <param name="order">The order, with the points that it has kept so far.</param>
    /// <param name="points">How many points it gets.</param>
    /// <param name="debt">The customer's debt.</param>
    /// <param name="own">Its own lots, the oldest first.</param>
    /// <param name="others">The other lots that it has taken points from, the last to be spent first.</param>
    /// <param name="taken">The points that it has taken from a lot and not returned.</param>
    public OrderRise(PointsOrder order, long points, long debt, List<PointsLot> own, List<PointsLot> others, Func<PointsLot, long> taken)
    {
        (_left, _lost) = (points, Math.Max(0, own.Sum(lot => lot.Points) - order.Kept - order.Forgiven));
        var mine = own.ToDictionary(lot => lot, lot => Math.Clamp(taken(lot), 0, lot.Missing));

        // Its own points had been spent, and there were no others: that was a debt. If other points have repaid it since, they are replaced.
        var owed = Math.Min(_left, Math.Max(0, _lost - mine.Values.Sum() - others.Sum(taken)));
        (Repaid, Replaced) = (Math.Min(owed, debt), Math.Max(0, owed - debt));
        ReplacedExpiresAt = own.Where(lot => lot.Missing > mine[lot]).Min(lot => lot.ExpiresAt);
        (_left, _lost) = (_left - owed, _lost - owed);
        others.ForEach(lot => Return(lot, Math.Min(taken(lot), lot.Missing)));
        Forgiven = Math.Min(order.Forgiven, _left);
        _left -= Forgiven;
        own.ForEach(lot => Return(lot, mine[lot]));
    }

    /// <summary>The part of the debt that the order has caused and that is still open.</summary>
    public long Repaid { get; }

    /// <summary>The points in place of those that have repaid its debt since. They have the date of its own points that had been spent.</summary>
    public long Replaced { get; }

    public DateTime? ReplacedExpiresAt { get; }

    /// <summary>The points that return to lots.</summary>
    public IReadOnlyDictionary<PointsLot, long> Returned => _returned;

    /// <summary>The points that had expired when the order lost them.</summary>
    public long Forgiven { get; }

    /// <summary>The points that the order has never had before.</summary>
    public long New => _left;

    private void Return(PointsLot lot, long most)
    {
        var part = Math.Min(most, Math.Min(_left, _lost));
        if (part > 0)
        {
            _returned[lot] = part;
            (_left, _lost) = (_left - part, _lost - part);
        }
    }
}

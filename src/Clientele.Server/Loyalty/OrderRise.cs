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
    /// <param name="own">Its own lots, the oldest first.</param>
    /// <param name="others">The other lots that it has taken points from, the last to be spent first.</param>
    /// <param name="taken">The points that it has taken from a lot and not returned.</param>
    public OrderRise(PointsOrder order, long points, List<PointsLot> own, List<PointsLot> others, Func<PointsLot, long> taken)
    {
        (_left, _lost) = (points, Math.Max(0, own.Sum(lot => lot.Points) - order.Kept - order.Forgiven));
        var mine = own.ToDictionary(lot => lot, lot => Math.Clamp(taken(lot), 0, lot.Missing));

        // A debt arose because the order's own points had been spent. They belong to its own lots, except those that a reversed redemption has already
        // returned there.
        var owed = Math.Max(0, _lost - mine.Values.Sum() - others.Sum(taken));
        own.ForEach(lot => owed -= Return(lot, Math.Min(owed, lot.Missing - mine[lot])));
        Replaced = Math.Min(owed, _left);
        (_left, _lost) = (_left - Replaced, _lost - Replaced);
        others.ForEach(lot => Return(lot, Math.Min(taken(lot), lot.Missing)));
        Forgiven = Math.Min(order.Forgiven, _left);
        _left -= Forgiven;
        own.ForEach(lot => Return(lot, mine[lot]));
    }

    /// <summary>The points that return to lots.</summary>
    public IReadOnlyDictionary<PointsLot, long> Returned => _returned;

    /// <summary>The points that need a lot with the date of the order's own lots, because these have no room.</summary>
    public long Replaced { get; }

    /// <summary>The points that had expired when the order lost them.</summary>
    public long Forgiven { get; }

    /// <summary>The points that the order has never had before.</summary>
    public long New => _left;

    private long Return(PointsLot lot, long most)
    {
        var part = Math.Min(most, Math.Min(_left, _lost));
        if (part > 0)
        {
            _returned[lot] = _returned.GetValueOrDefault(lot) + part;
            (_left, _lost) = (_left - part, _lost - part);
        }

        return part;
    }
}

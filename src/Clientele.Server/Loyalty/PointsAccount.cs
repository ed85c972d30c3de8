namespace Clientele.Server.Loyalty;

/// <summary>
/// One customer's points. Every change is a method here and keeps entries, lots, allocations and balances consistent. This class does not
/// use the database: the caller locks the customer and reads the lots, and passes new rows on with <paramref name="write"/>.
/// </summary>
/// <param name="customer">The customer.</param>
/// <param name="programme">The settings. They apply to points from now on.</param>
/// <param name="lots">The open lots, and others that an operation needs; null if no points will be taken and nothing is due.</param>
/// <param name="taken">What the known orders of the operation have taken from lots so far.</param>
/// <param name="write">Stores a new row.</param>
internal sealed class PointsAccount(
    Customer customer, Programme programme, IEnumerable<PointsLot>? lots, IEnumerable<TakenPoints> taken, Action<object> write)
{
    private readonly bool _isComplete = lots is not null;
    private readonly List<PointsLot> _lots = [.. lots ?? []];
    private readonly List<TakenPoints> _taken = [.. taken];
    private DateTime _now;

    /// <summary>The lots to spend from: the one that expires soonest first, then the oldest.</summary>
    private IEnumerable<PointsLot> Active => InSpendingOrder(_lots.Where(lot => lot.State == PointsLotState.Active));

    private long Next => customer.LoyaltyEntries + 1;

    /// <summary>Advances the account to <paramref name="now"/>: releases and expires what is due by then, one entry each, in chronological order.</summary>
    public void AdvanceTo(DateTime now)
    {
        _now = now;
        if (!(customer.LoyaltyDueAt <= now))
        {
            return;
        }

        if (!_isComplete)
        {
            throw new InvalidOperationException("Points are due, and the lots have not been read.");
        }

        var due = _lots.SelectMany(lot => new[] { (At: lot.AvailableAt, Lot: lot, Releases: true), (At: lot.ExpiresAt, Lot: lot, Releases: false) })
            .Where(step => step.At <= now).OrderBy(step => step.At).ThenByDescending(step => step.Releases).ThenBy(step => step.Lot.EntryId).ToList();
        foreach (var (_, lot, releases) in due)
        {
            if (releases && lot.State == PointsLotState.Pending)
            {
                Release(lot);
            }
            else if (!releases && lot.State != PointsLotState.Closed)
            {
                // Points can return to a lot that has expired, if a clock goes back. They expire again, with an entry of their own.
                Expire(lot, step: lot.Expired > 0 ? Next : 0);
            }
        }

        Schedule();
    }

    /// <summary>Adds points as a new lot, or takes points away. Returns false and changes nothing if there are too few points.</summary>
    /// <param name="points">The number of points.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="expiresAt">When the points expire; null for the date of the programme.</param>
    public bool Adjust(long points, string reason, DateTime? expiresAt = null)
    {
        expiresAt ??= points > 0 ? Expiry : null;
        if (points < 0 && customer.LoyaltyPoints < -points)
        {
            return false;
        }

        if (points > 0)
        {
            AddLot(points, orderNumber: null, pendingDays: 0, expiresAt);
        }
        else
        {
            Take(Active, -points);
        }

        Explain(Append(PointsEntryKind.Adjust, points, PointsSources.Adjustment, Number(Next), expiresAt: expiresAt), reason);
        return true;
    }

    /// <summary>Spends points. Returns null and changes nothing if there are too few points.</summary>
    public PointsEntry? Redeem(long points, string reason, string? orderNumber)
    {
        if (customer.LoyaltyPoints < points)
        {
            return null;
        }

        Take(Active, points);
        var entry = orderNumber is null
            ? Append(PointsEntryKind.Redeem, -points, PointsSources.Redemption, Number(Next))
            : Append(PointsEntryKind.Redeem, -points, PointsSources.Order, orderNumber, step: Next);
        Explain(entry, reason);
        return entry;
    }

    /// <summary>
    /// Returns points of a redemption to the lots they came from, those that were spent last first. They repay a debt first, beginning with the points
    /// that would expire soonest. Points that go back to a lot that has expired in the meantime expire at once.
    /// </summary>
    /// <param name="redemption">The redemption.</param>
    /// <param name="spent">The points that it took from lots.</param>
    /// <param name="before">The earlier reversals of the redemption: how many, and of how many points.</param>
    /// <param name="points">How many of the points to return.</param>
    /// <param name="reason">The reason; may be null.</param>
    public PointsEntry GiveBack(
        PointsEntry redemption, IReadOnlyCollection<PointsAllocation> spent, (int Count, long Points) before, long points, string? reason)
    {
        var (skip, left, parts) = (before.Points, points, new List<(PointsLot Lot, long Points)>());
        foreach (var lot in InSpendingOrder(_lots.Where(lot => spent.Any(allocation => allocation.LotId == lot.EntryId))).Reverse())
        {
            var part = spent.Single(allocation => allocation.LotId == lot.EntryId).Points;
            var skipped = Math.Min(part, skip);
            parts.Add((lot, Math.Min(part - skipped, left)));
            (skip, left) = (skip - skipped, left - parts[^1].Points);
        }

        parts.Reverse();
        parts.ForEach(part => PutBack(part.Lot, part.Points));
        var entry = Append(PointsEntryKind.Reverse, points, PointsSources.Entry, Number(redemption.Id), before.Count);
        if (reason is not null)
        {
            Explain(entry, reason);
        }

        parts.ForEach(part => ExpireIfPast(part.Lot, entry));
        Schedule();
        return entry;
    }

    /// <summary>Sets the points of an order to <paramref name="kept"/>.</summary>
    public void SetPoints(PointsOrder order, long kept)
    {
        var difference = kept - order.Kept;
        if (difference > 0)
        {
            Rise(order, difference);
        }
        else if (difference < 0)
        {
            Fall(order, -difference);
        }

        order.Kept = kept;
        Schedule();
    }

    /// <summary>
    /// Takes points from the order's own lots, pending or not, the newest first: what is left has the oldest dates. Points that had already expired are
    /// forgiven. The rest comes from the points that can be spent. What is still missing is debt.
    /// </summary>
    private void Fall(PointsOrder order, long points)
    {
        var own = Own(order);
        var missing = Take(own.AsEnumerable().Reverse(), points, order);
        var forgiven = Math.Min(missing, own.Sum(lot => lot.Expired) - order.Forgiven);
        order.Forgiven += forgiven;
        customer.LoyaltyDebt += Take(Active, missing - forgiven, order);
        if (forgiven < points)
        {
            Append(PointsEntryKind.Reverse, forgiven - points, PointsSources.Order, order.OrderNumber, order.Steps++);
        }
    }

    /// <summary>Undoes falls of the order. Only more points than it has ever had are a new lot with a new date.</summary>
    private void Rise(PointsOrder order, long points)
    {
        var own = Own(order);
        var others = InSpendingOrder(_lots.Except(own).Where(lot => Taken(order, lot) > 0)).Reverse();
        var rise = new OrderRise(order, points, customer.LoyaltyDebt, own, [.. others], lot => Taken(order, lot));
        order.Forgiven -= rise.Forgiven;
        customer.LoyaltyDebt -= rise.Repaid;
        var repaid = rise.Repaid;
        foreach (var lot in InSpendingOrder(rise.Returned.Keys))
        {
            var part = rise.Returned[lot];
            _taken.Add(new(customer.Id, order.OrderNumber, lot.EntryId, -PutBack(lot, part)));
            Earn(order, lot, part + repaid);
            repaid = 0;
        }

        if (repaid > 0)
        {
            Append(PointsEntryKind.Earn, repaid, PointsSources.Order, order.OrderNumber, order.Steps++);
        }

        if (rise.Replaced > 0)
        {
            Earn(order, AddLot(rise.Replaced, orderNumber: null, pendingDays: 0, rise.ReplacedExpiresAt), rise.Replaced);
        }

        if (rise.New > 0)
        {
            Earn(order, AddLot(rise.New, order.OrderNumber, programme.PendingDays, Expiry), rise.New);
        }
    }

    private void Earn(PointsOrder order, PointsLot lot, long points) =>
        ExpireIfPast(lot, Append(PointsEntryKind.Earn, points, PointsSources.Order, order.OrderNumber, order.Steps++, lot.ExpiresAt));

    /// <summary>The order's lots, the oldest first.</summary>
    private List<PointsLot> Own(PointsOrder order) => [.. _lots.Where(lot => lot.OrderNumber == order.OrderNumber).OrderBy(lot => lot.EntryId)];

    /// <summary>The points that the order has taken from a lot and not returned.</summary>
    private long Taken(PointsOrder order, PointsLot lot) =>
        _taken.Where(taken => taken.OrderNumber == order.OrderNumber && taken.LotId == lot.EntryId).Sum(taken => taken.Points);

    /// <summary>Removes the points of an erased customer, so that the liability of later days is right. The lots are deleted with the customer.</summary>
    public void Forfeit()
    {
        var points = customer.LoyaltyPoints + customer.LoyaltyPending;
        if (points > 0)
        {
            (customer.LoyaltyPoints, customer.LoyaltyPending) = (0, 0);
            Append(PointsEntryKind.Forfeit, -points, PointsSources.Erasure, "");
        }
    }

    /// <summary>When new points expire. Months are calendar months: one month after 31 January is the last day of February.</summary>
    private DateTime? Expiry => programme.ExpireAfterMonths > 0 ? _now.AddMonths(programme.ExpireAfterMonths) : null;

    private PointsLot AddLot(long points, string? orderNumber, int pendingDays, DateTime? expiresAt)
    {
        var lot = new PointsLot
        {
            CustomerId = customer.Id,
            EntryId = Next,
            OrderNumber = orderNumber,
            Points = points,
            Rest = points,
            CreatedAt = _now,
            AvailableAt = pendingDays > 0 ? _now.AddDays(pendingDays) : null,
            ExpiresAt = expiresAt,
            State = pendingDays > 0 ? PointsLotState.Pending : PointsLotState.Active,
        };
        _lots.Add(lot);
        write(lot);
        if (lot.State == PointsLotState.Pending)
        {
            customer.LoyaltyPending += points;
        }
        else
        {
            customer.LoyaltyPoints += points;
            Repay(lot);
        }

        Schedule();
        return lot;
    }

    /// <summary>Returns points to a lot, after a debt has been repaid. Returns the number of points that the lot gets.</summary>
    private long PutBack(PointsLot lot, long points)
    {
        // What was released stays so, even if a clock goes back.
        var isPending = lot.State == PointsLotState.Pending || (lot.State == PointsLotState.Closed && lot.AvailableAt > _now);
        var repaid = isPending ? 0 : Math.Min(points, customer.LoyaltyDebt);
        customer.LoyaltyDebt -= repaid;
        if (points > repaid)
        {
            lot.Rest += points - repaid;
            lot.State = isPending ? PointsLotState.Pending : PointsLotState.Active;
            customer.LoyaltyPending += isPending ? points : 0;
            customer.LoyaltyPoints += isPending ? 0 : points - repaid;
            Allocate(lot, repaid - points);
        }

        return points - repaid;
    }

    private void ExpireIfPast(PointsLot lot, PointsEntry entry)
    {
        if (lot.ExpiresAt <= _now && lot.Rest > 0)
        {
            Expire(lot, step: entry.Id);
        }
    }

    private void Release(PointsLot lot)
    {
        var points = lot.Rest;
        lot.State = PointsLotState.Active;
        customer.LoyaltyPending -= points;
        customer.LoyaltyPoints += points;
        Repay(lot);

        // If a clock goes back, points can return to a lot that was released already. They are released again, with an entry of their own.
        Append(PointsEntryKind.Release, points, PointsSources.Entry, Number(lot.EntryId), step: Next);
    }

    private void Expire(PointsLot lot, long step)
    {
        var points = lot.Rest;
        Take(lot, points);
        lot.Expired += points;
        Append(PointsEntryKind.Expire, -points, PointsSources.Entry, Number(lot.EntryId), step);
    }

    /// <summary>Points that become available repay the debt first.</summary>
    private void Repay(PointsLot lot)
    {
        var repaid = Math.Min(lot.Rest, customer.LoyaltyDebt);
        if (repaid > 0)
        {
            customer.LoyaltyDebt -= repaid;
            Take(lot, repaid);
        }
    }

    /// <summary>Takes points from lots for the next entry, and returns how many are still missing.</summary>
    /// <param name="from">The lots.</param>
    /// <param name="points">How many.</param>
    /// <param name="order">The order that loses the points; null if none does.</param>
    private long Take(IEnumerable<PointsLot> from, long points, PointsOrder? order = null)
    {
        foreach (var lot in from.ToList())
        {
            var taken = Math.Min(lot.Rest, points);
            if (taken > 0)
            {
                Take(lot, taken);
                points -= taken;
                if (order is not null)
                {
                    _taken.Add(new(customer.Id, order.OrderNumber, lot.EntryId, taken));
                }
            }
        }

        Schedule();
        return points;
    }

    private void Take(PointsLot lot, long points)
    {
        if (lot.State == PointsLotState.Pending)
        {
            customer.LoyaltyPending -= points;
        }
        else
        {
            customer.LoyaltyPoints -= points;
        }

        lot.Rest -= points;
        lot.State = lot.Rest == 0 ? PointsLotState.Closed : lot.State;
        Allocate(lot, points);
    }

    private void Allocate(PointsLot lot, long points) =>
        write(new PointsAllocation { CustomerId = customer.Id, EntryId = Next, LotId = lot.EntryId, Points = points });

    private PointsEntry Append(PointsEntryKind kind, long points, string sourceType, string sourceId, long step = 0, DateTime? expiresAt = null)
    {
        var entry = new PointsEntry
        {
            CustomerId = customer.Id,
            Id = Next,
            Kind = kind,
            Points = points,
            Balance = customer.LoyaltyPoints,
            Debt = customer.LoyaltyDebt,
            SourceType = sourceType,
            SourceId = sourceId,
            Step = step,
            CreatedAt = _now,
            ExpiresAt = expiresAt,
        };
        customer.LoyaltyEntries = entry.Id;
        write(entry);
        return entry;
    }

    private void Explain(PointsEntry entry, string reason) =>
        write(new PointsReason { CustomerId = customer.Id, EntryId = entry.Id, Reason = reason });

    /// <summary>Sets when something is due next. For lots that have not been read, the stored instant already includes theirs.</summary>
    private void Schedule()
    {
        var due = _lots.Min(lot => lot.DueAt);
        customer.LoyaltyDueAt = _isComplete || customer.LoyaltyDueAt is null || due < customer.LoyaltyDueAt ? due : customer.LoyaltyDueAt;
    }

    private static IEnumerable<PointsLot> InSpendingOrder(IEnumerable<PointsLot> lots) =>
        lots.OrderBy(lot => lot.ExpiresAt is null).ThenBy(lot => lot.ExpiresAt).ThenBy(lot => lot.EntryId);

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}

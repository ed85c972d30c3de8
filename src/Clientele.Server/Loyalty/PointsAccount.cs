namespace Clientele.Server.Loyalty;

/// <summary>
/// One customer's points. Every change is a method here and keeps entries, lots, allocations and balances consistent. This class does not
/// use the database: the caller locks the customer and reads the lots, and passes new rows on with <paramref name="write"/>.
/// </summary>
/// <param name="customer">The customer.</param>
/// <param name="programme">The settings. They apply to points from now on.</param>
/// <param name="lots">The open lots, and others that an operation needs; null if no points will be taken and nothing is due.</param>
/// <param name="write">Stores a new row.</param>
internal sealed class PointsAccount(Customer customer, Programme programme, IEnumerable<PointsLot>? lots, Action<object> write)
{
    private readonly bool _isComplete = lots is not null;
    private readonly List<PointsLot> _lots = [.. lots ?? []];
    private DateTime _now;

    /// <summary>The lots to spend from: the one that expires soonest first, then the oldest.</summary>
    private IEnumerable<PointsLot> Active => InSpendingOrder(_lots.Where(lot => lot.State == PointsLotState.Active));

    private long Next => customer.LoyaltyEntries + 1;

    /// <summary>Advances the account to <paramref name="now"/>: releases and expires what is due by then, one entry each, in chronological order.</summary>
    public void Begin(DateTime now)
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
                Expire(lot, step: 0);
            }
        }

        Schedule();
    }

    /// <summary>Adds points as a new lot, or takes points away. Returns false and changes nothing if there are too few points.</summary>
    public bool Adjust(long points, string reason)
    {
        if (points < 0 && customer.LoyaltyPoints < -points)
        {
            return false;
        }

        if (points > 0)
        {
            AddLot(points, orderNumber: null, pendingDays: 0);
        }
        else
        {
            Take(Active, -points);
        }

        Explain(Append(PointsEntryKind.Adjust, points, PointsSources.Adjustment, Number(Next), expiresAt: points > 0 ? Expiry : null), reason);
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
    /// Returns the points of a redemption to the lots they came from. They repay a debt first, beginning with the points that would expire
    /// soonest. Points that go back to a lot that has expired in the meantime expire at once.
    /// </summary>
    public PointsEntry GiveBack(PointsEntry redemption, IReadOnlyCollection<PointsAllocation> taken, string? reason)
    {
        var givenBack = new List<PointsLot>();
        foreach (var lot in InSpendingOrder(_lots.Where(lot => taken.Any(allocation => allocation.LotId == lot.EntryId))))
        {
            var points = taken.Single(allocation => allocation.LotId == lot.EntryId).Points;
            var repaid = Math.Min(points, customer.LoyaltyDebt);
            customer.LoyaltyDebt -= repaid;
            if (points > repaid)
            {
                lot.Rest += points - repaid;
                lot.State = PointsLotState.Active;
                customer.LoyaltyPoints += points - repaid;
                Allocate(lot, repaid - points);
                givenBack.Add(lot);
            }
        }

        var entry = Append(PointsEntryKind.Reverse, -redemption.Points, PointsSources.Entry, Number(redemption.Id));
        if (reason is not null)
        {
            Explain(entry, reason);
        }

        foreach (var lot in givenBack.Where(lot => lot.ExpiresAt <= _now))
        {
            Expire(lot, step: entry.Id);
        }

        Schedule();
        return entry;
    }

    /// <summary>
    /// Sets the points of an order to <paramref name="kept"/>. Additional points are a new lot. Lost points come from the order's own lots,
    /// pending or not. Those that had already expired are forgiven. The rest comes from the points that can be spent. What is still missing is debt.
    /// </summary>
    public void Keep(PointsOrder order, long kept)
    {
        var difference = kept - order.Kept;
        if (difference == 0)
        {
            return;
        }

        order.Kept = kept;
        if (difference > 0)
        {
            AddLot(difference, order.OrderNumber, programme.PendingDays);
            Append(PointsEntryKind.Earn, difference, PointsSources.Order, order.OrderNumber, order.Steps++, Expiry);
            return;
        }

        var own = _lots.Where(lot => lot.OrderNumber == order.OrderNumber).ToList();
        var missing = Take(InSpendingOrder(own.Where(lot => lot.State != PointsLotState.Closed)), -difference);
        var forgiven = Math.Min(missing, own.Sum(lot => lot.Expired) - order.Forgiven);
        order.Forgiven += forgiven;
        customer.LoyaltyDebt += Take(Active, missing - forgiven);
        if (forgiven < -difference)
        {
            Append(PointsEntryKind.Reverse, difference + forgiven, PointsSources.Order, order.OrderNumber, order.Steps++);
        }

        Schedule();
    }

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

    private void AddLot(long points, string? orderNumber, int pendingDays)
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
            ExpiresAt = Expiry,
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
    }

    private void Release(PointsLot lot)
    {
        var points = lot.Rest;
        lot.State = PointsLotState.Active;
        customer.LoyaltyPending -= points;
        customer.LoyaltyPoints += points;
        Repay(lot);
        Append(PointsEntryKind.Release, points, PointsSources.Entry, Number(lot.EntryId));
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
    private long Take(IEnumerable<PointsLot> from, long points)
    {
        foreach (var lot in from.ToList())
        {
            var taken = Math.Min(lot.Rest, points);
            if (taken > 0)
            {
                Take(lot, taken);
                points -= taken;
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

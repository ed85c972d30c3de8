namespace Clientele.Tests.Loyalty;

/// <summary>A loyalty programme in the model.</summary>
internal sealed record ModelProgramme
{
    /// <summary>The programme of a service without settings.</summary>
    public static readonly ModelProgramme Default = new();

    public decimal PointsPerUnit { get; init; } = 1;

    public int PendingDays { get; init; }

    public int? ExpireAfterMonths { get; init; }

    /// <summary>The spending from which a tier begins, and the multiplier of points. Lowest first.</summary>
    public IReadOnlyList<(string Name, decimal From, decimal Multiplier)> Tiers { get; init; } =
        [("bronze", 0, 1), ("silver", 1_000, 1), ("gold", 5_000, 1), ("platinum", 10_000, 1)];

    public decimal Multiplier(decimal spent) => Tiers.Last(tier => tier.From <= spent).Multiplier;
}

/// <summary>An order in one of its revisions.</summary>
internal sealed record ModelRevision(string Order, int Revision, string Status, decimal Total, decimal Refunded, decimal? Rate)
{
    public bool Counts => Status is not ("pending" or "cancelled" or "refunded") && !(Refunded > 0 && Refunded == Total);

    /// <summary>Its value in the store's currency.</summary>
    public decimal Net => Counts ? Math.Round((Total - Refunded) * (Rate ?? 1), 2, MidpointRounding.ToEven) : 0;
}

/// <summary>An entry of the ledger. The points are signed; those of a release only move from pending to available.</summary>
internal sealed record ModelEntry(string Kind, long Points, long Balance, long Debt, DateTime? ExpiresAt);

/// <summary>
/// The rules of points in plain code: one account, a list of lots, one step after the other. It shares no code with the service, and has neither
/// databases nor races.
/// </summary>
internal sealed class ModelAccount(ModelProgramme programme)
{
    private readonly List<Lot> _lots = [];
    private readonly Dictionary<string, Order> _orders = [];
    private readonly Dictionary<string, List<(Lot Lot, long Points)>> _redemptions = [];
    private readonly List<ModelEntry> _entries = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ModelEntry> Entries => _entries;

    public long Available => _lots.Where(lot => !lot.IsPending).Sum(lot => lot.Rest);

    public long Pending => _lots.Where(lot => lot.IsPending).Sum(lot => lot.Rest);

    public long Debt { get; private set; }

    public decimal Spent => _orders.Values.Sum(order => order.Newest.Net);

    public long ExpiringWithin30Days(DateTime now) => _lots.Where(lot => !lot.IsPending && lot.ExpiresAt <= now.AddDays(30)).Sum(lot => lot.Rest);

    /// <summary>Applies what time has caused meanwhile, in the order in which it fell due.</summary>
    public void Settle(DateTime now)
    {
        while (true)
        {
            var due = _lots.Where(lot => lot.IsPending && lot.AvailableAt <= now).Select(lot => (At: lot.AvailableAt, IsExpiry: false, Lot: lot))
                .Concat(_lots.Where(lot => lot.Rest > 0 && lot.ExpiresAt <= now).Select(lot => (At: lot.ExpiresAt!.Value, IsExpiry: true, Lot: lot)))
                .OrderBy(due => due.At).ThenBy(due => due.IsExpiry).ThenBy(due => due.Lot.Number).FirstOrDefault();
            if (due.Lot is null)
            {
                return;
            }

            if (due.IsExpiry)
            {
                Expire(due.Lot);
            }
            else
            {
                due.Lot.IsPending = false;
                var points = due.Lot.Rest;
                RepayFrom(due.Lot);
                Note("release", points);
            }
        }
    }

    /// <summary>Returns false if the revision is not newer.</summary>
    public bool Deliver(ModelRevision revision, DateTime now)
    {
        if (_orders.TryGetValue(revision.Order, out var order) && order.Newest.Revision >= revision.Revision)
        {
            return false;
        }

        Settle(now);
        var spentBefore = Spent;
        if (order is null)
        {
            _orders[revision.Order] = order = new Order { Newest = revision };
        }

        order.Newest = revision;
        if (revision.Counts)
        {
            // Never changes again, whatever happens to the tier or the settings.
            order.Worth ??= programme.PointsPerUnit * programme.Multiplier(spentBefore);
        }

        var kept = (long)Math.Floor(revision.Net * (order.Worth ?? 0));
        var change = kept - order.Kept;
        order.Kept = kept;
        if (change > 0)
        {
            var lot = AddLot(change, now, programme.PendingDays);
            order.Lots.Add(lot);
            RepayFrom(lot);
            Note("earn", change, lot.ExpiresAt);
        }
        else if (change < 0)
        {
            TakeBack(order, -change);
        }

        return true;
    }

    /// <summary>Returns false if there are too few points.</summary>
    public bool Adjust(long points, DateTime now)
    {
        Settle(now);
        if (points < 0)
        {
            if (Available < -points)
            {
                return false;
            }

            Spend(-points);
            Note("adjust", points);
            return true;
        }

        var lot = AddLot(points, now, pendingDays: 0);
        RepayFrom(lot);
        Note("adjust", points, lot.ExpiresAt);
        return true;
    }

    /// <summary>Returns false if there are too few points.</summary>
    public bool Redeem(string redemption, long points, DateTime now)
    {
        Settle(now);
        if (Available < points)
        {
            return false;
        }

        _redemptions[redemption] = Spend(points);
        Note("redeem", -points);
        return true;
    }

    /// <summary>Returns false if there is no such redemption, or it was already reversed.</summary>
    public bool GiveBack(string redemption, DateTime now)
    {
        if (!_redemptions.Remove(redemption, out var taken))
        {
            return false;
        }

        Settle(now);
        foreach (var (lot, points) in taken)
        {
            lot.Rest += points;
            RepayFrom(lot);
        }

        Note("reverse", taken.Sum(part => part.Points));
        Settle(now);
        return true;
    }

    /// <summary>Takes points first from what the order itself earned (what has expired of it is forgiven), then from the other lots, then as debt.</summary>
    private void TakeBack(Order order, long points)
    {
        var open = points;
        foreach (var lot in InSpendingOrder(order.Lots))
        {
            open -= lot.Take(open);
        }

        var forgiven = order.Forgive(open);
        open -= forgiven;
        open -= Spend(open).Sum(part => part.Points);
        Debt += open;
        Note("reverse", forgiven - points);
    }

    /// <summary>Takes up to this number of points, in spending order.</summary>
    private List<(Lot Lot, long Points)> Spend(long points)
    {
        var taken = new List<(Lot, long)>();
        foreach (var lot in InSpendingOrder(_lots.Where(lot => !lot.IsPending)))
        {
            var part = lot.Take(points);
            points -= part;
            if (part > 0)
            {
                taken.Add((lot, part));
            }
        }

        return taken;
    }

    /// <summary>Lots that expire soonest come first, then the oldest.</summary>
    private static IEnumerable<Lot> InSpendingOrder(IEnumerable<Lot> lots) => lots.OrderBy(lot => lot.ExpiresAt ?? DateTime.MaxValue).ThenBy(lot => lot.Number);

    private Lot AddLot(long points, DateTime now, int pendingDays)
    {
        var lot = new Lot
        {
            Number = _lots.Count,
            Rest = points,
            IsPending = pendingDays > 0,
            AvailableAt = now + TimeSpan.FromDays(pendingDays),
            ExpiresAt = programme.ExpireAfterMonths is { } months ? LaterByMonths(now, months) : null,
        };
        _lots.Add(lot);
        return lot;
    }

    private void Expire(Lot lot)
    {
        var points = lot.Rest;
        lot.Rest = 0;
        lot.Expired += points;
        Note("expire", -points);
    }

    /// <summary>Points that become available repay a debt before anything else.</summary>
    private void RepayFrom(Lot lot)
    {
        if (!lot.IsPending)
        {
            Debt -= lot.Take(Debt);
        }
    }

    /// <summary>Without a movement of points there is no entry.</summary>
    private void Note(string kind, long points, DateTime? expiresAt = null)
    {
        if (points != 0)
        {
            _entries.Add(new(kind, points, Available, Debt, expiresAt));
        }
    }

    /// <summary>The same day of a later month, or its last day if the month is too short.</summary>
    private static DateTime LaterByMonths(DateTime from, int months)
    {
        var month = (from.Year * 12) + from.Month - 1 + months;
        var (year, ofYear) = (month / 12, (month % 12) + 1);
        return new DateTime(year, ofYear, Math.Min(from.Day, DateTime.DaysInMonth(year, ofYear)), 0, 0, 0, DateTimeKind.Utc) + from.TimeOfDay;
    }

    private sealed class Order
    {
        public required ModelRevision Newest { get; set; }

        /// <summary>Points per unit, stored when the order first counts.</summary>
        public decimal? Worth { get; set; }

        public long Kept { get; set; }

        public List<Lot> Lots { get; } = [];

        public long Forgive(long most)
        {
            var forgiven = 0L;
            foreach (var lot in Lots)
            {
                var part = Math.Min(most - forgiven, lot.Expired);
                lot.Expired -= part;
                forgiven += part;
            }

            return forgiven;
        }
    }

    private sealed class Lot
    {
        public required int Number { get; init; }

        public required long Rest { get; set; }

        public required bool IsPending { get; set; }

        public required DateTime AvailableAt { get; init; }

        public required DateTime? ExpiresAt { get; init; }

        /// <summary>The points that have expired and are not forgiven yet.</summary>
        public long Expired { get; set; }

        public long Take(long most)
        {
            var taken = Math.Min(Rest, most);
            Rest -= taken;
            return taken;
        }
    }
}

namespace Clientele.Tests.Loyalty;

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
        if (kept > order.Kept)
        {
            Undo(order, kept - order.Kept, now);
        }
        else if (kept < order.Kept)
        {
            TakeBack(order, order.Kept - kept);
        }

        order.Kept = kept;
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

        var lot = AddLot(points, now, pendingDays: 0, Expiry(now));
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

    /// <summary>Gives back points of a redemption, or all that is left of it. Returns false if there is no such redemption, or too little is left.</summary>
    public bool GiveBack(string redemption, DateTime now, long? points = null)
    {
        if (!_redemptions.TryGetValue(redemption, out var spent) || spent.Sum(part => part.Points) is var left && (left == 0 || points > left))
        {
            return false;
        }

        // As if less had been redeemed: what was spent last comes back.
        Settle(now);
        var back = new List<(Lot Lot, long Points)>();
        for (var open = points ?? left; open > 0;)
        {
            var (lot, most) = spent[^1];
            spent.RemoveAt(spent.Count - 1);
            if (most > open)
            {
                spent.Add((lot, most - open));
            }

            back.Insert(0, (lot, Math.Min(most, open)));
            open -= back[0].Points;
        }

        back.ForEach(part => part.Lot.Rest += part.Points);
        back.ForEach(part => RepayFrom(part.Lot));
        Note("reverse", back.Sum(part => part.Points));
        Settle(now);
        return true;
    }

    /// <summary>
    /// Takes points first from what the order itself earned, the newest first (what has expired of it is forgiven), then from the other lots, then as
    /// debt.
    /// </summary>
    private void TakeBack(Order order, long points)
    {
        var open = points;
        foreach (var lot in order.Lots.AsEnumerable().Reverse())
        {
            var taken = lot.Take(open);
            order.Took(lot, taken);
            open -= taken;
        }

        var forgiven = Math.Min(open, order.Lots.Sum(lot => lot.Expired) - order.Forgiven);
        order.Forgiven += forgiven;
        open -= forgiven;
        foreach (var (lot, taken) in Spend(open))
        {
            order.Took(lot, taken);
            open -= taken;
        }

        Debt += open;
        Note("reverse", forgiven - points);
    }

    /// <summary>
    /// Takes back what falls of the order took, in the opposite order: debts, points of other lots, forgiven points, points of its own lots. Everything
    /// keeps its date. The rest is more than the order ever had: a new lot.
    /// </summary>
    private void Undo(Order order, long points, DateTime now)
    {
        var (open, lost) = (points, order.Lots.Sum(lot => lot.Points) - order.Kept - order.Forgiven);
        var own = order.Lots.Select(lot => (Lot: lot, Points: Math.Min(order.TakenFrom(lot), lot.Room))).ToList();
        var others = InSpendingOrder(order.Sources.Where(lot => !order.Lots.Contains(lot) && order.TakenFrom(lot) > 0)).Reverse().ToList();
        var back = new List<(Lot Lot, long Points)>();
        long Take(long most)
        {
            var part = Math.Max(0, Math.Min(most, Math.Min(open, lost)));
            (open, lost) = (open - part, lost - part);
            return part;
        }

        var owed = Take(lost - own.Sum(part => part.Points) - others.Sum(order.TakenFrom));
        var repaid = Math.Min(owed, Debt);
        back.AddRange(others.Select(lot => (lot, Take(Math.Min(order.TakenFrom(lot), lot.Room)))));
        var forgiven = Math.Min(open, order.Forgiven);
        (open, order.Forgiven) = (open - forgiven, order.Forgiven - forgiven);
        back.AddRange(own.Select(part => (part.Lot, Take(part.Points))));

        // Debts that other points have repaid since come back with the date of the order's points that had been spent.
        var date = own.Where(part => part.Lot.Room > part.Points).Select(part => part.Lot.ExpiresAt).Min();
        Debt -= repaid;
        back.RemoveAll(part => part.Points == 0);
        foreach (var (lot, part) in back.OrderBy(part => part.Lot.ExpiresAt ?? DateTime.MaxValue).ThenBy(part => part.Lot.Number))
        {
            var before = lot.Rest;
            lot.Rest += part;
            lot.IsPending = lot.AvailableAt > now;
            RepayFrom(lot);
            order.Took(lot, before - lot.Rest);
            Note("earn", part + repaid, lot.ExpiresAt);
            (owed, repaid) = (owed - repaid, 0);
            Settle(now);
        }

        Note("earn", repaid);
        Earn(owed - repaid, now, pendingDays: 0, date);
        if (Earn(open, now, programme.PendingDays, Expiry(now)) is { } earned)
        {
            order.Lots.Add(earned);
        }
    }

    private Lot? Earn(long points, DateTime now, int pendingDays, DateTime? expiresAt)
    {
        if (points == 0)
        {
            return null;
        }

        var lot = AddLot(points, now, pendingDays, expiresAt);
        RepayFrom(lot);
        Note("earn", points, expiresAt);
        Settle(now);
        return lot;
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

    private DateTime? Expiry(DateTime now) => programme.ExpireAfterMonths is { } months ? LaterByMonths(now, months) : null;

    private Lot AddLot(long points, DateTime now, int pendingDays, DateTime? expiresAt)
    {
        var lot = new Lot
        {
            Number = _lots.Count,
            Points = points,
            Rest = points,
            IsPending = pendingDays > 0,
            AvailableAt = now + TimeSpan.FromDays(pendingDays),
            ExpiresAt = expiresAt,
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
        private readonly Dictionary<Lot, long> _taken = [];

        public required ModelRevision Newest { get; set; }

        /// <summary>Points per unit, stored when the order first counts.</summary>
        public decimal? Worth { get; set; }

        public long Kept { get; set; }

        public List<Lot> Lots { get; } = [];

        /// <summary>Points that had expired when they were taken back.</summary>
        public long Forgiven { get; set; }

        /// <summary>The lots that revisions of the order took points from.</summary>
        public IEnumerable<Lot> Sources => _taken.Keys;

        public long TakenFrom(Lot lot) => _taken.GetValueOrDefault(lot);

        public void Took(Lot lot, long points) => _taken[lot] = TakenFrom(lot) + points;
    }

    private sealed class Lot
    {
        public required int Number { get; init; }

        public required long Points { get; init; }

        public required long Rest { get; set; }

        /// <summary>How many points can come back.</summary>
        public long Room => Points - Rest - Expired;

        public required bool IsPending { get; set; }

        public required DateTime AvailableAt { get; init; }

        public required DateTime? ExpiresAt { get; init; }

        /// <summary>The points that have expired.</summary>
        public long Expired { get; set; }

        public long Take(long most)
        {
            var taken = Math.Min(Rest, most);
            Rest -= taken;
            return taken;
        }
    }
}

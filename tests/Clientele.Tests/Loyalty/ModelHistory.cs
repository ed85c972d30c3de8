using System.Globalization;

namespace Clientele.Tests.Loyalty;

/// <summary>Something that happens to an account.</summary>
internal abstract record Step(string Name)
{
    /// <summary>Applies the step to the model. Returns whether it succeeds.</summary>
    public abstract bool Apply(ModelAccount account, DateTime now);

    public abstract override string ToString();
}

/// <summary>A single call, with its own key; some are sent again.</summary>
internal abstract record Post(string Name) : Step(Name)
{
    public bool IsRepeated => Name[^1] % 2 == 0;
}

internal sealed record Delivery(string Name, ModelRevision Revision) : Step(Name)
{
    public override bool Apply(ModelAccount account, DateTime now) => account.Deliver(Revision, now);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"order {Revision.Order} revision {Revision.Revision}: {Revision.Status} {Revision.Total:0.00} − {Revision.Refunded:0.00}"
            + $"{(Revision.Rate is { } rate ? $" × {rate}" : "")}");
}

internal sealed record Adjustment(string Name, long Points) : Post(Name)
{
    public override bool Apply(ModelAccount account, DateTime now) => account.Adjust(Points, now);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"adjust {Points:+0;-0}");
}

internal sealed record Redemption(string Name, long Points) : Post(Name)
{
    public override bool Apply(ModelAccount account, DateTime now) => account.Redeem(Name, Points, now);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: redeem {Points}");
}

/// <summary>Gives back a redemption, or a part of it.</summary>
internal sealed record GivingBack(string Name, string Redemption, long? Points = null) : Post(Name)
{
    public override bool Apply(ModelAccount account, DateTime now) => account.GiveBack(Redemption, now, Points);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"give back {Points}{(Points is null ? "all" : "")} of {Redemption}");
}

/// <summary>The times of the rounds of many histories, which share a clock. Before some of the rounds, the background work has run.</summary>
internal sealed record Timetable(IReadOnlyList<(DateTime Now, bool Maintained)> Rounds)
{
    private const int Moments = 10;

    /// <summary>A winter with a 29 February, the ends of its months, and the exact instants at which lots of these moments fall due.</summary>
    public static Timetable Draw(Random chance, ModelProgramme programme, int leapYear)
    {
        DateTime Day(int year, int month, int day, int hour = 0, int minute = 0) => new(year, month, day, hour, minute, 0, DateTimeKind.Utc);
        var start = Day(leapYear - 1, 11, 27, 13, 15);
        DateTime[] anchors =
        [
            Day(leapYear - 1, 11, 30, 23, 59), Day(leapYear - 1, 12, 31, 11), Day(leapYear, 1, 30, 9, 30), Day(leapYear, 1, 31), Day(leapYear, 2, 28, 23, 45),
            Day(leapYear, 2, 29), Day(leapYear, 2, 29, 18, 30), Day(leapYear, 3, 1), Day(leapYear, 3, 31, 23, 30), Day(leapYear, 4, 30, 7),
            .. Enumerable.Range(0, 6).Select(_ => start.AddMinutes(chance.Next(180 * 24 * 60))),
        ];
        var chosen = chance.GetItems(anchors, Moments / 2).Append(start).ToList();
        while (chosen.Count < Moments)
        {
            var moment = chosen[chance.Next(chosen.Count)];
            var due = programme.ExpireAfterMonths is { } months && chance.Next(2) == 0 ? moment.AddMonths(months) : moment.AddDays(programme.PendingDays);
            chosen.Add(due.AddMilliseconds(chance.Next(-1, 2)));
        }

        return new([.. chosen.Where(moment => moment >= start).Order().Select(moment => (moment, chance.Next(2) == 0))]);
    }
}

/// <summary>The steps of one account in each round of a timetable.</summary>
internal sealed record ModelHistory(IReadOnlyList<IReadOnlyList<Step>> Rounds)
{
    private static readonly string[] Statuses =
    [
        "pending", "paid", "paid", "processing", "shipped", "delivered", "delivered", "partially_refunded", "cancelled", "refunded",
    ];

    public int Length => Rounds.Sum(round => round.Count);

    /// <summary>Orders with their revisions in any order and twice each, mixed with adjustments, redemptions and reversals.</summary>
    public static ModelHistory Draw(Random chance, ModelProgramme programme, Timetable timetable)
    {
        var deliveries = Deliveries(chance, timetable.Rounds.Count);
        var rounds = new List<IReadOnlyList<Step>>();
        var (account, redeemed) = (new ModelAccount(programme), new List<string>());
        for (var round = 0; round < timetable.Rounds.Count; round++)
        {
            var (now, _) = timetable.Rounds[round];
            var steps = deliveries[round].Cast<Step>().ToList();
            steps.ForEach(step => step.Apply(account, now));
            account.Settle(now);
            while (chance.Next(100) < 40)
            {
                var step = Call(chance, $"{round}.{steps.Count}", account.Available, redeemed);
                step.Apply(account, now);
                steps.Add(step);
            }

            rounds.Add(steps);
        }

        return new(rounds);
    }

    /// <summary>The same history without one step of one round.</summary>
    public IEnumerable<ModelHistory> Shorter() =>
        from round in Enumerable.Range(0, Rounds.Count)
        from step in Enumerable.Range(0, Rounds[round].Count)
        select new ModelHistory([.. Rounds.Select((steps, i) => i == round ? [.. steps.Where((_, j) => j != step)] : steps)]);

    /// <summary>The same history without many of its steps.</summary>
    public ModelHistory Thinned(Random chance, int percent) =>
        new([.. Rounds.Select(steps => (IReadOnlyList<Step>)[.. steps.Where(_ => chance.Next(100) >= percent)])]);

    public string Tell(Timetable timetable) => string.Join('\n', Rounds.Zip(timetable.Rounds)
        .Where(round => round.First.Count > 0 || round.Second.Maintained)
        .Select(round => string.Create(
            CultureInfo.InvariantCulture,
            $"  {round.Second.Now:yyyy-MM-dd HH:mm:ss.fff}{(round.Second.Maintained ? " (after the background work)" : "")}: "
                + $"{string.Join("; ", round.First)}")));

    /// <summary>Some revisions of an order, with amounts to the cent.</summary>
    public static IEnumerable<ModelRevision> Revisions(Random chance, string order)
    {
        var (total, rate) = (chance.Next(100, 60_000) / 100m, chance.Next(4) == 0 ? chance.Next(5_000, 20_000) / 10_000m : (decimal?)null);
        var last = chance.Next(1, 6);
        for (var revision = 1; revision <= last; revision++)
        {
            // Sometimes an order grows, or shrinks without a refund.
            total = chance.Next(6) == 0 ? chance.Next(100, 60_000) / 100m : total;
            var refunded = chance.Next(2) == 0 ? Math.Round(total * chance.Next(0, 101) / 100, 2) : 0;
            yield return new(order, revision, Statuses[chance.Next(Statuses.Length)], total, refunded, rate);
        }
    }

    private static List<Step>[] Deliveries(Random chance, int rounds)
    {
        var deliveries = Enumerable.Range(0, rounds).Select(_ => new List<Step>()).ToArray();
        foreach (var order in "ABCDE"[..chance.Next(1, 6)])
        {
            var revisions = Revisions(chance, $"{order}").ToArray();
            if (chance.Next(2) == 0)
            {
                chance.Shuffle(revisions);
            }

            var when = revisions.Select(_ => chance.Next(rounds)).Order().ToArray();
            foreach (var (revision, round) in revisions.Zip(when))
            {
                deliveries[round].Add(new Delivery($"{order}{revision.Revision}", revision));
                deliveries[chance.Next(rounds)].Add(new Delivery($"{order}{revision.Revision} again", revision));
            }
        }

        return deliveries;
    }

    private static Post Call(Random chance, string name, long available, List<string> redeemed)
    {
        switch (chance.Next(10))
        {
            case < 2:
                return new Adjustment(name, chance.Next(2) == 0 ? -Amount(chance, available) : chance.Next(1, 300));
            case < 4 when redeemed.Count > 0:
                return new GivingBack(name, redeemed[chance.Next(redeemed.Count)], chance.Next(2) == 0 ? null : chance.Next(1, 150));
            default:
                redeemed.Add(name);
                return new Redemption(name, Amount(chance, available));
        }
    }

    /// <summary>Often exactly the available points, sometimes one more.</summary>
    private static long Amount(Random chance, long available) => chance.Next(6) switch
    {
        0 => available + 1,
        1 => Math.Max(1, available),
        _ => chance.Next(1, (int)Math.Max(2, available)),
    };
}

using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>Random histories of accounts, each compared with a plain model. <see cref="LongRun"/> runs more of them, and others.</summary>
public sealed class EndingWhereTheModelEnds
{
    /// <summary>A world takes most of a second to start. If there are many histories, more of them run in each world.</summary>
    private static readonly int PerWorld = LongRun.Histories is null ? 100 : 400;

    /// <summary>Small thresholds, so that tiers change often, and numbers whose products are not whole numbers.</summary>
    internal static readonly ModelProgramme Elaborate = new()
    {
        PointsPerUnit = 1.25m,
        PendingDays = 14,
        ExpireAfterMonths = 3,
        Tiers = [("bronze", 0, 1), ("silver", 300, 1.5m), ("gold", 900, 2.1m)],
    };

    private static readonly ModelProgramme Expiring = new() { ExpireAfterMonths = 1, PointsPerUnit = 1 };

    [Fact]
    public Task With_multipliers_pending_points_and_expiry() => LiveAsync(Elaborate, LongRun.Histories / 2 ?? PerWorld);

    [Fact]
    public Task With_expiry_alone() => LiveAsync(Expiring, LongRun.Histories / 4 ?? PerWorld / 2);

    [Fact]
    public Task Without_any_settings() => LiveAsync(ModelProgramme.Default, LongRun.Histories / 4 ?? PerWorld / 2);

    [Fact]
    public async Task Without_redemptions_and_multipliers_deliveries_in_any_order_end_the_same()
    {
        var programme = Elaborate with { Tiers = ModelProgramme.Default.Tiers };
        var chance = new Random(LongRun.Seed);
        var days = Timetable.Draw(chance, programme, LedgerWorld.LeapYear);

        // Each instant has two rounds; its steps are distributed over them again.
        var timetable = new Timetable([.. days.Rounds.SelectMany(round => new[] { round, round with { Maintained = false } })]);
        var histories = Enumerable.Range(0, 10).SelectMany(_ =>
        {
            var steps = Earnings(chance, days.Rounds.Count);
            return Enumerable.Range(0, 4).Select(_ => Shuffled(chance, steps)).ToArray();
        }).ToArray();
        await using var world = await LedgerWorld.StartAsync(programme);

        var endings = await world.LiveAsync(timetable, histories);

        Assert.All(endings.Chunk(4), same => Assert.Single(same.Select(ending => ending.State).Distinct()));
        var wrong = endings.Zip(histories).Where(ended => ended.First.Complaint is not null)
            .Select(ended => $"{ended.Second.Tell(timetable)}\n{ended.First.Complaint}");
        Assert.True(endings.All(ending => ending.Complaint is null), wrong.FirstOrDefault());
    }

    private static async Task LiveAsync(ModelProgramme programme, int count)
    {
        for (var (done, seed) = (0, LongRun.Seed); done < count; seed++)
        {
            var chance = new Random(seed);
            var timetable = Timetable.Draw(chance, programme, LedgerWorld.LeapYear);
            var histories = Enumerable.Range(0, Math.Min(PerWorld, count - done)).Select(_ => ModelHistory.Draw(chance, programme, timetable)).ToArray();
            Ending[] endings;
            await using (var world = await LedgerWorld.StartAsync(programme))
            {
                endings = await world.LiveAsync(timetable, histories);
            }

            var broken = Array.FindIndex(endings, ending => ending.Complaint is not null);
            if (broken >= 0)
            {
                var (history, complaint) = await ShortenAsync(programme, timetable, histories[broken], endings[broken].Complaint!);
                Assert.Fail(
                    $"{endings.Count(ending => ending.Complaint is not null)} of {endings.Length} histories of seed {seed} "
                    + $"part from the model, such as\n{history.Tell(timetable)}\n{complaint}");
            }

            done += endings.Length;
            await LongRun.ReportAsync("histories", endings.Length);
        }
    }

    /// <summary>
    /// Finds a short part of a history that is still wrong: many parts are run side by side, and the shortest wrong one is shortened further.
    /// </summary>
    private static async Task<(ModelHistory History, string Complaint)> ShortenAsync(
        ModelProgramme programme, Timetable timetable, ModelHistory history, string complaint)
    {
        var chance = new Random(history.Length);
        while (true)
        {
            var thinned = Enumerable.Range(0, 40).Select(i => history.Thinned(chance, 20 + i)).Where(part => part.Length < history.Length);
            ModelHistory[] parts = [.. history.Shorter(), .. thinned];
            await using var world = await LedgerWorld.StartAsync(programme);
            var endings = await world.LiveAsync(timetable, parts);
            var wrong = Enumerable.Range(0, parts.Length).Where(i => endings[i].Complaint is not null).OrderBy(i => parts[i].Length).ToArray();
            if (wrong.Length == 0)
            {
                return (history, complaint);
            }

            (history, complaint) = (parts[wrong[0]], endings[wrong[0]].Complaint!);
        }
    }

    /// <summary>
    /// For every instant, deliveries (each sent twice) and points that an admin adds. All deliveries of an order are at one instant, because later
    /// ones would expire later.
    /// </summary>
    private static Step[][] Earnings(Random chance, int rounds)
    {
        var steps = Enumerable.Range(0, rounds).Select(_ => new List<Step>()).ToArray();
        foreach (var order in "ABCD")
        {
            var round = steps[chance.Next(rounds)];
            foreach (var revision in ModelHistory.Revisions(chance, $"{order}"))
            {
                var delivery = new Delivery($"{order}{revision.Revision}", revision);
                round.AddRange([delivery, delivery with { Name = $"{delivery.Name} again" }]);
            }
        }

        steps[chance.Next(rounds)].Add(new Adjustment("added", chance.Next(1, 300)));
        return [.. steps.Select(round => round.ToArray())];
    }

    private static ModelHistory Shuffled(Random chance, Step[][] rounds) => new([.. rounds.SelectMany(round =>
    {
        var steps = round.ToArray();
        chance.Shuffle(steps);
        var cut = chance.Next(steps.Length + 1);
        return new IReadOnlyList<Step>[] { steps[..cut], steps[cut..] };
    })]);
}

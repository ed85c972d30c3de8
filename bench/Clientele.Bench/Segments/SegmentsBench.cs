using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Spectre.Console;

namespace Clientele.Bench.Segments;

internal sealed record SegmentsOptions(IReadOnlyList<int> Customers, int Segments, int Seconds, int Rules)
{
    public const string AllCustomers = "100000,1000000";
    public const int AllSegments = 200;
    public const int AllSeconds = 120;
    public const int AllRules = 50_000;

    public string Command => $"bin/bench segments --customers {string.Join(',', Customers)} --segments {Segments} --seconds {Seconds} --rules {Rules}";

    /// <summary>Whether the run is at least as large as the one on the page of the documentation.</summary>
    public bool IsFull => string.Join(',', Customers) == AllCustomers && Segments >= AllSegments && Seconds >= AllSeconds && Rules >= AllRules;

    /// <summary>Numbers separated by commas.</summary>
    public static IReadOnlyList<int> Sizes(string text) =>
        [.. text.Split(',').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var customers) && customers > 0
            ? customers
            : throw new BenchException($"--customers: {size} is not a number of customers."))];
}

/// <summary>The results with a number of customers.</summary>
/// <param name="Customers">The number of customers.</param>
/// <param name="Settled">The seconds until all segments were built.</param>
/// <param name="Simple">A rule on one column.</param>
/// <param name="Windowed">A rule on the orders in a time window.</param>
/// <param name="Again">A rebuild that changes nothing.</param>
/// <param name="Followed">The delays while customers changed.</param>
/// <param name="Crowded">The delays when many customers left at one instant.</param>
internal sealed record SegmentFigures(int Customers, double Settled, Build Simple, Build Windowed, Rebuild Again, Followed Followed, Crowded Crowded);

/// <summary>Runs the proof of segments for longer than the tests do, and measures how soon memberships are correct.</summary>
internal static class SegmentsBench
{
    private static readonly Claim Rules = new("rules", "Segments.MatchingAsTheInterpreterDoes");

    public static Task<int> RunAsync(string customers, int segments, int seconds, int rules, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            var options = new SegmentsOptions(SegmentsOptions.Sizes(customers), segments, seconds, rules);
            var (figures, version) = (new List<SegmentFigures>(), "");
            foreach (var size in options.Customers)
            {
                await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
                figures.Add(await MeasureAsync(progress, options, size, database, cancellationToken));
                version = database.Version;
                Run.Show(new SegmentsReport(options, [], figures, version));
            }

            var proofs = await Proof.RunAllAsync(progress, [(Rules, options.Rules)], cancellationToken);
            return new SegmentsReport(options, proofs, figures, version);
        },
        cancellationToken);

    private static async Task<SegmentFigures> MeasureAsync(
        ProgressContext progress, SegmentsOptions options, int customers, BenchDatabase database, CancellationToken cancellationToken)
    {
        var bed = new TestBed(new BenchOptions(customers, options.Seconds, 1, []), database.ConnectionString);
        await StepAsync("seed", async _ => await bed.SeedAsync(cancellationToken));
        await using var service = await ServerUnderTest.StartAsync("the service", Bench.Service(database.ConnectionString), "/health/ready", cancellationToken);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var client = new HttpClient { BaseAddress = service.Address };
        var desk = new Desk(client, bed, source);
        await StepAsync("sign in", async _ => await bed.PrepareAsync(client, cancellationToken));

        var (groups, settled) = (new List<long>(), 0.0);
        await StepAsync($"{options.Segments} segments", async step =>
        {
            await desk.StaySignedInAsync(cancellationToken);
            var started = Stopwatch.StartNew();
            for (var i = 0; i < options.Segments; i++)
            {
                groups.Add(await desk.CreateAsync($"Bench segment {i}", RuleMix.Rule(i, groups.FirstOrDefault()), cancellationToken));
            }

            await desk.WaitAsync(groups, ready => step.Value = 100.0 * ready / groups.Count, cancellationToken);
            await desk.DrainAsync(cancellationToken);
            settled = started.Elapsed.TotalSeconds;
        });

        // Autovacuum does this some time after so many rows.
        await StepAsync("vacuum", async _ => await desk.RunAsync("VACUUM ANALYZE", cancellationToken));
        var (simple, windowed, again, followed, crowded) = (default(Build), default(Build), default(Rebuild), default(Followed), default(Crowded));
        await StepAsync("builds of a simple rule", async _ => simple = await Builds.SimpleAsync(desk, cancellationToken));
        await StepAsync("builds of a windowed rule", async _ => windowed = await Builds.WindowedAsync(desk, cancellationToken));
        await StepAsync("a rebuild that changes nothing", async _ => again = await Builds.AgainAsync(desk, groups[0], cancellationToken));
        await StepAsync(
            $"{Following.PerSecond} writes a second",
            async step => followed = await Following.MeasureAsync(
                desk, options.Seconds, service, database.Postmaster, done => step.Value = done, cancellationToken));
        await StepAsync("many leave at one instant", async _ => crowded = await Crowd.MeasureAsync(desk, customers, cancellationToken));
        return new(customers, settled, simple!, windowed!, again!, followed!, crowded!);

        Task StepAsync(string title, Func<ProgressTask, Task> work) => progress.StepAsync($"{customers:N0} customers: {title}", work);
    }
}

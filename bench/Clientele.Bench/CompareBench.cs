using System.Globalization;
using Spectre.Console;

namespace Clientele.Bench;

/// <param name="Former">The program of the earlier release.</param>
/// <param name="Customers">How many customers each database has.</param>
/// <param name="Seconds">How long a turn takes.</param>
/// <param name="Turns">How many turns each release has.</param>
/// <param name="Only">The names of the endpoints.</param>
internal sealed record CompareOptions(string Former, int Customers, int Seconds, int Turns, IReadOnlyList<string> Only);

/// <summary>
/// Compares the CPU of an earlier release and of this one: each on a database of its own, in short turns, so that what else happens on the machine affects
/// both. The ratio of neighbouring turns is the figure to trust: what a request costs changes from minute to minute.
/// </summary>
internal static class CompareBench
{
    private const int Connections = 16;

    public static Task<int> RunAsync(CompareOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            var scenarios = Scenario.Named(options.Only);
            await using var before = await Release.StartAsync(progress, "before", options.Former, options, server, cancellationToken);
            await using var now = await Release.StartAsync(progress, "now", ServerUnderTest.Clientele, options, server, cancellationToken);
            var rows = new List<string[]>();
            foreach (var scenario in scenarios)
            {
                await progress.StepAsync(
                    scenario.Title, async step => rows.AddRange(await CompareAsync(step, scenario, before, now, options, cancellationToken)));
            }

            return new Report(rows);
        },
        cancellationToken);

    private static async Task<IEnumerable<string[]>> CompareAsync(
        ProgressTask step, Scenario scenario, Release before, Release now, CompareOptions options, CancellationToken cancellationToken)
    {
        step.MaxValue = options.Turns + 1;
        await before.MeasureAsync(scenario, Bench.WarmUpSeconds, cancellationToken);
        await now.MeasureAsync(scenario, Bench.WarmUpSeconds, cancellationToken);
        var turns = new List<(Figures Before, Figures Now)>();
        while (turns.Count < options.Turns || turns.Count % 2 > 0)
        {
            step.Increment(1);

            // The first of two turns has the caches that the other release has left.
            var isFirst = turns.Count % 2 == 0;
            var one = await (isFirst ? before : now).MeasureAsync(scenario, options.Seconds, cancellationToken);
            var other = await (isFirst ? now : before).MeasureAsync(scenario, options.Seconds, cancellationToken);
            turns.Add(isFirst ? (one, other) : (other, one));
        }

        // PostgreSQL on another machine cannot be measured.
        return before.HasDatabase
            ? [Row("service", figures => figures.Service), Row("database", figures => figures.Database!.Value), Row("sum", figures => figures.Cpu)]
            : [Row("service", figures => figures.Service)];

        string[] Row(string part, Func<Figures, double> cpu)
        {
            // In one of two neighbouring turns the earlier release came first, in the other this one: the geometric mean is free of that.
            var ratios = turns.Chunk(2).Select(pair => Math.Sqrt(Ratio(pair[0]) * Ratio(pair[1]))).Order().ToList();
            return
            [
                scenario.Title, part, Text(Median(turns.Select(turn => cpu(turn.Before)))), Text(Median(turns.Select(turn => cpu(turn.Now)))),
                Text(Median(ratios)), Text(ratios[ratios.Count / 4]), Text(ratios[^(1 + (ratios.Count / 4))]),
            ];

            double Ratio((Figures Before, Figures Now) turn) => cpu(turn.Now) / cpu(turn.Before);
        }

        static double Median(IEnumerable<double> figures) => figures.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

        static string Text(double figure) => figure.ToString("0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>A release that runs on its own database.</summary>
    private sealed class Release(BenchOptions options, BenchDatabase database, TestBed bed, ServerUnderTest service) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = service.Address };

        public bool HasDatabase => database.Postmaster is not null;

        public static async Task<Release> StartAsync(
            ProgressContext progress, string name, string program, CompareOptions options, string server, CancellationToken cancellationToken)
        {
            var own = new BenchOptions(options.Customers, options.Seconds, Connections, options.Only);
            var database = await BenchDatabase.CreateAsync(server, cancellationToken, $"_{name}");
            ServerUnderTest? service = null;
            try
            {
                var bed = new TestBed(own, database.ConnectionString, program);
                await progress.StepAsync($"seed {options.Customers} customers, {name}", _ => bed.SeedAsync(cancellationToken));
                service = await ServerUnderTest.StartAsync(
                    name, Bench.Service(database.ConnectionString, program), "/health/ready", cancellationToken);
                var release = new Release(own, database, bed, service);
                await progress.StepAsync($"sign in, {name}", _ => bed.PrepareAsync(release._client, cancellationToken));
                return release;
            }
            catch
            {
                if (service is not null)
                {
                    await service.DisposeAsync();
                }

                await database.DisposeAsync();
                throw;
            }
        }

        public async Task<Figures> MeasureAsync(Scenario scenario, int seconds, CancellationToken cancellationToken)
        {
            await bed.StaySignedInAsync(_client, cancellationToken);
            var script = await scenario.Script(bed, cancellationToken);
            return await Bench.FiguresAsync(service, script, options with { Seconds = seconds }, database.Postmaster, cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await service.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private sealed record Report(List<string[]> Rows) : IReport
    {
        public bool IsFull => false;

        public IEnumerable<Table> Tables()
        {
            yield return Page.Table(["endpoint", "CPU ms of", "before", "now", "median ratio", "lower quarter", "upper quarter"], Rows);
        }

        public Task WriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

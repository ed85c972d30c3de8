using System.Net.Http.Headers;
using Spectre.Console;

namespace Clientele.Bench.Ledger;

internal sealed record LedgerOptions(int Histories, int Kills, int Seconds, int Connections)
{
    public const int AllHistories = 100_000;
    public const int AllKills = 100;

    public string Command => $"bin/bench ledger --histories {Histories} --kills {Kills} --seconds {Seconds}";

    /// <summary>Whether the run is at least as large as the one on the page of the documentation.</summary>
    public bool IsFull => Histories >= AllHistories && Kills >= AllKills && Seconds > 0;
}

/// <summary>Redemptions per second, compared with the floor: the same two statements in pgbench.</summary>
internal sealed record Redemptions(string Title, Figures Service, double Floor)
{
    public double Ratio => Service.Load.PerSecond / Floor;
}

/// <summary>Runs the proofs of the points ledger for longer than the tests do, and measures the cost of a redemption.</summary>
internal static class LedgerBench
{
    private const int Customers = 2_000;
    private const int WarmUpSeconds = 5;
    private const int PointsEach = 1_000_000;
    private static readonly Claim Histories = new("histories", "Loyalty.EndingWhereTheModelEnds");
    private static readonly Claim Kills = new("kills", "Loyalty.KillingTheLedger");

    public static Task<int> RunAsync(LedgerOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            // Measure first: the proofs keep all cores busy for a long time.
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            var redemptions = options.Seconds > 0 ? await MeasureAsync(progress, options, database, cancellationToken) : [];
            var proofs = await Proof.RunAllAsync(progress, [(Histories, options.Histories / 2), (Kills, options.Kills)], cancellationToken);
            return new LedgerReport(options, proofs, redemptions, database.Version);
        },
        cancellationToken);

    private static async Task<List<Redemptions>> MeasureAsync(
        ProgressContext progress, LedgerOptions options, BenchDatabase database, CancellationToken cancellationToken)
    {
        var step = progress.AddTask("redemptions", maxValue: 6);
        var bench = new BenchOptions(Customers, options.Seconds, options.Connections, []);
        var bed = new TestBed(bench, database.ConnectionString);
        await bed.SeedAsync(cancellationToken);
        step.Increment(1);

        var redemptions = new List<Redemptions>();
        await using (var service = await ServerUnderTest.StartAsync(
            "the service", Bench.Service(database.ConnectionString), "/health/ready", cancellationToken))
        {
            using var client = new HttpClient { BaseAddress = service.Address };
            await bed.PrepareAsync(client, cancellationToken);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bed.Admin.Access);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Connections, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Ids(bed), parallel, async (id, stop) =>
            {
                using var answer = await client.PostAsJsonAsync($"/api/customers/customers/{id}/add_loyalty_points/", new { points = PointsEach }, stop);
                answer.EnsureSuccessStatusCode();
            });
            step.Increment(1);

            (string Title, string Script)[] scripts =
            [
                ("distinct accounts", Redeeming(bed, bed.FirstId, bed.LastId)),
                ("one hot account", Redeeming(bed, bed.FirstId, bed.FirstId)),
            ];
            foreach (var (title, script) in scripts)
            {
                await Wrk.RunAsync(service.Address, script, WarmUpSeconds, options.Connections, cancellationToken);
                redemptions.Add(new(title, await Bench.FiguresAsync(service, script, bench, database.Postmaster, cancellationToken), 0));
                step.Increment(1);
            }
        }

        await using var floor = await PgBench.CreateAsync(database.ConnectionString, PointsEach, bed.FirstId, bed.LastId, cancellationToken);
        foreach (var (i, last) in new[] { bed.LastId, bed.FirstId }.Index())
        {
            redemptions[i] = redemptions[i] with { Floor = await floor.RunAsync(bed.FirstId, last, options.Seconds, options.Connections, cancellationToken) };
            step.Increment(1);
        }

        return redemptions;
    }

    private static IEnumerable<long> Ids(TestBed bed) => Enumerable.Range(0, (int)(bed.LastId - bed.FirstId) + 1).Select(i => bed.FirstId + i);

    private static string Redeeming(TestBed bed, long first, long last) =>
        Lua.RandomPath("POST", "/api/customers/customers/%d/redeem_loyalty_points/", bed.Admin.Access, first, last, """{"points": 1, "reason": "Checkout"}""");
}

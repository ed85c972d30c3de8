using System.Net.Http.Headers;
using Npgsql;
using Spectre.Console;

namespace Clientele.Bench.Ledger;

internal sealed record LedgerOptions(int Histories, int Kills, int Seconds, int Connections)
{
    public const int AllHistories = 100_000;
    public const int AllKills = 100;

    public string Command => $"bin/bench ledger --histories {Histories} --kills {Kills} --seconds {Seconds}";

    /// <summary>Whether there is nothing less in it than in the page of the documentation.</summary>
    public bool IsFull => Histories >= AllHistories && Kills >= AllKills && Seconds > 0;
}

/// <summary>Redemptions per second, and beside them the floor: the same two statements in pgbench.</summary>
internal sealed record Redemptions(string Title, Figures Service, double Floor)
{
    public double Ratio => Service.Load.PerSecond / Floor;
}

/// <summary>The proofs of the points ledger for longer than the tests take, and what a redemption costs.</summary>
internal static class LedgerBench
{
    private const int Customers = 2_000;
    private const int WarmUpSeconds = 5;
    private const int PointsEach = 1_000_000;
    private const int RedirectedWidth = 180;
    private static readonly Claim Histories = new("histories", "Loyalty.EndingWhereTheModelEnds", "CLIENTELE_LEDGER_HISTORIES");
    private static readonly Claim Kills = new("kills", "Loyalty.KillingTheLedger", "CLIENTELE_LEDGER_KILLS");

    public static async Task<int> RunAsync(LedgerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var server = Environment.GetEnvironmentVariable(Bench.ServerVariable)
                ?? throw new BenchException($"{Bench.ServerVariable} names no PostgreSQL server. bin/bench makes one.");
            var (proofs, redemptions, version) = (new List<Proof>(), new List<Redemptions>(), "");
            await AnsiConsole.Progress().Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async progress =>
            {
                proofs = await Proof.RunAllAsync(progress, [(Histories, options.Histories), (Kills, options.Kills)], cancellationToken);
                if (options.Seconds > 0)
                {
                    (redemptions, version) = await MeasureAsync(progress, options, server, cancellationToken);
                }
            });
            if (Console.IsOutputRedirected)
            {
                AnsiConsole.Profile.Width = RedirectedWidth;
            }

            var report = new LedgerReport(options, proofs, redemptions, version);
            foreach (var table in report.Tables())
            {
                AnsiConsole.Write(table);
            }

            if (options.IsFull)
            {
                await report.WriteAsync(cancellationToken);
            }

            return 0;
        }
        catch (Exception failure) when (failure is BenchException or NpgsqlException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static async Task<(List<Redemptions> Redemptions, string Version)> MeasureAsync(ProgressContext progress, LedgerOptions options, string server, CancellationToken cancellationToken)
    {
        var step = progress.AddTask("redemptions", maxValue: 6);
        var bench = new BenchOptions(Customers, options.Seconds, options.Connections, []);
        await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
        var bed = new TestBed(bench, database.ConnectionString);
        await bed.SeedAsync(cancellationToken);
        step.Increment(1);

        var redemptions = new List<Redemptions>();
        await using (var service = await ServerUnderTest.StartAsync("the service", Bench.Service(database.ConnectionString), "/health/ready", cancellationToken))
        {
            using var client = new HttpClient { BaseAddress = service.Address };
            await bed.PrepareAsync(client, cancellationToken);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bed.Admin.Access);
            await Parallel.ForEachAsync(Ids(bed), new ParallelOptions { MaxDegreeOfParallelism = options.Connections, CancellationToken = cancellationToken }, async (id, stop) =>
            {
                using var answer = await client.PostAsJsonAsync($"/api/customers/customers/{id}/add_loyalty_points/", new { points = PointsEach }, stop);
                answer.EnsureSuccessStatusCode();
            });
            step.Increment(1);

            foreach (var (title, script) in new[] { ("distinct accounts", Redeeming(bed, bed.FirstId, bed.LastId)), ("one hot account", Redeeming(bed, bed.FirstId, bed.FirstId)) })
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

        return (redemptions, database.Version);
    }

    private static IEnumerable<long> Ids(TestBed bed) => Enumerable.Range(0, (int)(bed.LastId - bed.FirstId) + 1).Select(i => bed.FirstId + i);

    private static string Redeeming(TestBed bed, long first, long last) =>
        Lua.RandomPath("POST", "/api/customers/customers/%d/redeem_loyalty_points/", bed.Admin.Access, first, last, """{"points": 1, "reason": "Checkout"}""");
}

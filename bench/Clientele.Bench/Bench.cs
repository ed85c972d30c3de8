using Spectre.Console;

namespace Clientele.Bench;

internal sealed record BenchOptions(int Customers, int Seconds, int Connections, IReadOnlyList<string> Only)
{
    /// <summary>The command that repeats the same run.</summary>
    public string Command
    {
        get
        {
            var command = $"bin/bench --customers {Customers} --seconds {Seconds} --connections {Connections}";
            return Only.Count == 0 ? command : $"{command} --only {string.Join(',', Only)}";
        }
    }
}

/// <summary>The results of one server for an endpoint.</summary>
/// <param name="Load">What wrk measured.</param>
/// <param name="Service">CPU milliseconds per request in the server.</param>
/// <param name="Database">CPU milliseconds per request in PostgreSQL; null if it runs on another machine.</param>
internal sealed record Figures(Load Load, double Service, double? Database)
{
    public double Cpu => Service + (Database ?? 0);
}

/// <summary>The results of the service and of the floor.</summary>
internal sealed record Measurement(Scenario Scenario, Figures Service, Figures Floor)
{
    public double Ratio => Service.Load.PerSecond / Floor.Load.PerSecond;

    public bool MeetsTarget => Scenario.Target is not { } target || Service.Cpu <= (double)target;

    public bool MeetsRatio => Ratio >= 0.5;
}

/// <summary>One run, from an empty database to the document.</summary>
internal static class Bench
{
    // By then, tiered compilation has counted calls and optimised the code. A run that measures for one second only checks that everything works.
    public const int WarmUpSeconds = 20;
    public const int Rounds = 3;

    public static Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            var scenarios = Scenario.Named(options.Only);
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            var bed = new TestBed(options, database.ConnectionString);
            return new Report(options, bed, await MeasureAsync(progress, scenarios, options, bed, database, cancellationToken), database.Version);
        },
        cancellationToken);

    private static async Task<IReadOnlyList<Measurement>> MeasureAsync(
        ProgressContext progress,
        IReadOnlyList<Scenario> scenarios,
        BenchOptions options,
        TestBed bed,
        BenchDatabase database,
        CancellationToken cancellationToken)
    {
        await progress.StepAsync($"seed {options.Customers} customers", _ => bed.SeedAsync(cancellationToken));

        await using var service = await ServerUnderTest.StartAsync("the service", Service(database.ConnectionString), "/health/ready", cancellationToken);
        await using var floor = await ServerUnderTest.StartAsync(
            "the floor",
            ServerUnderTest.Verb(typeof(Bench).Assembly.Location, "floor", "--urls", "http://127.0.0.1:0", "--database", database.ConnectionString),
            "/",
            cancellationToken);
        using var client = new HttpClient { BaseAddress = service.Address };
        await progress.StepAsync("sign in", _ => bed.PrepareAsync(client, cancellationToken));

        var measurements = new List<Measurement>();
        foreach (var scenario in scenarios)
        {
            await bed.StaySignedInAsync(client, cancellationToken);
            await progress.StepAsync(
                scenario.Title,
                async _ => measurements.Add(await CompareAsync(scenario, service, floor, bed, options, database.Postmaster, cancellationToken)));
        }

        return measurements;
    }

    /// <summary>Measures service and floor in turns, so that other load on the machine affects both. Returns the median round of each.</summary>
    private static async Task<Measurement> CompareAsync(
        Scenario scenario,
        ServerUnderTest service,
        ServerUnderTest floor,
        TestBed bed,
        BenchOptions options,
        int? postmaster,
        CancellationToken cancellationToken)
    {
        var rounds = new Dictionary<ServerUnderTest, List<Figures>> { [service] = [], [floor] = [] };
        foreach (var server in rounds.Keys)
        {
            var warmUp = Math.Min(WarmUpSeconds, 4 * options.Seconds);
            await RunAsync(server, async script => await Wrk.RunAsync(server.Address, script, warmUp, options.Connections, cancellationToken));
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (server, figures) in rounds)
            {
                await RunAsync(server, async script => figures.Add(await FiguresAsync(server, script, options, postmaster, cancellationToken)));
            }
        }

        return new(scenario, Median(rounds[service]), Median(rounds[floor]));

        async Task RunAsync(ServerUnderTest server, Func<string, Task> run)
        {
            try
            {
                await run(await scenario.Script(bed, cancellationToken));
            }
            catch (BenchException failure)
            {
                throw new BenchException($"{scenario.Title} of {server.Name}: {failure.Message}");
            }
        }

        static Figures Median(List<Figures> figures) => figures.OrderBy(figures => figures.Load.PerSecond).ElementAt(figures.Count / 2);
    }

    /// <summary>The results of a warm server for a script.</summary>
    public static async Task<Figures> FiguresAsync(
        ServerUnderTest server, string script, BenchOptions options, int? postmaster, CancellationToken cancellationToken)
    {
        var (serviceBefore, databaseBefore) = (Cpu.OfProcess(server.ProcessId), postmaster is { } id ? Cpu.OfFamily(id) : 0);
        var load = await Wrk.RunAsync(server.Address, script, options.Seconds, options.Connections, cancellationToken);
        var service = Cpu.OfProcess(server.ProcessId) - serviceBefore;
        double? database = postmaster is { } family ? Cpu.OfFamily(family) - databaseBefore : null;
        return new Figures(load, service / load.Requests, database / load.Requests);
    }

    public static System.Diagnostics.ProcessStartInfo Service(string database, string? program = null)
    {
        var start = ServerUnderTest.Verb(program ?? ServerUnderTest.Clientele, "serve", "--urls", "http://127.0.0.1:0", "--database", database);
        foreach (var limit in new[] { "Registration", "SignInPerAccountAndNetwork", "SignInPerNetwork", "SignInPerAccount" })
        {
            start.Environment[$"RateLimits__{limit}"] = "1000000";
        }

        return start;
    }
}

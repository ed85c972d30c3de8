using System.Globalization;
using Spectre.Console;

namespace Clientele.Bench.Flood;

internal sealed record FloodOptions(int Seconds)
{
    public const int AllSeconds = 20;

    public string Command => string.Create(CultureInfo.InvariantCulture, $"bin/bench flood --seconds {Seconds}");

    public bool IsFull => Seconds >= AllSeconds;
}

/// <summary>Reads without the flood and under it.</summary>
/// <param name="Database">On which database.</param>
/// <param name="State">Whether the service has just started.</param>
/// <param name="Quiet">Without the flood.</param>
/// <param name="Flooded">Under it, from its first second on.</param>
/// <param name="SignIns">What became of the flood.</param>
internal sealed record FloodFigures(string Database, string State, Latencies Quiet, Latencies Flooded, SignIns SignIns)
{
    public double Ratio => Flooded.At(0.99) / Quiet.At(0.99);
}

/// <summary>What others feel of a flood of wrong sign-ins.</summary>
internal static class FloodBench
{
    private const int Customers = 1000;

    public static Task<int> RunAsync(FloodOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            var file = Directory.CreateTempSubdirectory("clientele-flood-");
            try
            {
                await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
                FloodFigures[] figures =
                [
                    .. await MeasureAsync(progress, options, "SQLite", Path.Combine(file.FullName, "flood.db"), cancellationToken),
                    .. await MeasureAsync(progress, options, "PostgreSQL", database.ConnectionString, cancellationToken),
                ];
                return new FloodReport(options, figures, database.Version);
            }
            finally
            {
                file.Delete(recursive: true);
            }
        },
        cancellationToken);

    private static async Task<IReadOnlyList<FloodFigures>> MeasureAsync(
        ProgressContext progress, FloodOptions options, string name, string database, CancellationToken cancellationToken)
    {
        string[] seed = ["seed-demo", "--customers", Customers.ToString(CultureInfo.InvariantCulture), "--password", Bodies.Password, "--database", database];
        await progress.StepAsync($"{name}: seed", _ => TestBed.VerbAsync(null, seed, cancellationToken));
        Latencies? quietCold = null, quiet = null, flooded = null, floodedCold = null;
        SignIns? signIns = null, signInsCold = null;
        await WithServiceAsync("quiet", async (client, access) =>
        {
            quietCold = await Readers.RunAsync(client, access, options.Seconds, cancellationToken);
            quiet = await Readers.RunAsync(client, access, options.Seconds, cancellationToken);
        });
        await WithServiceAsync("flood right after the start", async (client, access) =>
        {
            (floodedCold, signInsCold) = await FloodAsync(client, access);
            (flooded, signIns) = await FloodAsync(client, access);
        });
        return [new(name, "right after the start", quietCold!, floodedCold!, signInsCold!), new(name, "later", quiet!, flooded!, signIns!)];

        Task WithServiceAsync(string title, Func<HttpClient, string, Task> work) => progress.StepAsync($"{name}: {title}", async _ =>
        {
            await using var service = await ServerUnderTest.StartAsync("the service", Bench.Service(database), "/health/ready", cancellationToken);
            using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = service.Address };
            await work(client, (await TestBed.SignInAsync(client, "ada", cancellationToken)).Access);
        });

        async Task<(Latencies, SignIns)> FloodAsync(HttpClient client, string access)
        {
            await using var flood = new Guessers(client.BaseAddress!);
            return (await Readers.RunAsync(client, access, options.Seconds, cancellationToken), flood.Made);
        }
    }
}

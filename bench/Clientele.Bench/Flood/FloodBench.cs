using System.Globalization;
using Spectre.Console;

namespace Clientele.Bench.Flood;

internal sealed record FloodOptions(int Seconds)
{
    public const int AllSeconds = 20;

    public string Command => string.Create(CultureInfo.InvariantCulture, $"bin/bench flood --seconds {Seconds}");

    public bool IsFull => Seconds >= AllSeconds;
}

/// <summary>Reads without a flood and during one.</summary>
/// <param name="Database">On which database.</param>
/// <param name="State">Whether the service has just started.</param>
internal sealed record FloodFigures(string Database, string State)
{
    /// <summary>Reads without a flood.</summary>
    public Latencies Quiet { get; set; } = new([]);

    /// <summary>Reads during a flood, its first second included.</summary>
    public Latencies Flooded { get; set; } = new([]);

    /// <summary>How the wrong sign-ins were answered.</summary>
    public SignIns SignIns { get; set; } = new(0, 0, 0);

    public double Ratio => Flooded.At(0.99) / Quiet.At(0.99);
}

/// <summary>Measures how a flood of wrong sign-ins affects other callers.</summary>
internal static class FloodBench
{
    private const int Customers = 1000;

    /// <summary>How many starts of the service are measured. A single first second has too few reads for a p99.</summary>
    public const int Starts = 3;

    /// <summary>The length of one flood, in seconds. Several short floods give the first second of a flood more weight than one long flood.</summary>
    public const int SecondsOfFlood = 5;

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

        // Otherwise the first figures would include the time to compile the bench's own code.
        await WithServiceAsync("rehearse", (client, access) => AlternateAsync(client, access, new(name, "rehearsing"), seconds: 2));
        FloodFigures starting = new(name, "in its first second"), running = new(name, "running");
        for (var i = 0; i < Starts; i++)
        {
            await WithServiceAsync("start quietly", async (client, access) => starting.Quiet += await ReadAsync(client, access, seconds: 1));
            await WithServiceAsync("start under a flood", (client, access) => FloodAsync(client, access, starting, seconds: 1));
        }

        await WithServiceAsync("run", async (client, access) =>
        {
            await AlternateAsync(client, access, new(name, "rehearsing"), options.Seconds);
            for (var left = options.Seconds; left > 0; left -= SecondsOfFlood)
            {
                await AlternateAsync(client, access, running, Math.Min(left, SecondsOfFlood));
            }
        });
        return [starting, running];

        Task WithServiceAsync(string title, Func<HttpClient, string, Task> work) => progress.StepAsync($"{name}: {title}", async _ =>
        {
            await using var service = await ServerUnderTest.StartAsync("the service", Bench.Service(database), "/health/ready", cancellationToken);
            using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = service.Address };
            await work(client, (await TestBed.SignInAsync(client, "ada", cancellationToken)).Access);
        });

        async Task AlternateAsync(HttpClient client, string access, FloodFigures measured, int seconds)
        {
            measured.Quiet += await ReadAsync(client, access, seconds);
            await FloodAsync(client, access, measured, seconds);
        }

        async Task FloodAsync(HttpClient client, string access, FloodFigures measured, int seconds)
        {
            await using var flood = new Guessers(client.BaseAddress!);
            measured.Flooded += await ReadAsync(client, access, seconds);
            measured.SignIns += flood.Made;
        }

        Task<Latencies> ReadAsync(HttpClient client, string access, int seconds) => Readers.RunAsync(client, access, seconds, cancellationToken);
    }
}

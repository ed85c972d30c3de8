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
internal sealed record FloodFigures(string Database, string State)
{
    /// <summary>Without the flood.</summary>
    public Latencies Quiet { get; set; } = new([]);

    /// <summary>Under it, from its first second on.</summary>
    public Latencies Flooded { get; set; } = new([]);

    /// <summary>What became of the flood.</summary>
    public SignIns SignIns { get; set; } = new(0, 0, 0);

    public double Ratio => Flooded.At(0.99) / Quiet.At(0.99);
}

/// <summary>What others feel of a flood of wrong sign-ins.</summary>
internal static class FloodBench
{
    private const int Customers = 1000;

    /// <summary>How often the service is started to see its first second; one alone says little.</summary>
    public const int Starts = 3;

    /// <summary>A flood begins anew as often, so that its first second counts for much.</summary>
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


        // What is compiled meanwhile is the bench's own code: it is not to be measured.
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

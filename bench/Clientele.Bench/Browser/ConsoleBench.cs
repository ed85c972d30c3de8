using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Spectre.Console;

namespace Clientele.Bench.Browser;

internal sealed record ConsoleOptions(int Customers, int Loads)
{
    public const int AllCustomers = 100_000;
    public const int AllLoads = 5;

    public string Command => string.Create(CultureInfo.InvariantCulture, $"bin/bench console --customers {Customers} --loads {Loads}");

    public bool IsFull => Customers >= AllCustomers && Loads >= AllLoads;
}

/// <summary>Measures what the console costs a browser, and how soon it answers somebody who types.</summary>
internal static class ConsoleBench
{
    private const double Mebibyte = 1024 * 1024;

    public static async Task<int> RunAsync(ConsoleOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var console = await DemoConsole.StartAsync(options.Customers, cancellationToken);
            var (first, later) = (new List<Load>(), new List<Load>());

            // The service compiles its own code during the first load.
            await MeasureAsync(console, [], []);
            for (var i = 0; i < options.Loads; i++)
            {
                await MeasureAsync(console, first, later);
            }

            await using var profile = await console.NewProfileAsync();
            var page = await profile.NewPageAsync();
            await DemoConsole.OpenAsync(page, "");
            await DemoConsole.SignInAsync(page);
            var searches = await Typing.SearchAsync(page);
            var counts = await Typing.CountAsync(page);
            ConsoleFigure[] figures =
            [
                new("First load, over the wire", [.. first.Select(load => load.Bytes / Mebibyte)], "0.00 MB", 4),
                new("First load, until it can be used", [.. first.Select(load => load.Time.TotalSeconds)], "0.00 s", 3),
                new("Later load, over the wire", [.. later.Select(load => load.Bytes / 1024)], "0.0 kB", null),
                new("Later load, until it can be used", [.. later.Select(load => load.Time.TotalSeconds)], "0.00 s", 1),
                new("Search, from the last key to the results", [.. searches.Select(time => time.TotalMilliseconds)], "0 ms", 300),
                new("Segment builder, from the last key to the count", [.. counts.Select(time => time.TotalMilliseconds)], "0 ms", 1000),
            ];
            var report = new ConsoleReport(options, figures);
            AnsiConsole.Write(report.Table());
            if (options.IsFull)
            {
                await report.WriteAsync(cancellationToken);
            }

            return figures.All(figure => figure.IsWithin) ? 0 : 1;
        }
        catch (Exception failure) when (failure is BenchException or PlaywrightException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    /// <summary>Loads the sign-in page in a new profile, signs in, and loads the first page again in another tab.</summary>
    private static async Task MeasureAsync(DemoConsole console, List<Load> first, List<Load> later)
    {
        await using var profile = await console.NewProfileAsync();
        var page = await profile.NewPageAsync();
        first.Add(await LoadAsync(page));
        await DemoConsole.SignInAsync(page);
        later.Add(await LoadAsync(await profile.NewPageAsync()));
    }

    private static async Task<Load> LoadAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        var bytes = 0.0;
        devTools.Event("Network.loadingFinished").OnEvent += (_, finished) => bytes += finished!.Value.GetProperty("encodedDataLength").GetDouble();
        await devTools.SendAsync("Network.enable");
        var started = Stopwatch.GetTimestamp();
        await DemoConsole.OpenAsync(page, "");
        return new(Stopwatch.GetElapsedTime(started), bytes);
    }

    private sealed record Load(TimeSpan Time, double Bytes);
}

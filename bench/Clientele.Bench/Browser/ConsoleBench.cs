using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Spectre.Console;

namespace Clientele.Bench.Browser;

/// <summary>Measures what the console costs a browser: the first time, and once its files are in the cache.</summary>
internal static class ConsoleBench
{
    public const int AllLoads = 5;
    private const int Customers = 1000;
    private const double Mebibyte = 1024 * 1024;
    private const double MostMebibytes = 4;
    private static readonly TimeSpan FirstBudget = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LaterBudget = TimeSpan.FromSeconds(1);
    private static readonly string[] Columns = ["", "median", "best", "worst", "budget"];

    public static async Task<int> RunAsync(int loads, CancellationToken cancellationToken)
    {
        try
        {
            await using var console = await DemoConsole.StartAsync(Customers, cancellationToken);
            var (first, later) = (new List<Load>(), new List<Load>());

            // The service compiles its own code during the first load.
            await MeasureAsync(console, [], []);
            for (var i = 0; i < loads; i++)
            {
                await MeasureAsync(console, first, later);
            }

            AnsiConsole.Write(Page.Table(Columns, Rows(first, later)));
            return 0;
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

    private static IEnumerable<string[]> Rows(IReadOnlyList<Load> first, IReadOnlyList<Load> later)
    {
        yield return Row("First load, over the wire", first.Select(load => load.Bytes / Mebibyte), "0.00 MB", MostMebibytes);
        yield return Row("First load, until it can be used", first.Select(load => load.Time.TotalSeconds), "0.00 s", FirstBudget.TotalSeconds);
        yield return Row("Later load, over the wire", later.Select(load => load.Bytes / 1024), "0.0 kB", null);
        yield return Row("Later load, until it can be used", later.Select(load => load.Time.TotalSeconds), "0.00 s", LaterBudget.TotalSeconds);
    }

    private static string[] Row(string what, IEnumerable<double> values, string format, double? budget)
    {
        var sorted = values.Order().ToList();
        return [what, Text(sorted[sorted.Count / 2]), Text(sorted[0]), Text(sorted[^1]), budget is { } most ? Text(most) : ""];

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private sealed record Load(TimeSpan Time, double Bytes);
}

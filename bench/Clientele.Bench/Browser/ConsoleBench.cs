using System.Globalization;
using Microsoft.Playwright;
using Npgsql;
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
    private const int Tabs = 9;

    /// <summary>After so many loads, the browser has the compiled code of the runtime in its cache.</summary>
    private const int Warming = 3;

    public static async Task<int> RunAsync(ConsoleOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var server = Environment.GetEnvironmentVariable(Run.ServerVariable)
                ?? throw new BenchException($"{Run.ServerVariable} names no PostgreSQL server. bin/bench creates one.");
            var (first, next, later) = (new List<Load>(), new List<Load>(), new List<Load>());
            List<ConsoleFigure> typed;
            await using (var console = await DemoConsole.StartAsync(options.Customers, cancellationToken))
            {
                // The service compiles its own code during the first load.
                await MeasureAsync(console, [], [], []);
                for (var i = 0; i < options.Loads; i++)
                {
                    await MeasureAsync(console, first, next, later);
                }

                typed = [.. await TypeAsync(console, "SQLite"), await ClickAsync(console, "SQLite")];
            }

            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            await using (var console = await DemoConsole.StartAsync(options.Customers, cancellationToken, database.ConnectionString))
            {
                typed.AddRange([.. await TypeAsync(console, "PostgreSQL"), await ClickAsync(console, "PostgreSQL")]);
            }

            ConsoleFigure[] figures =
            [
                new("First load, over the wire", [.. first.Select(load => load.Bytes / Mebibyte)], "0.00 MB", 4),
                new("First load, until one can type", [.. first.Select(load => load.Time.TotalSeconds)], "0.00 s", 3),
                new("Second to fourth load, until one can type", [.. next.Select(load => load.Time.TotalSeconds)], "0.00 s", null),
                new("Later load, over the wire", [.. later.Select(load => load.Bytes / 1024)], "0.0 kB", null),
                new("Later load, until one can type", [.. later.Select(load => load.Time.TotalSeconds)], "0.00 s", 1),
                .. typed,
            ];
            var report = new ConsoleReport(options, figures);
            AnsiConsole.Write(report.Table());
            if (options.IsFull)
            {
                await report.WriteAsync(database.Version, cancellationToken);
            }

            return figures.All(figure => figure.IsWithin) ? 0 : 1;
        }
        catch (Exception failure) when (failure is BenchException or PlaywrightException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static async Task<List<ConsoleFigure>> TypeAsync(DemoConsole console, string database)
    {
        await using var profile = await console.NewProfileAsync();
        var page = await profile.NewPageAsync();
        await DemoConsole.OpenAsync(page, "");
        await DemoConsole.SignInAsync(page);
        var searches = await Typing.SearchAsync(page);
        var counts = await Typing.CountAsync(page);
        return
        [
            new($"Search, from the last key to the results, {database}", [.. searches.Select(time => time.TotalMilliseconds)], "0 ms", 300),
            new($"Segment builder, from the last key to the count, {database}", [.. counts.Select(time => time.TotalMilliseconds)], "0 ms", 1000),
        ];
    }

    private static async Task<ConsoleFigure> ClickAsync(DemoConsole console, string database)
    {
        await using var profile = await console.NewBrowserAsync();
        var page = await profile.NewPageAsync();
        await DemoConsole.OpenAsync(page, "");
        await DemoConsole.SignInAsync(page);
        var answers = await Clicking.AnswersAsync(profile);
        foreach (var (click, time) in answers.OrderByDescending(answer => answer.Time).Take(5))
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds,4:0} ms: {click}"));
        }

        var times = answers.Select(answer => answer.Time.TotalMilliseconds).ToList();
        return new($"First click after a load, until its answer is painted, {database}", times, "0 ms", 100, IsForWorst: true);
    }

    /// <summary>Loads the sign-in page in a new browser, signs in, and loads the first page again in other tabs.</summary>
    private static async Task MeasureAsync(DemoConsole console, List<Load> first, List<Load> next, List<Load> later)
    {
        await using var browser = await console.NewBrowserAsync();
        var page = await browser.NewPageAsync();
        first.Add(await LoadAsync(page));
        await DemoConsole.SignInAsync(page);
        for (var tab = 0; tab < Tabs; tab++)
        {
            var opened = await browser.NewPageAsync();
            (tab < Warming ? next : later).Add(await LoadAsync(opened));
            await opened.CloseAsync();
        }
    }

    /// <summary>Opens the console and waits until one can type: the name on the sign-in page, or what to search for.</summary>
    private static async Task<Load> LoadAsync(IPage page)
    {
        await page.AddInitScriptAsync(
            "addEventListener('focusin', focus => { if (focus.target.matches('input')) globalThis.usableAt ??= performance.now(); }, true)");
        await DemoConsole.OpenAsync(page, "");
        await page.WaitForFunctionAsync("() => globalThis.usableAt");
        var milliseconds = await page.EvaluateAsync<double>("() => globalThis.usableAt");
        return new(TimeSpan.FromMilliseconds(milliseconds), await page.EvaluateAsync<double>(
            "() => ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type)).reduce((sum, entry) => sum + entry.transferSize, 0)"));
    }

    private sealed record Load(TimeSpan Time, double Bytes);
}

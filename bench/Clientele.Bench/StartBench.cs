using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>
/// Measures each form of the program: how long it takes from its start to its first response, on a database that is up to date, and how much memory it
/// has then and after some requests. The forms take turns, so that a busy minute of the machine does not hit only one of them.
/// </summary>
internal static class StartBench
{
    public const int AllStarts = 9;
    private const int Requests = 200;
    private static readonly string[] Columns = ["form", "first response ms", "memory MB then", $"memory MB after {Requests} requests", "folder MB"];

    /// <summary>A form of the program, and how to run it.</summary>
    private sealed record Form(string Name, string Program, bool NeedsDotnet)
    {
        public long Size => new DirectoryInfo(Path.GetDirectoryName(Program)!).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

        public ProcessStartInfo Serve(string database)
        {
            string[] arguments =
                ["serve", "--database", database, "--urls", "http://127.0.0.1:0", "--Shutdown:DrainSeconds=0", "--Messages:Folder", $"{database}-messages"];
            var start = ServerUnderTest.Verb(Program, arguments);
            if (!NeedsDotnet)
            {
                (start.FileName, var all) = (Program, start.ArgumentList.Skip(1).ToList());
                start.ArgumentList.Clear();
                all.ForEach(start.ArgumentList.Add);
            }

            return start;
        }
    }

    public static async Task<int> RunAsync(int starts, CancellationToken cancellationToken)
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        Form[] forms =
        [
            new("built", ServerUnderTest.Clientele, NeedsDotnet: true),
            new("published, as the tests run it", Path.Combine(artifacts, "publish", "Clientele.Server", "release", "clientele.dll"), NeedsDotnet: true),
            new("published with its runtime (bin/publish)", Path.Combine(artifacts, "release", "start", "clientele"), NeedsDotnet: false),
        ];
        var folder = Directory.CreateTempSubdirectory("clientele-bench-");
        var results = forms.ToDictionary(form => form, _ => new List<(double First, double Fresh, double Used)>());
        try
        {
            for (var i = 0; i <= starts; i++)
            {
                foreach (var form in forms)
                {
                    var result = await MeasureAsync(form, Path.Combine(folder.FullName, "bench.db"), cancellationToken);
                    // The first round creates the database and fills the caches of the system.
                    if (i > 0)
                    {
                        results[form].Add(result);
                    }
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        AnsiConsole.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Medians of {starts} starts, on SQLite, {Environment.ProcessorCount} cores, commit {Page.Commit}:"));
        AnsiConsole.Write(Page.Table(Columns, forms.Select(form => new[]
        {
            form.Name, Text(results[form].Select(one => one.First)), Text(results[form].Select(one => one.Fresh)), Text(results[form].Select(one => one.Used)),
            Text([form.Size / 1048576.0]),
        })));
        return 0;
    }

    private static async Task<(double First, double Fresh, double Used)> MeasureAsync(Form form, string database, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = await ServerUnderTest.StartAsync(form.Name, form.Serve(database), "/health/ready", cancellationToken);
        var first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var fresh = Memory(server.ProcessId);
        using var client = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < Requests; i++)
        {
            using var answer = await client.GetAsync(new Uri("/api/customers/addresses/countries/JP/", UriKind.Relative), cancellationToken);
        }

        return (first, fresh, Memory(server.ProcessId));
    }

    /// <summary>The resident memory, in megabytes.</summary>
    private static double Memory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static string Text(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2].ToString("N0", CultureInfo.InvariantCulture);
    }
}

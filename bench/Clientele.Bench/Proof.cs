using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>Something to prove.</summary>
/// <param name="What">What is counted, as in the lines of progress.</param>
/// <param name="Test">The test class.</param>
internal sealed record Claim(string What, string Test);

/// <summary>A test of the suite that has passed in a longer run.</summary>
internal sealed partial record Proof(string What, string Database, int Count, TimeSpan Took)
{
    public static readonly string[] Columns = ["proof", "database", "how many", "took"];

    private const string Memory = "/dev/shm";
    private const long EnoughMemory = 4L << 30;
    private const int SeedsEach = 10_000;
    private static readonly string[] Databases = ["sqlite", "postgres"];

    public string[] Cells => [What, Database == "sqlite" ? "SQLite" : "PostgreSQL", Page.Number(Count, "N0"), $"{Page.Number(Took.TotalSeconds, "N0")} s"];

    /// <summary>
    /// Proves claims on both databases at once, each the given number of times on each of them, or not at all if that is 0. The random seeds of the
    /// two databases differ.
    /// </summary>
    public static async Task<List<Proof>> RunAllAsync(
        ProgressContext progress, IReadOnlyList<(Claim Claim, int Count)> claims, CancellationToken cancellationToken)
    {
        var proofs = await Task.WhenAll(Databases.Select(async (database, i) =>
        {
            var held = new List<Proof>();
            foreach (var (claim, count) in claims.Where(claim => claim.Count > 0))
            {
                held.Add(await RunAsync(progress, claim, database, count, 1 + (i * SeedsEach), cancellationToken));
            }

            return held;
        }));
        return [.. proofs.SelectMany(held => held)];
    }

    /// <summary>Runs a test class and reads its progress. If it fails, throws an exception with all of its output.</summary>
    private static async Task<Proof> RunAsync(ProgressContext progress, Claim claim, string database, int count, int seed, CancellationToken cancellationToken)
    {
        var (step, started, said) = (progress.AddTask($"{count:N0} {claim.What} on {database}", maxValue: count), Stopwatch.StartNew(), new StringBuilder());
        using var process = new Process { StartInfo = Start(claim, database, count, seed) };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await using (cancellationToken.Register(() => process.Kill(entireProcessTree: true)))
        {
            await process.WaitForExitAsync(cancellationToken);
        }

        if (process.ExitCode != 0)
        {
            throw new BenchException($"{claim.Test} on {database}:\n{said}");
        }

        step.Value = step.MaxValue;
        return new(claim.What, database, count, started.Elapsed);

        void Note(string? line)
        {
            if (line is null)
            {
                return;
            }

            if (ProgressLine().Match(line) is { Success: true } match)
            {
                step.Increment(int.Parse(match.Groups["more"].Value, CultureInfo.InvariantCulture));
                return;
            }

            lock (said)
            {
                said.AppendLine(line);
            }
        }
    }

    private static ProcessStartInfo Start(Claim claim, string database, int count, int seed)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = Path.Combine(own.Parent!.Parent!.FullName, "Clientele.Tests", own.Name, "Clientele.Tests.dll");
        string[] arguments = [tests, "-noLogo", "-noColor", "-class", $"Clientele.Tests.{claim.Test}"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLIENTELE_TEST_DATABASE"] = database;

        // Each test world runs its code for only seconds, so profiling and recompiling it does not pay.
        (start.Environment["DOTNET_TieredPGO"], start.Environment["DOTNET_EnableWriteXorExecute"]) = ("0", "0");
        if (Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > EnoughMemory)
        {
            // A check of correctness needs no disk.
            start.Environment["TMPDIR"] = Memory;
        }

        start.Environment[$"CLIENTELE_PROOF_{claim.What.ToUpperInvariant()}"] = count.ToString(CultureInfo.InvariantCulture);
        start.Environment["CLIENTELE_PROOF_SEED"] = seed.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    [GeneratedRegex("^proved: (?<more>[0-9]+) ", RegexOptions.ExplicitCapture)]
    private static partial Regex ProgressLine();
}

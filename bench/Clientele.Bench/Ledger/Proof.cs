using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Clientele.Bench.Ledger;

/// <summary>A test of the suite that held for longer than there.</summary>
internal sealed partial record Proof(string What, string Database, int Count, TimeSpan Took)
{
    /// <summary>Runs a class of the tests, whose lines say how far it is. Throws with all it said where it fails.</summary>
    public static async Task<Proof> RunAsync(ProgressContext progress, string what, string test, string database, int count, CancellationToken cancellationToken)
    {
        var (step, started, said) = (progress.AddTask($"{count:N0} {what} on {database}", maxValue: count), Stopwatch.StartNew(), new StringBuilder());
        using var process = new Process { StartInfo = Start(what, test, database, count) };
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
            throw new BenchException($"{test} on {database}:\n{said}");
        }

        step.Value = step.MaxValue;
        return new(what, database, count, started.Elapsed);

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

    private static ProcessStartInfo Start(string what, string test, string database, int count)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = Path.Combine(own.Parent!.Parent!.FullName, "Clientele.Tests", own.Name, "Clientele.Tests.dll");
        var start = new ProcessStartInfo("dotnet", [tests, "-noLogo", "-noColor", "-class", $"Clientele.Tests.Loyalty.{test}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLIENTELE_TEST_DATABASE"] = database;

        // Every world brings code that runs for seconds: measuring it, to compile it once more, does not pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment[$"CLIENTELE_LEDGER_{what.ToUpperInvariant()}"] = count.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    [GeneratedRegex("^ledger: (?<more>[0-9]+) ", RegexOptions.ExplicitCapture)]
    private static partial Regex ProgressLine();
}

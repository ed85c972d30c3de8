using System.Diagnostics;
using System.Globalization;

namespace Clientele.Bench;

/// <summary>What wrk measured for one endpoint.</summary>
internal sealed record Load(long Requests, double Seconds, double P50, double P99)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>Runs wrk.</summary>
internal static class Wrk
{
    public const int Threads = 2;

    private static int _runs;

    public static async Task<Load> RunAsync(Uri address, string script, int seconds, int connections, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"clientele-bench-{Environment.ProcessId}.lua");
        await File.WriteAllTextAsync(file, script, cancellationToken);
        try
        {
            var (load, failed, output) = await OnceAsync(address, file, seconds, connections, show: false, cancellationToken);
            if (failed == 0)
            {
                return load;
            }

            // For wrk, counting responses is cheap and reading them is not, so the bodies are checked in a separate run.
            if (!output.Contains("ANSWER", StringComparison.Ordinal))
            {
                (_, _, output) = await OnceAsync(address, file, 1, connections, show: true, cancellationToken);
            }

            throw new BenchException($"{failed} of {load.Requests} requests failed. wrk says:\n{output}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(Load Load, long Failed, string Output)> OnceAsync(
        Uri address, string file, int seconds, int connections, bool show, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("wrk")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                $"-t{Threads}", $"-c{connections}", $"-d{seconds}s", "--timeout", "30s", "--latency", "-s", file, address.ToString(),
                "--", Run(), Environment.TickCount64.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (show)
        {
            start.Environment["BENCH_SHOW"] = "1";
        }

        using var process = Process.Start(start)!;
        using var stop = cancellationToken.Register(() => process.Kill());
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("BENCH ", StringComparison.Ordinal))
            ?? throw new BenchException($"wrk ended without a result:\n{output}");
        var numbers = Array.ConvertAll(line.Split(' ')[1..], text => long.Parse(text, CultureInfo.InvariantCulture));
        return (new Load(numbers[0], numbers[1] / 1e6, numbers[2] / 1e3, numbers[3] / 1e3), numbers[4] + numbers[5], output);
    }

    /// <summary>A text that no other run on this machine's databases uses.</summary>
    private static string Run() => string.Create(CultureInfo.InvariantCulture, $"b{Environment.ProcessId:x}x{Interlocked.Increment(ref _runs):x}");
}

/// <summary>The reason why there are no results.</summary>
internal sealed class BenchException(string message) : Exception(message);

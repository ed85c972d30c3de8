using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace Clientele.Bench.Flood;

/// <summary>How long reads took, in milliseconds, each with the second in which it was due.</summary>
internal sealed record Latencies(IReadOnlyList<(double Due, double Took)> All)
{
    /// <summary>What a share of all reads took at most.</summary>
    public double At(double share) => At(All, share);

    /// <summary>The same of those that were due in the first second.</summary>
    public double FirstSecondAt(double share) => At([.. All.Where(read => read.Due < 1)], share);

    private static double At(IReadOnlyList<(double Due, double Took)> reads, double share) =>
        reads.Select(read => read.Took).Order().ElementAt(Math.Min(reads.Count - 1, (int)(reads.Count * share)));
}

/// <summary>
/// Reads at a steady pace that does not wait for answers, each timed from the instant at which it was due: what waits behind a slow
/// read counts.
/// </summary>
internal static class Readers
{
    public const int PerSecond = 100;

    public static async Task<Latencies> RunAsync(HttpClient client, string access, int seconds, CancellationToken cancellationToken)
    {
        var (took, reads, started) = (new ConcurrentBag<(double, double)>(), new List<Task>(), Stopwatch.StartNew());
        while (reads.Count < seconds * PerSecond)
        {
            var due = TimeSpan.FromSeconds((double)reads.Count / PerSecond);
            if (due > started.Elapsed)
            {
                await Task.Delay(1, cancellationToken);
                continue;
            }

            reads.Add(ReadAsync(due));
        }

        await Task.WhenAll(reads);
        return new([.. took]);

        async Task ReadAsync(TimeSpan due)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers/customers/me/");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            using var answer = await client.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new BenchException($"A read was answered {(int)answer.StatusCode}.");
            }

            took.Add((due.TotalSeconds, (started.Elapsed - due).TotalMilliseconds));
        }
    }
}

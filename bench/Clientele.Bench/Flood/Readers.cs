using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace Clientele.Bench.Flood;

/// <summary>How long reads took, in milliseconds.</summary>
internal sealed record Latencies(IReadOnlyCollection<double> All)
{
    public static Latencies operator +(Latencies some, Latencies more) => new([.. some.All, .. more.All]);

    /// <summary>The time within which this share of all reads was finished.</summary>
    public double At(double share) => All.Order().ElementAt(Math.Min(All.Count - 1, (int)(All.Count * share)));
}

/// <summary>
/// Reads at a steady rate that does not wait for responses. Each is timed from the instant at which it was due, so that waiting behind a slow read
/// counts.
/// </summary>
internal static class Readers
{
    public const int PerSecond = 100;

    public static async Task<Latencies> RunAsync(HttpClient client, string access, int seconds, CancellationToken cancellationToken)
    {
        var (took, reads, started) = (new ConcurrentBag<double>(), new List<Task>(), Stopwatch.StartNew());
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
        return new(took);

        async Task ReadAsync(TimeSpan due)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers/customers/me/");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            using var answer = await client.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new BenchException($"A read was answered {(int)answer.StatusCode}.");
            }

            took.Add((started.Elapsed - due).TotalMilliseconds);
        }
    }
}

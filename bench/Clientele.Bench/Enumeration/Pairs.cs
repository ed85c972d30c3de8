using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Clientele.Bench.Enumeration;

/// <summary>Accounts, and as many names without an account. They are asked about in turns, one request at a time, in a random order.</summary>
internal sealed class Pairs(HttpClient client, int count)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>So many pairs come before those that count, because the service compiles its code.</summary>
    private const int WarmUp = 20;

    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < count + WarmUp; i++)
        {
            var body = Bodies.Register.Replace("%s", Known(i), StringComparison.Ordinal);
            await SendAsync("/api/customers/register/", body, HttpStatusCode.Created, cancellationToken);
        }
    }

    public async Task<Comparison> CompareAsync(
        string database, string title, string path, HttpStatusCode? expected, Func<string, string> body, CancellationToken cancellationToken)
    {
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < count + WarmUp; i++)
        {
            var pair = new[] { (Name: Known(i), Took: known), (Name: Unknown(i), Took: unknown) };
            RandomNumberGenerator.Shuffle(pair.AsSpan());
            foreach (var (name, took) in pair)
            {
                var milliseconds = await SendAsync(path, body(name), expected, cancellationToken);
                if (i >= WarmUp)
                {
                    took.Add(milliseconds);
                }

                // What the service does after its response must not slow the next request down: an attacker would not wait for it either.
                await Task.Delay(Pause, cancellationToken);
            }
        }

        return new(database, title, known, unknown);
    }

    private static string Known(int i) => $"person{i:D5}.known";

    private static string Unknown(int i) => $"person{i:D5}.other";

    private async Task<double> SendAsync(string path, string body, HttpStatusCode? expected, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return expected is null || answer.StatusCode == expected
            ? took
            : throw new BenchException($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }
}

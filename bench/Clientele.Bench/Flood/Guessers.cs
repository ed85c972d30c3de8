using System.Globalization;
using System.Net;
using System.Text;

namespace Clientele.Bench.Flood;

/// <summary>The responses to the flood.</summary>
internal sealed record SignIns(int Wrong, int TurnedAway, double Seconds)
{
    public double PerSecond => Wrong / Seconds;

    public static SignIns operator +(SignIns some, SignIns more) =>
        new(some.Wrong + more.Wrong, some.TurnedAway + more.TurnedAway, some.Seconds + more.Seconds);
}

/// <summary>
/// Fifty clients that continuously sign in with a wrong password. A client that gets a 503 tries again after a tenth of a second, so that the client
/// itself does not starve the readers.
/// </summary>
internal sealed class Guessers : IAsyncDisposable
{
    public const int Count = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly Task _guessing;
    private readonly System.Diagnostics.Stopwatch _started = System.Diagnostics.Stopwatch.StartNew();
    private int _wrong;
    private int _turnedAway;

    public Guessers(Uri address)
    {
        _client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        _guessing = Task.WhenAll(Enumerable.Range(0, Count).Select(GuessAsync));
    }

    public SignIns Made => new(Volatile.Read(ref _wrong), Volatile.Read(ref _turnedAway), _started.Elapsed.TotalSeconds);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _guessing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task GuessAsync(int number)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"username": "guessed-{{number}}", "password": "guess"}""");
        while (true)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await _client.PostAsync(new Uri("/api/auth/token/", UriKind.Relative), content, _stop.Token);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.Unauthorized:
                    Interlocked.Increment(ref _wrong);
                    break;
                case HttpStatusCode.ServiceUnavailable:
                    Interlocked.Increment(ref _turnedAway);
                    await Task.Delay(Pause, _stop.Token);
                    break;
                default:
                    throw new BenchException($"A wrong sign-in was answered {(int)answer.StatusCode}.");
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace Clientele.Bench.Faults;

/// <summary>What writers have seen during a fault.</summary>
/// <param name="Acknowledged">Writes whose success was answered.</param>
/// <param name="Failed">Answers that were no success, and calls without an answer. The writer made the same call again.</param>
/// <param name="Lost">Acknowledged writes that are not in the database.</param>
/// <param name="Doubled">Writes that are in the database more than once.</param>
/// <param name="Outage">The longest time without any acknowledged write.</param>
internal sealed record Outcome(int Acknowledged, int Failed, long Lost, long Doubled, TimeSpan Outage)
{
    /// <summary>What failed calls were told, and how often.</summary>
    public IReadOnlyDictionary<string, int> Reasons { get; init; } = new Dictionary<string, int>();
}

/// <summary>
/// A shop's systems that write without pause, and repeat each call until it succeeds, as the SDK does: orders by their number and revision, points by an
/// idempotency key. So what is in the database must be exactly what was acknowledged.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int Count = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>After each call. Without it, the writers would take all cores, and a node that starts would mostly wait for them.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(30);

    private readonly HttpClient _client;
    private readonly string _database;
    private readonly long[] _customers;
    private readonly Dictionary<long, long> _before;
    private readonly ConcurrentDictionary<long, int> _acknowledged = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _writing;
    private readonly string _run = Guid.NewGuid().ToString("n")[..8];
    private readonly ConcurrentDictionary<string, int> _reasons = [];
    private long _lastAt = Stopwatch.GetTimestamp();
    private long _outage;

    private Writers(Uri address, string database, string key, Dictionary<long, long> before)
    {
        _client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(10) }) { BaseAddress = address, Timeout = Patience };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (_database, _before, _customers) = (database, before, [.. before.Keys]);
        _writing = [.. Enumerable.Range(0, Count).Select(WriteAsync)];
    }

    public static async Task<Writers> StartAsync(Uri address, string database, string key, IReadOnlyList<long> customers)
    {
        var before = await CountAsync(database);
        return new(address, database, key, customers.ToDictionary(id => id, id => before[id]));
    }

    /// <summary>Lets each writer finish its last call, and compares what was acknowledged with what is in the database.</summary>
    public async Task<Outcome> EndAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_writing);
        Note();
        var after = await CountAsync(_database);
        var differences = _customers.Select(id => after.GetValueOrDefault(id) - _before[id] - _acknowledged.GetValueOrDefault(id)).ToList();
        var (lost, doubled) = (-differences.Where(difference => difference < 0).Sum(), differences.Where(difference => difference > 0).Sum());
        return new(_acknowledged.Values.Sum(), _reasons.Values.Sum(), lost, doubled, Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _outage)))
        {
            Reasons = _reasons,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _client.Dispose();
        _ending.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        await Task.Yield();
        for (var i = 0; !_ending.IsCancellationRequested; i++)
        {
            var id = _customers[((i * Count) + writer) % _customers.Length];
            var name = $"F-{_run}-{writer}-{i}";
            while (await TryAsync(id, name) is { } reason)
            {
                _reasons.AddOrUpdate(reason, 1, (_, count) => count + 1);
                await Task.Delay(Rest);
            }

            _acknowledged.AddOrUpdate(id, 1, (_, count) => count + 1);
            Note();
            await Task.Delay(Rest);
        }
    }

    /// <summary>Customers with an even id get a point, the others an order. Returns why that has failed; null if it has not.</summary>
    private async Task<string?> TryAsync(long id, string name)
    {
        using var request = id % 2 == 0
            ? new HttpRequestMessage(HttpMethod.Post, $"/api/customers/customers/{id}/add_loyalty_points/") { Content = JsonContent.Create(new { points = 1 }) }
            : new HttpRequestMessage(HttpMethod.Put, $"/api/orders/{name}/") { Content = JsonContent.Create(Order(id)) };
        request.Headers.Add("Idempotency-Key", name);
        try
        {
            using var answer = await _client.SendAsync(request);
            if (answer.IsSuccessStatusCode)
            {
                return null;
            }

            var text = await answer.Content.ReadAsStringAsync();
            return (int)answer.StatusCode is >= 400 and < 500 and not 408 and not 409 and not 429
                ? throw new BenchException($"{request.RequestUri} answered {(int)answer.StatusCode}: {text}")
                : $"{(int)answer.StatusCode} {text.Split(",\"trace_id\"")[0]}";
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return failure.Message;
        }
    }

    private static object Order(long customer) => new
    {
        customer,
        status = "paid",
        total = "9.90",
        placed_at = "2026-01-05T10:00:00Z",
        revision = 1,
        lines = new[] { new { line_number = 1, product_id = "p-1", name = "Tea", quantity = 1, unit_price = "9.90" } },
    };

    private void Note()
    {
        var now = Stopwatch.GetTimestamp();
        var gap = now - Interlocked.Exchange(ref _lastAt, now);
        for (var longest = Interlocked.Read(ref _outage); gap > longest; longest = Interlocked.Read(ref _outage))
        {
            Interlocked.CompareExchange(ref _outage, gap, longest);
        }
    }

    /// <summary>What was written about each customer: entries of points given by hand, or orders.</summary>
    private static async Task<Dictionary<long, long>> CountAsync(string database)
    {
        await using var connection = await Connections.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 120;
        command.CommandText =
            """
            SELECT id, CASE WHEN id % 2 = 0
                THEN (SELECT count(*) FROM points_entries AS e WHERE e.customer_id = c.id)
                ELSE (SELECT count(*) FROM orders AS o WHERE o.customer_id = c.id) END
            FROM customers AS c WHERE NOT is_staff AND is_active
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var counts = new Dictionary<long, long>();
        while (await reader.ReadAsync())
        {
            counts[reader.GetInt64(0)] = reader.GetInt64(1);
        }

        return counts;
    }
}

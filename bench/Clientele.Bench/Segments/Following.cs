using System.Diagnostics;
using System.Globalization;

namespace Clientele.Bench.Segments;

/// <summary>How soon members follow, in milliseconds, while customers change.</summary>
/// <param name="Writes">The number of writes per second.</param>
/// <param name="Visible">From the acknowledged write to the membership.</param>
/// <param name="Late">From the instant that ends a membership to its end.</param>
/// <param name="Drained">From the last write until the queue was empty.</param>
/// <param name="Service">CPU milliseconds per write in the service, including the evaluation.</param>
/// <param name="Database">CPU milliseconds per write in PostgreSQL; null if it runs on another machine.</param>
internal sealed record Followed(double Writes, IReadOnlyList<double> Visible, IReadOnlyList<double> Late, double Drained, double Service, double? Database)
{
    /// <summary>The value that this share of the values does not exceed; null if there are none.</summary>
    public static double? At(IReadOnlyList<double> values, double share) =>
        values.Count == 0 ? null : values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * share)));
}

/// <summary>Writes at a steady rate, however long the responses take, and watches the memberships that follow from some of the writes.</summary>
internal sealed class Following
{
    public const int PerSecond = 100;
    public const int FadesAfter = 15;

    /// <summary>One in this many writes is watched. There are four kinds of writes, so all kinds are watched.</summary>
    private const int OneOf = 5;

    /// <summary>Long enough for code to be compiled and statements to be prepared.</summary>
    public const int WarmUpSeconds = 15;

    private readonly Desk _desk;
    private readonly IReadOnlyList<long> _probes;
    private readonly string _run = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId:x}-{Stopwatch.GetTimestamp():x}");

    /// <summary>There may be more writes than customers; further ones are made, but nothing follows from them.</summary>
    private long[] _customers = [];
    private int _next;

    private Following(Desk desk, IReadOnlyList<long> probes) => (_desk, _probes) = (desk, probes);

    public static async Task<Followed> MeasureAsync(
        Desk desk, int seconds, ServerUnderTest service, int? postmaster, Action<double> tell, CancellationToken cancellationToken)
    {
        await desk.StaySignedInAsync(cancellationToken);
        string[] rules =
        [
            """{"field": "first_name", "op": "eq", "value": "Benchmarked"}""",
            """{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "bench-01"},"""
                + """ "within": {"on": "order.placed_at", "last": {"n": 90, "unit": "day"} } }""",
            """{"related": "points", "where": {"field": "points", "op": "eq", "value": 777}}""",
            """{"field": "tags", "op": "contains_all", "value": ["benchmarked"]}""",
            $$"""{"field": "last_order_date", "op": "within_last", "value": {"n": {{FadesAfter}}, "unit": "second"} }""",
        ];
        var groups = new List<long>();
        foreach (var rule in rules)
        {
            groups.Add(await desk.CreateAsync($"Bench probe {groups.Count}", rule, cancellationToken));
        }

        await desk.WaitAsync(groups, _ => { }, cancellationToken);
        var following = new Following(desk, groups[..^1]);
        following._customers = await desk.CustomersAsync((seconds + WarmUpSeconds) * PerSecond, "ASC", cancellationToken);
        await following.WriteAsync(WarmUpSeconds, null, _ => { }, cancellationToken);
        await desk.DrainAsync(cancellationToken);

        var watch = new Watch(desk.Source, groups[^1]);
        var watching = watch.RunAsync(cancellationToken);
        var (serviceBefore, databaseBefore, started) = (Cpu.OfProcess(service.ProcessId), postmaster is { } id ? Cpu.OfFamily(id) : 0, Stopwatch.StartNew());
        var writes = await following.WriteAsync(seconds, watch, tell, cancellationToken);
        var perSecond = writes / started.Elapsed.TotalSeconds;
        var drained = await desk.DrainAsync(cancellationToken);
        var cpu = Cpu.OfProcess(service.ProcessId) - serviceBefore;
        double? database = postmaster is { } family ? Cpu.OfFamily(family) - databaseBefore : null;
        watch.End();
        await watching;
        return new(perSecond, watch.Visible, watch.Late, drained.TotalMilliseconds, cpu / writes, database / writes);
    }

    private async Task<int> WriteAsync(int seconds, Watch? watch, Action<double> tell, CancellationToken cancellationToken)
    {
        var (writes, started) = (new List<Task>(), Stopwatch.StartNew());
        while (writes.Count < seconds * PerSecond)
        {
            if (started.Elapsed.TotalSeconds * PerSecond < writes.Count)
            {
                tell(100.0 * writes.Count / (seconds * PerSecond));
                await Task.Delay(1, cancellationToken);
                continue;
            }

            writes.Add(OneAsync(_next++, watch, cancellationToken));
        }

        await Task.WhenAll(writes);
        return writes.Count;
    }

    private async Task OneAsync(int number, Watch? watch, CancellationToken cancellationToken)
    {
        var (kind, customer, watched) = (number % _probes.Count, _customers[number % _customers.Length], number < _customers.Length && number % OneOf == 0);
        var placedAt = new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        var (method, path, body) = kind switch
        {
            0 => (HttpMethod.Patch, $"/api/customers/customers/{customer}/", """{"first_name": "Benchmarked"}"""),
            1 => (HttpMethod.Put, $"/api/orders/{_run}-{number}/", Order(customer, placedAt)),
            2 => (HttpMethod.Post, $"/api/customers/customers/{customer}/add_loyalty_points/", """{"points": 777}"""),
            _ => (HttpMethod.Patch, $"/api/customers/customers/{customer}/", """{"tags": ["benchmarked", "press"]}"""),
        };
        await _desk.SendAsync(method, path, body, cancellationToken);
        if (watch is null || !watched)
        {
            return;
        }

        watch.Expect(_probes[kind], customer, DateTime.UtcNow);
        if (kind == 1)
        {
            watch.ExpectEnd(customer, placedAt.AddSeconds(FadesAfter));
        }
    }

    private static string Order(long customer, DateTime placedAt) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"customer": {{customer}}, "status": "paid", "total": "59.80", "placed_at": "{{placedAt:O}}", "revision": 1, "lines": ["""
        + $$"""{"line_number": 1, "product_id": "bench-01", "name": "Bench", "category": "furniture", "quantity": 1, "unit_price": "59.80"}]}""");
}

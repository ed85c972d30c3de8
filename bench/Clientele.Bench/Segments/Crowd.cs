using System.Diagnostics;
using System.Globalization;

namespace Clientele.Bench.Segments;

/// <summary>How late customers leave if many leave many groups at one instant, as at midnight.</summary>
/// <param name="Exits">The number of memberships that end.</param>
/// <param name="Late">Milliseconds from the instant to the end of each membership.</param>
/// <param name="Floor">The milliseconds of one bare statement that ends as many.</param>
internal sealed record Crowded(int Exits, IReadOnlyList<double> Late, double Floor);

/// <summary>Customers who ordered at the same moment, in groups with windows over it.</summary>
internal static class Crowd
{
    public const int Groups = 20;

    /// <summary>One in this many customers is in the crowd.</summary>
    public const int OneOf = 100;
    private const int Batch = 500;

    /// <summary>Long enough for all of them to enter.</summary>
    private const int Seconds = 120;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<Crowded> MeasureAsync(Desk desk, int customers, CancellationToken cancellationToken)
    {
        await desk.StaySignedInAsync(cancellationToken);
        var groups = new List<long>();
        for (var i = 0; i < Groups; i++)
        {
            groups.Add(await desk.CreateAsync($"Bench crowd {i}", Rule(i), cancellationToken));
        }

        await desk.WaitAsync(groups, _ => { }, cancellationToken);
        var placedAt = new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        foreach (var some in (await desk.CustomersAsync(customers / OneOf, "DESC", cancellationToken)).Chunk(Batch))
        {
            await desk.SendAsync(HttpMethod.Post, "/api/orders/batch/", Orders(some, placedAt), cancellationToken);
        }

        await desk.DrainAsync(cancellationToken);
        var until = placedAt.AddSeconds(Seconds);
        var (exits, floor) = (await CountAsync(), await FloorAsync(desk, groups, cancellationToken));
        if (exits < customers / OneOf || DateTime.UtcNow > until)
        {
            throw new BenchException(
                $"The crowd has {exits} memberships {(DateTime.UtcNow - placedAt).TotalSeconds:0} s after its orders: "
                + $"it should have been complete before {Seconds} s.");
        }

        var (late, left) = (new List<double>(exits), exits);
        for (; left > 0; await Task.Delay(Look, cancellationToken))
        {
            var now = await CountAsync();
            late.AddRange(Enumerable.Repeat((DateTime.UtcNow - until).TotalMilliseconds, left - now));
            left = now;
            if (DateTime.UtcNow - until > Patience)
            {
                throw new BenchException($"{left} of {exits} have not left.");
            }
        }

        return new(exits, late, floor);

        async Task<int> CountAsync() =>
            (int)await desk.NumberAsync("SELECT sum(members) FROM group_counts WHERE group_id = ANY($1)", cancellationToken, groups.ToArray());
    }

    /// <summary>Each rule is different, and nearly all customers of the crowd match it.</summary>
    private static string Rule(int i) =>
        $$"""{"all": [{"related": "order_lines", "where": {"field": "product_id", "op": "eq", "value": "crowd"},"""
        + $$""" "within": {"on": "order.placed_at", "last": {"n": {{Seconds}}, "unit": "second"} } },"""
        + $$""" {"field": "total_spent", "op": "gte", "value": {{i}} }]}""";

    private static string Orders(IReadOnlyList<long> customers, DateTime placedAt) =>
        $$"""{"orders": [{{string.Join(", ", customers.Select(customer => Order(customer, placedAt)))}}]}""";

    private static string Order(long customer, DateTime placedAt) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"order_number": "crowd-{{placedAt.Ticks}}-{{customer}}", "customer": {{customer}}, "status": "paid", "total": "59.80","""
        + $$""" "placed_at": "{{placedAt:O}}", "revision": 1, "lines": ["""
        + $$"""{"line_number": 1, "product_id": "crowd", "name": "Crowd", "quantity": 1, "unit_price": "59.80"}]}""");

    /// <summary>Writes the same rows by hand.</summary>
    private static async Task<double> FloorAsync(Desk desk, List<long> groups, CancellationToken cancellationToken)
    {
        await desk.RunAsync("CREATE TABLE floor_members (LIKE memberships INCLUDING INDEXES)", cancellationToken);
        await desk.RunAsync("CREATE TABLE floor_spells (LIKE membership_spells INCLUDING INDEXES)", cancellationToken);
        await desk.RunAsync("INSERT INTO floor_members SELECT * FROM memberships WHERE group_id = ANY($1)", cancellationToken, groups.ToArray());
        await desk.RunAsync("ANALYZE floor_members", cancellationToken);
        var took = Stopwatch.StartNew();
        await desk.RunAsync(
            """
            WITH gone AS (DELETE FROM floor_members WHERE group_id = ANY($1) RETURNING *)
            INSERT INTO floor_spells (customer_id, group_id, entered_seq, entered_at, entered_cause, left_seq, left_at, left_cause)
            SELECT customer_id, group_id, entered_seq, entered_at, entered_cause, entered_seq + 1000000, now(), 1 FROM gone
            """,
            cancellationToken,
            groups.ToArray());
        var milliseconds = took.Elapsed.TotalMilliseconds;
        await desk.RunAsync("DROP TABLE floor_members, floor_spells", cancellationToken);
        return milliseconds;
    }
}

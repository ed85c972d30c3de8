using System.Diagnostics;
using System.Globalization;

namespace Clientele.Bench.Segments;

/// <summary>A build over all customers, compared with the floor: one bare statement that writes the same rows.</summary>
internal sealed record Build(long Members, double Seconds, double Floor)
{
    public double Ratio => Seconds / Floor;
}

/// <summary>A rebuild that changes nothing.</summary>
internal sealed record Rebuild(double Seconds, long Written);

/// <summary>Measures how long it takes to evaluate all customers.</summary>
internal static class Builds
{
    public const int Rounds = 5;
    private const string Floor = "floor_memberships";

    /// <summary>The customers who spent most, about a third.</summary>
    public static async Task<Build> SimpleAsync(Desk desk, CancellationToken cancellationToken)
    {
        var cents = await desk.NumberAsync("SELECT percentile_disc(0.67) WITHIN GROUP (ORDER BY total_spent) FROM customers", cancellationToken);
        var rule = string.Create(CultureInfo.InvariantCulture, $$"""{"field": "total_spent", "op": "gte", "value": "{{cents / 100m:0.00}}"}""");
        return await MeasureAsync(desk, rule, () => ("c.total_spent >= $2", [cents]), cancellationToken);
    }

    public static Task<Build> WindowedAsync(Desk desk, CancellationToken cancellationToken) => MeasureAsync(
        desk,
        """{"related": "orders", "within": {"on": "placed_at", "last": {"n": 90, "unit": "day"} } }""",
        () => (
            "EXISTS (SELECT FROM orders AS o WHERE o.customer_id = c.id AND o.counts AND o.placed_at >= $2 AND o.placed_at <= $3)",
            [DateTime.UtcNow.Date.AddDays(-89), DateTime.UtcNow]),
        cancellationToken);

    /// <summary>Counts the written rows by the rows themselves: each has the id of the transaction that wrote it.</summary>
    public static async Task<Rebuild> AgainAsync(Desk desk, long group, CancellationToken cancellationToken)
    {
        const string Rows =
            """
            SELECT customer_id, entered_seq, xmin::text, ctid::text FROM memberships WHERE group_id = $1
            UNION ALL SELECT customer_id, entered_seq, xmin::text, ctid::text FROM membership_spells WHERE group_id = $1
            """;
        await desk.RunAsync("CREATE TABLE floor_before (customer_id bigint, entered_seq bigint, written_by text, place text)", cancellationToken);
        await desk.RunAsync($"INSERT INTO floor_before {Rows}", cancellationToken, group);
        await desk.StaySignedInAsync(cancellationToken);
        var took = Stopwatch.StartNew();
        await desk.SendAsync(HttpMethod.Post, $"/api/customers/groups/{group}/rebuild/", null, cancellationToken);
        await desk.WaitAsync([group], _ => { }, cancellationToken);
        var seconds = took.Elapsed.TotalSeconds;
        var written = await desk.NumberAsync($"SELECT count(*) FROM (({Rows}) EXCEPT SELECT * FROM floor_before) AS more", cancellationToken, group)
            + await desk.NumberAsync($"SELECT count(*) FROM (SELECT * FROM floor_before EXCEPT ({Rows})) AS fewer", cancellationToken, group);
        await desk.RunAsync("DROP TABLE floor_before", cancellationToken);
        return new(seconds, written);
    }

    /// <summary>Measures both in turns, so that other load on the machine affects both. Returns the medians.</summary>
    private static async Task<Build> MeasureAsync(Desk desk, string rule, Func<(string Predicate, object[] Values)> floor, CancellationToken cancellationToken)
    {
        var (builds, floors, members) = (new List<double>(), new List<double>(), 0L);
        for (var round = 1; round <= Rounds; round++)
        {
            await desk.StaySignedInAsync(cancellationToken);
            var build = Stopwatch.StartNew();
            var group = await desk.CreateAsync($"Bench build {round}", rule, cancellationToken);
            await desk.WaitAsync([group], _ => { }, cancellationToken);
            builds.Add(build.Elapsed.TotalSeconds);

            await desk.RunAsync($"CREATE TABLE {Floor} (LIKE memberships INCLUDING INDEXES)", cancellationToken);
            var (predicate, values) = floor();
            var bare = Stopwatch.StartNew();
            var rows = await desk.RunAsync(
                $"""
                 INSERT INTO {Floor} (customer_id, group_id, origin, is_member, changed_at, entered_at, entered_seq, entered_cause)
                 SELECT c.id, $1, 2, true, now(), now(), row_number() OVER (), 1 FROM customers AS c WHERE c.is_active AND {predicate}
                 """,
                cancellationToken,
                [group, .. values]);
            floors.Add(bare.Elapsed.TotalSeconds);

            members = await desk.NumberAsync("SELECT count(*) FROM memberships WHERE group_id = $1 AND is_member", cancellationToken, group);
            if (members != rows)
            {
                throw new BenchException($"{rule} has {members} members, but a query by hand finds {rows}.");
            }

            await desk.RunAsync($"DROP TABLE {Floor}", cancellationToken);
            await desk.SendAsync(HttpMethod.Delete, $"/api/customers/groups/{group}/", null, cancellationToken);
        }

        return new(members, Median(builds), Median(floors));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

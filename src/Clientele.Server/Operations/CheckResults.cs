namespace Clientele.Server.Operations;

/// <summary>
/// What the last run of <c>clientele check</c> has found, for the metrics of the nodes: how much, by check, and when it ran. The rows are counters with
/// one shard.
/// </summary>
internal sealed class CheckResults(ClienteleDb db, Transaction transaction, TimeProvider clock)
{
    private const string Prefix = "check:";
    private const string RanAt = Prefix + "at";

    /// <summary>Replaces the result of the run before.</summary>
    public Task StoreAsync(IReadOnlyDictionary<string, int> findings, CancellationToken cancellationToken) => transaction.RunAsync(
        async () =>
        {
            await db.Counters.Where(c => c.Name.StartsWith(Prefix)).ExecuteDeleteAsync(cancellationToken);
            db.AddRange(findings.Select(check => New(Prefix + check.Key, check.Value)));
            db.Add(New(RanAt, new DateTimeOffset(clock.Now()).ToUnixTimeSeconds()));
        },
        cancellationToken);

    /// <summary>The findings by check, and when the check ran; null if it never did.</summary>
    public async Task<(Dictionary<string, long> Findings, DateTime RanAt)?> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await db.Counters.Where(c => c.Name.StartsWith(Prefix)).ToDictionaryAsync(c => c.Name, c => c.Value, cancellationToken);
        return rows.Remove(RanAt, out var seconds)
            ? (rows.ToDictionary(row => row.Key[Prefix.Length..], row => row.Value), DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime)
            : null;
    }

    private static Counter New(string name, long value) => new() { Name = name, Shard = 0, Value = value };
}

namespace Clientele.Server.Operations;

/// <summary>Lets each noun recompute its derived data from the rows and report where the stored data differs.</summary>
internal sealed class Check(ClienteleDb db, IEnumerable<ICustomerCheck> customerChecks, IEnumerable<ICheck> checks)
{
    /// <summary>The tag of the statements that read owned tables for all customers.</summary>
    public const string Everything = "scatter: the check reads everything";
    private const int ChunkSize = 2000;
    private const int MaxFaults = 100;
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromHours(1);

    private readonly Dictionary<string, int> _counts = [];

    /// <summary>How much each check has found in the last run, also those that found nothing.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>The number of customers to check.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => Counter.ReadAsync(db, Counter.CustomersName, cancellationToken);

    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken, Action<int>? progress = null)
    {
        var findings = new Findings();
        _counts.Clear();

        // One snapshot, so that simultaneous writes are not reported as differences.
        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        await db.AllowAsync(StatementTimeout, cancellationToken);
        await CustomersAsync(findings, progress, cancellationToken);
        foreach (var check in checks)
        {
            var before = findings.Texts.Count;
            await check.RunAsync(findings, cancellationToken);
            Count(check, findings.Texts.Count - before);
        }

        return findings.Texts;
    }

    /// <summary>Counts by the name of the check: <c>points</c> for <c>PointsCheck</c>.</summary>
    private void Count(object check, int findings)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(check.GetType().Name.Replace(nameof(Check), "", StringComparison.Ordinal));
        _counts[name] = _counts.GetValueOrDefault(name) + findings;
    }

    /// <summary>Runs over the customers in the order of their ids. Adds a finding for each fault, up to a readable number.</summary>
    private async Task CustomersAsync(Findings findings, Action<int>? progress, CancellationToken cancellationToken)
    {
        var (faults, done) = (0, 0);
        for (long? after = 0, upTo; after is not null; after = upTo)
        {
            var from = after.Value;
            var ids = await db.Customers.TagWith(Everything).Where(c => c.Id > from).OrderBy(c => c.Id).Take(ChunkSize)
                .Select(c => c.Id).ToListAsync(cancellationToken);
            upTo = ids.Count < ChunkSize ? null : ids[^1];
            foreach (var check in customerChecks)
            {
                Count(check, 0);
                await foreach (var (customer, fault) in check.FaultsAsync(from, upTo ?? long.MaxValue, cancellationToken))
                {
                    Count(check, 1);
                    if (check.ReportsAll || ++faults <= MaxFaults)
                    {
                        findings.Add(string.Create(CultureInfo.InvariantCulture, $"Customer {customer}: {fault}."));
                    }
                }
            }

            done += ids.Count;
            if (ids.Count > 0)
            {
                progress?.Invoke(done);
            }
        }

        if (faults > MaxFaults)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"… and {faults - MaxFaults} more differences."));
        }
    }
}

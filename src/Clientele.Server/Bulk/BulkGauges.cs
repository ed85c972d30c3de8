namespace Clientele.Server.Bulk;

/// <summary>The bulk jobs that have not ended.</summary>
internal sealed class BulkGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    private static readonly BulkState[] Open = [BulkState.Waiting, BulkState.Running];

    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var jobs = await db.BulkJobs.Where(j => j.State == BulkState.Waiting || j.State == BulkState.Running)
            .Select(j => new { j.State, j.CreatedAt }).ToListAsync(cancellationToken);
        DateTime? oldest = jobs.Count == 0 ? null : jobs.Min(job => job.CreatedAt);
        return
        [
            .. Open.Select(state => new GaugeReading(
                "clientele.bulk.jobs", "{job}", "How many bulk jobs have not ended.", jobs.Count(job => job.State == state),
                ("state", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{state}")))),
            new("clientele.bulk.age", "s", "How long ago the oldest of these jobs was started.", GaugeReading.Age(clock.Now(), oldest)),
        ];
    }
}

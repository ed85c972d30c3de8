namespace Clientele.Server.Bulk;

/// <summary>What a batch has done.</summary>
/// <param name="Position">The last id that is done now.</param>
/// <param name="Done">The number of customers.</param>
/// <param name="Changed">How many of them were changed.</param>
/// <param name="Errors">Those that could not be changed.</param>
internal sealed record BulkProgress(long Position, int Done, int Changed, IReadOnlyList<BulkError> Errors)
{
    /// <summary>
    /// Stores the progress in the transaction of the batch. Returns false if the job was cancelled or another node has done the batch: the transaction
    /// must then not be committed.
    /// </summary>
    public async Task<bool> StoreAsync(ClienteleDb db, BulkJob job, CancellationToken cancellationToken)
    {
        var errors = JsonSerializer.Serialize<IReadOnlyList<BulkError>>(
            [.. JsonSerializer.Deserialize(job.Errors, WireJson.Default.IReadOnlyListBulkError)!.Concat(Errors).Take(BulkJob.MostErrors)],
            WireJson.Default.IReadOnlyListBulkError);
        return await Unchanged(db, job).ExecuteUpdateAsync(
            set => set
                .SetProperty(j => j.Position, Position)
                .SetProperty(j => j.Done, j => j.Done + Done)
                .SetProperty(j => j.Changed, j => j.Changed + Changed)
                .SetProperty(j => j.Failed, j => j.Failed + Errors.Count)
                .SetProperty(j => j.Errors, errors)
                .SetProperty(j => j.Version, j => j.Version + 1),
            cancellationToken) == 1;
    }

    /// <summary>Stores which customers the job will go through. The same conditions hold.</summary>
    public static async Task<bool> BeginAsync(ClienteleDb db, BulkJob job, long total, long lastId, CancellationToken cancellationToken) =>
        await Unchanged(db, job).ExecuteUpdateAsync(
            set => set
                .SetProperty(j => j.State, BulkState.Running)
                .SetProperty(j => j.Total, total)
                .SetProperty(j => j.LastId, lastId)
                .SetProperty(j => j.Version, j => j.Version + 1),
            cancellationToken) == 1;

    /// <summary>Ends jobs that have not ended.</summary>
    public static async Task<bool> EndAsync(
        IQueryable<BulkJob> jobs, BulkState state, string? reason, DateTime now, CancellationToken cancellationToken) =>
        await jobs.Where(j => j.State == BulkState.Waiting || j.State == BulkState.Running).ExecuteUpdateAsync(
            set => set
                .SetProperty(j => j.State, state)
                .SetProperty(j => j.Reason, reason)
                .SetProperty(j => j.EndedAt, now)
                .SetProperty(j => j.Filters, "")
                .SetProperty(j => j.Version, j => j.Version + 1),
            cancellationToken) == 1;

    private static IQueryable<BulkJob> Unchanged(ClienteleDb db, BulkJob job) => db.BulkJobs.Where(j => j.Id == job.Id && j.Version == job.Version);
}

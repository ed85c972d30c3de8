namespace Clientele.Server.Messages;

/// <summary>Deletes messages that were sent or given up long ago, and the values of those that can no longer be retried.</summary>
internal sealed class OldMessages(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long a message that was given up can be retried.</summary>
    public static readonly TimeSpan Retryable = TimeSpan.FromDays(7);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var (old, final) = (now - Lifetime, now - Retryable);
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.Messages.TagWith("scatter: messages of long ago")
                .Where(m => (m.SentAt < old || m.FailedAt < old)
                    && db.Messages.Where(o => o.CreatedAt < old && (o.SentAt < old || o.FailedAt < old)).OrderBy(o => o.CreatedAt).Select(o => o.Id)
                        .Take(ExpiredRows.BatchSize).Contains(m.Id))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.Database.ExecuteSqlAsync(
                $"""
                 -- scatter: messages that can no longer be retried
                 UPDATE messages SET sealed_values = '' WHERE failed_at < {final} AND sealed_values <> ''
                 """,
                cancellationToken),
            cancellationToken);
    }
}

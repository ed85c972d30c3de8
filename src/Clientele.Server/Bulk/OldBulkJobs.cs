namespace Clientele.Server.Bulk;

/// <summary>Deletes jobs that ended long ago, and the leases of jobs that have ended.</summary>
internal sealed class OldBulkJobs(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (now, old) = (clock.Now(), clock.Now() - Lifetime);
        await ExpiredRows.DeleteAsync(database, () => db.BulkJobs.Where(j => j.EndedAt < old).ExecuteDeleteAsync(cancellationToken), cancellationToken);

        // A node that continues a job takes a new lease.
        await ExpiredRows.DeleteAsync(
            database, () => db.Leases.Where(l => l.Name.StartsWith("bulk:") && l.Until < now).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }
}

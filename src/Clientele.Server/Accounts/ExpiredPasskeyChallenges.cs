namespace Clientele.Server.Accounts;

/// <summary>Deletes the rows of used challenges that have expired: by then they are refused anyway.</summary>
internal sealed class ExpiredPasskeyChallenges(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        // An hour later, because the clocks of the nodes may differ.
        var ended = clock.Now() - TimeSpan.FromHours(1);
        return ExpiredRows.DeleteAsync(
            database,
            () => db.UsedPasskeyChallenges.TagWith("scatter: challenges that have expired").Where(c => c.ExpiresAt < ended)
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}

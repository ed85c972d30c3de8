namespace Clientele.Server.Accounts;

/// <summary>Deletes throttles, refresh tokens, challenges and known networks that have expired.</summary>
internal sealed class ExpiredAccess(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var ended = new DateTimeOffset(now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds();
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.Throttles.TagWith("scatter: windows that have ended")
                .Where(t => t.WindowEnds < ended
                    && db.Throttles.Where(o => o.WindowEnds < ended).OrderBy(o => o.WindowEnds).Select(o => o.Key).Take(ExpiredRows.BatchSize).Contains(t.Key))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.RefreshTokens.TagWith("scatter: expired tokens of everybody").Where(t => t.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.SignInChallenges.TagWith("scatter: expired challenges of everybody").Where(c => c.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        var forgotten = now - KnownNetworks.Lifetime;
        await ExpiredRows.DeleteAsync(
            database,
            () => db.KnownNetworks.TagWith("scatter: networks that nobody has signed in from for long")
                .Where(n => n.LastSeenAt < forgotten).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}

namespace Clientele.Server.Accounts;

/// <summary>Deletes throttles, refresh tokens, challenges, sessions, known networks and clients, proofs and held names that have expired.</summary>
internal sealed class ExpiredAccess(ClienteleDb db, Database database, TimeProvider clock) : IMaintenance
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var ended = new DateTimeOffset(now.AddDays(-1)).ToUnixTimeMilliseconds();
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.Throttles.TagWith("scatter: windows that have ended")
                .Where(t => t.WindowEnds < ended
                    && db.Throttles.Where(o => o.WindowEnds < ended).OrderBy(o => o.WindowEnds).Select(o => o.Key).Take(ExpiredRows.BatchSize).Contains(t.Key))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await DeleteSessionsAsync(now, cancellationToken);
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
        await ExpiredRows.DeleteAsync(
            database,
            () => db.KnownClients.TagWith("scatter: clients that nobody has signed in with for long")
                .Where(c => c.LastSeenAt < forgotten).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await DeleteProofsAsync(now, cancellationToken);
    }

    private async Task DeleteSessionsAsync(DateTime now, CancellationToken cancellationToken)
    {
        await ExpiredRows.DeleteBatchesAsync(
            database,
            () => db.RefreshTokens.TagWith("scatter: expired tokens of everybody")
                .Where(t => t.ExpiresAt < now
                    && t.ExpiresAt <= (db.RefreshTokens.Where(o => o.ExpiresAt < now).OrderBy(o => o.ExpiresAt)
                        .Select(o => (DateTime?)o.ExpiresAt).Skip(ExpiredRows.BatchSize - 1).FirstOrDefault() ?? now))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);

        // A session's row is up to a minute older than its newest refresh token, and its last access token may still be valid.
        var yesterday = now.AddDays(-1);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.Sessions.TagWith("scatter: expired sessions of everybody").Where(s => s.ExpiresAt < yesterday).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }

    private async Task DeleteProofsAsync(DateTime now, CancellationToken cancellationToken)
    {
        var counted = now - Proofs.Counted;
        await ExpiredRows.DeleteAsync(
            database,
            () => db.Proofs.TagWith("scatter: expired codes and links of everybody")
                .Where(p => p.ExpiresAt < now && p.CreatedAt < counted).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.EmailUndos.TagWith("scatter: expired links of everybody").Where(u => u.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await ExpiredRows.DeleteAsync(
            database,
            () => db.LoginNames.TagWith("scatter: former e-mails that their owners can no longer take back")
                .Where(n => n.HeldUntil < now).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}

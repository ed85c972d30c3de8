using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>The sessions of a customer that have not ended.</summary>
internal sealed class OpenSessions(ClienteleDb db, CustomerWrites writes, AuditTrail audit, Sessions sessions, Caller caller, TimeProvider clock)
{
    /// <summary>The length of the list. Nobody reads more.</summary>
    public const int MostListed = 100;

    /// <summary>The sessions that were used last.</summary>
    public async Task<IReadOnlyList<SessionResponse>> ListAsync(long customerId, CancellationToken cancellationToken)
    {
        var (now, current) = (clock.Now(), caller.SessionId);
        return await db.Sessions.Where(s => s.CustomerId == customerId && s.ExpiresAt > now).OrderByDescending(s => s.LastUsedAt).ThenByDescending(s => s.Id)
            .Take(MostListed)
            .Select(s => new SessionResponse
            {
                Id = s.Id,
                Client = s.Client,
                Network = s.Network,
                SignedInWith = s.SignedInWith,
                CreatedAt = s.CreatedAt,
                LastUsedAt = s.LastUsedAt,
                ExpiresAt = s.ExpiresAt,
                Current = s.Id == current,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends one session.</summary>
    public Task<Results<NoContent, Problem>> EndAsync(long customerId, Guid session, CancellationToken cancellationToken) => RunAsync(
        customerId,
        async () =>
        {
            if (!await DeleteAsync(db, customerId, session, cancellationToken))
            {
                return Problems.NotFound();
            }

            audit.Record(customerId, AuditAction.SessionEnded, $"session/{session}");
            return TypedResults.NoContent();
        },
        cancellationToken);

    /// <summary>Ends all sessions, or all but one.</summary>
    public Task<Results<NoContent, Problem>> EndAllAsync(long customerId, Guid? except, CancellationToken cancellationToken) => RunAsync(
        customerId,
        async () =>
        {
            if (await DeleteAllAsync(db, customerId, except, cancellationToken))
            {
                audit.Record(customerId, AuditAction.SessionEnded, AuditTrail.Resource("customer", customerId));
            }

            return TypedResults.NoContent();
        },
        cancellationToken);

    /// <summary>
    /// Deletes a session with its refresh tokens, which ends its access tokens. The customer's row must be locked. Returns false if there is no such session.
    /// </summary>
    public static async Task<bool> DeleteAsync(ClienteleDb db, long customerId, Guid session, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM refresh_tokens WHERE customer_id = {customerId} AND family_id = {session};
             DELETE FROM sessions WHERE customer_id = {customerId} AND id = {session}
             """,
            cancellationToken) > 0;

    /// <summary>The same for all sessions, or all but one. Returns whether there were any.</summary>
    public static async Task<bool> DeleteAllAsync(ClienteleDb db, long customerId, Guid? except, CancellationToken cancellationToken)
    {
        var kept = except ?? Guid.Empty;
        return await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM refresh_tokens WHERE customer_id = {customerId} AND family_id <> {kept};
             DELETE FROM sessions WHERE customer_id = {customerId} AND id <> {kept}
             """,
            cancellationToken) > 0;
    }

    private async Task<Results<NoContent, Problem>> RunAsync(
        long customerId, Func<Task<Results<NoContent, Problem>>> work, CancellationToken cancellationToken)
    {
        var result = await writes.RunAsync<NoContent>(new(customerId), _ => work(), cancellationToken);
        sessions.Forget(customerId);
        return result;
    }
}

namespace Clientele.Server.Accounts;

/// <summary>The networks from which an account's owner signs in. Failed attempts from elsewhere do not lock the owner out there.</summary>
internal sealed class KnownNetworks(ClienteleDb db, Caller caller, ServerKeys keys, TimeProvider clock)
{
    /// <summary>A phone on the move has a new network every few hours.</summary>
    public const int MostPerCustomer = 500;
    private static readonly TimeSpan Precision = TimeSpan.FromDays(1);

    /// <summary>A network stays known for 90 days after the last sign-in from it. The stored instant may be a day older than that.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90) + Precision;

    public ValueTask<byte[]> HashAsync(long customerId, CancellationToken cancellationToken) =>
        keys.HashAsync($"known network {customerId} {caller.Network}", cancellationToken);

    public bool IsKnown(DateTime? lastSeenAt) => lastSeenAt > clock.Now() - Lifetime;

    /// <summary>Records a sign-in. The customer's row must be locked.</summary>
    public async Task RememberAsync(long customerId, byte[] hash, DateTime? lastSeenAt, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        if (lastSeenAt > now - Precision)
        {
            return;
        }

        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO known_networks (customer_id, network_hash, last_seen_at) VALUES ({customerId}, {hash}, {now})
             ON CONFLICT (customer_id, network_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
             """,
            cancellationToken);
        if (lastSeenAt is null)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 DELETE FROM known_networks WHERE customer_id = {customerId} AND last_seen_at < (
                     SELECT last_seen_at FROM known_networks WHERE customer_id = {customerId} ORDER BY last_seen_at DESC LIMIT 1 OFFSET {MostPerCustomer - 1})
                 """,
                cancellationToken);
        }
    }
}

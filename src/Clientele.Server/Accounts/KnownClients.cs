using Clientele.Server.Messages;

namespace Clientele.Server.Accounts;

/// <summary>
/// The clients with which an account's owner signs in. If neither the client nor the network of a sign-in is known, the owner gets a mail about it.
/// </summary>
internal sealed class KnownClients(ClienteleDb db, Caller caller, ServerKeys keys, Outbox outbox, TimeProvider clock)
{
    public const int MostPerCustomer = 50;
    private static readonly TimeSpan Precision = TimeSpan.FromDays(1);

    public ValueTask<byte[]> HashAsync(long customerId, CancellationToken cancellationToken) =>
        keys.HashAsync($"known client {customerId} {ClientName.Of(caller.UserAgent)}", cancellationToken);

    /// <summary>Records a sign-in, and tells the owner if it is from an unknown place. The customer's row must be locked.</summary>
    public async Task RememberAsync(SignIn.Found account, CancellationToken cancellationToken)
    {
        var (id, client, now) = (account.CustomerId, account.Client, clock.Now());
        var recent = now - Precision;
        if (account.ClientSeenAt > recent)
        {
            return;
        }

        // Of simultaneous sign-ins with a new client, only the one that writes the row tells the owner.
        var written = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO known_clients (customer_id, client_hash, last_seen_at) VALUES ({id}, {client}, {now})
             ON CONFLICT (customer_id, client_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at WHERE known_clients.last_seen_at <= {recent}
             """,
            cancellationToken);
        if (written == 0)
        {
            return;
        }

        if (account.ClientSeenAt is null)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 DELETE FROM known_clients WHERE customer_id = {id} AND last_seen_at < (
                     SELECT last_seen_at FROM known_clients WHERE customer_id = {id} ORDER BY last_seen_at DESC LIMIT 1 OFFSET {MostPerCustomer - 1})
                 """,
                cancellationToken);
        }

        var isKnown = account.ClientSeenAt > now - KnownNetworks.Lifetime;
        if (account.HasSignedIn && !isKnown && !account.IsAtHome)
        {
            var owner = await db.Customers.SingleAsync(c => c.Id == id, cancellationToken);
            await outbox.NotifyAsync(
                owner, Template.NewSignIn, [("client", ClientName.Of(caller.UserAgent)), ("network", caller.NetworkPrefix ?? "")], cancellationToken);
        }
    }
}

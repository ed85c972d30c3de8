using Clientele.Server.Privacy;

namespace Clientele.Server.Accounts;

/// <summary>Messages that were not sent because the account has had too many.</summary>
internal sealed class RefusedMessages(ClienteleDb db, Transaction transaction, AuditTrail audit, Throttles throttles)
{
    /// <summary>Audits the first refusal in an hour, because a caller can repeat the request without end. Returns the refusal.</summary>
    public async Task<Problem> RecordAsync(long customerId, ProofPurpose purpose, Problem refused, CancellationToken cancellationToken)
    {
        if (await throttles.IsFirstRefusalAsync(customerId, purpose, cancellationToken))
        {
            await transaction.RunAsync(
                async () =>
                {
                    if (await db.LockAsync<Customer>(customerId, cancellationToken, audit.Head(customerId)) is null)
                    {
                        return false;
                    }

                    audit.Record(customerId, AuditAction.MessageRefused, AuditTrail.Resource("customer", customerId), new Dictionary<string, (object?, object?)>
                    {
                        ["purpose"] = (null, JsonNamingPolicy.SnakeCaseLower.ConvertName($"{purpose}")),
                    });
                    return true;
                },
                cancellationToken);
        }

        return refused;
    }
}

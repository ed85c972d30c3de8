using Clientele.Server.Operations;

namespace Clientele.Server.Messages;

/// <summary>Reports messages that nobody sends: a server for them has been away for long, or its settings are wrong.</summary>
internal sealed class OutboxCheck(ClienteleDb db, TimeProvider clock) : ICheck
{
    private static readonly TimeSpan Expected = TimeSpan.FromHours(1);

    public Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var late = clock.Now() - Expected;
        return findings.AddAsync(
            "messages have waited for more than an hour (GET /api/messages/?state=pending says why). They are for the customers",
            db.Messages.Where(m => m.NextAttemptAt != null && m.GiveUpAt < late + Message.Longest).OrderBy(m => m.CreatedAt).Select(m => m.CustomerId),
            cancellationToken);
    }
}

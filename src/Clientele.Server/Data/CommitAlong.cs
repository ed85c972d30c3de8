using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>
/// Sends COMMIT in the round trip of a transaction's last changes, and not again. If one of the changes fails, PostgreSQL skips what follows it, and the
/// transaction is rolled back.
/// </summary>
internal sealed class CommitAlong : DbCommandInterceptor, IDbTransactionInterceptor
{
    public static readonly CommitAlong Instance = new();

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (eventData is { CommandSource: CommandSource.SaveChanges, Context: ClienteleDb { Committing: Committing.WithChanges } db })
        {
            db.Committing = Committing.Sent;
#pragma warning disable CA2100 // EF Core's own statements before ours.
            result.CommandText += "COMMIT";
#pragma warning restore CA2100
        }

        return result;
    }

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(eventData.Context is ClienteleDb { Committing: Committing.Sent } ? InterceptionResult.Suppress() : result);
}

/// <summary>When a transaction is committed.</summary>
internal enum Committing
{
    /// <summary>By a statement of its own.</summary>
    Alone,

    /// <summary>With the changes that are saved next.</summary>
    WithChanges,

    /// <summary>COMMIT has been sent.</summary>
    Sent,
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>Does not send COMMIT again if <see cref="LastSave"/> has sent it with the changes.</summary>
internal sealed class CommitAlong : IDbTransactionInterceptor
{
    public static readonly CommitAlong Instance = new();

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

using System.Threading.RateLimiting;

namespace Clientele.Server.Privacy;

/// <summary>
/// Limits how many exports a node sends at once: each holds a connection to the database until its reader has all of it, and a reader may be slow. The next
/// few wait for a while.
/// </summary>
internal sealed class ExportTurns : IDisposable
{
    public const int MostOfCaller = 2;
    private const int MostOfNode = 4;
    private const int MostWaiting = 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.CreateChained(
        Limiter(caller => caller, MostOfCaller, waiting: 0), Limiter(_ => "node", MostOfNode, MostWaiting));

    /// <summary>Takes a turn, which ends when it is disposed; null if there is none.</summary>
    public async Task<IDisposable?> TakeAsync(string caller, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestWait);
        try
        {
            var turn = await _turns.AcquireAsync(caller, 1, patience.Token);
            return turn.IsAcquired ? turn : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _turns.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> partition, int most, int waiting) =>
        PartitionedRateLimiter.Create<string, string>(
            caller => RateLimitPartition.GetConcurrencyLimiter(partition(caller), _ => new() { PermitLimit = most, QueueLimit = waiting }));
}

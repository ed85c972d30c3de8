using System.Threading.RateLimiting;

namespace Clientele.Server.Privacy;

/// <summary>
/// Limits how many exports a node sends at once: each holds a connection to the database until its reader has all of it, and a reader may be slow. The next
/// few wait for a while. Anybody can register, so customers cannot take all turns.
/// </summary>
internal sealed class ExportTurns : IDisposable
{
    public const int MostOfCaller = 2;
    private const int MostOfCustomers = 3;
    private const int MostOfNode = 5;
    private const int MostWaiting = 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly PartitionedRateLimiter<Reader> _turns = PartitionedRateLimiter.CreateChained(
        Limiter(reader => reader.Name, MostOfCaller, waiting: 0),
        Limiter(reader => reader.IsCustomer ? "customers" : null, MostOfCustomers, MostWaiting),
        Limiter(_ => "node", MostOfNode, MostWaiting));

    /// <summary>Takes a turn, which ends when it is disposed; null if there is none.</summary>
    public async Task<IDisposable?> TakeAsync(Reader reader, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestWait);
        try
        {
            var turn = await _turns.AcquireAsync(reader, 1, patience.Token);
            return turn.IsAcquired ? turn : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <param name="partition">Which readers share a limit; null for readers without one.</param>
    /// <param name="most">How many of them can read at once.</param>
    /// <param name="waiting">How many of them can wait.</param>
    private static PartitionedRateLimiter<Reader> Limiter(Func<Reader, string?> partition, int most, int waiting) =>
        PartitionedRateLimiter.Create<Reader, string>(
            reader => partition(reader) is { } shared
                ? RateLimitPartition.GetConcurrencyLimiter(shared, _ => new() { PermitLimit = most, QueueLimit = waiting })
                : RateLimitPartition.GetNoLimiter(""));

    /// <summary>Who reads an export.</summary>
    internal readonly record struct Reader(string Name, bool IsCustomer);
}

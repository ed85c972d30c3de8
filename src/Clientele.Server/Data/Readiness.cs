namespace Clientele.Server.Data;

/// <summary>
/// Whether the database accepts writes. All probes of this node share the result: however often they ask, it writes only once in a few
/// seconds.
/// </summary>
internal sealed class Readiness(Database database, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _beating = new(1, 1);

    /// <summary>The timestamp of the last successful write; 0 for none.</summary>
    private long _beatAt;

    /// <summary>Throws if the database does not accept a write.</summary>
    public async Task ProveAsync(ClienteleDb db, CancellationToken cancellationToken)
    {
        await _beating.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _beatAt) is var at && (at == 0 || clock.GetElapsedTime(at) >= Believed))
            {
                // A failure is not cached: the next probe tries again.
                Volatile.Write(ref _beatAt, 0);
                await Heartbeat.BeatAsync(db, database, cancellationToken);
                Volatile.Write(ref _beatAt, clock.GetTimestamp());
            }
        }
        finally
        {
            _beating.Release();
        }
    }

    /// <summary>Called when a request has failed: the next probe tests the database again.</summary>
    public void Doubt() => Volatile.Write(ref _beatAt, 0);

    public void Dispose() => _beating.Dispose();
}

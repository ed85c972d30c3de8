namespace Clientele.Server.Data;

/// <summary>Whether the replica can be used.</summary>
internal sealed class ReplicaGauges(Replica replica) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken) =>
    [
        new(
            "clientele.replica.unavailable", "{replica}", "1 if a replica is configured and is behind or does not answer.",
            replica.IsConfigured && !await replica.IsUsableAsync(cancellationToken) ? 1 : 0),
    ];
}

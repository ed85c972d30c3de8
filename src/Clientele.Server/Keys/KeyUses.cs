namespace Clientele.Server.Keys;

/// <summary>Stores when and from where keys were last used, once a minute and not with each request.</summary>
internal sealed class KeyUses(ClienteleDb db, Transaction transaction, LiveKeys keys) : IMaintenance
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // In the order of the ids, so that two nodes cannot deadlock.
        var uses = keys.TakeUses().OrderBy(use => use.Key, StringComparer.Ordinal).ToList();
        if (uses.Count > 0)
        {
            await transaction.RunAsync(() => StoreAsync(uses, cancellationToken), cancellationToken);
        }
    }

    private async Task StoreAsync(List<KeyValuePair<string, (DateTime At, string? Network)>> uses, CancellationToken cancellationToken)
    {
        foreach (var (id, (at, network)) in uses)
        {
            // Another node may have seen a later use.
            await db.ApiKeys.Where(k => k.Id == id && (k.LastUsedAt == null || k.LastUsedAt < at)).ExecuteUpdateAsync(
                set => set.SetProperty(k => k.LastUsedAt, at).SetProperty(k => k.LastUsedNetwork, network), cancellationToken);
        }
    }
}

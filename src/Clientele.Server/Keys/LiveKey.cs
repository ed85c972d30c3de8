using System.Net;

namespace Clientele.Server.Keys;

/// <summary>What a node keeps of an API key for a few seconds, to check requests with it.</summary>
internal sealed record LiveKey(
    string Id, string Name, string[] Scopes, IPNetwork[] Networks, byte[] Hash, byte[]? OldHash, DateTime? OldHashUntil, DateTime? ExpiresAt)
{
    public static LiveKey Of(ApiKey key) => new(
        key.Id,
        key.Name,
        ApiKey.Split(key.Scopes),
        [.. ApiKey.Split(key.Networks).Select(IPNetwork.Parse)],
        key.Hash,
        key.OldHash,
        key.OldHashUntil,
        key.ExpiresAt);

    /// <summary>Whether the hash is that of the secret, or of the one before it while that is valid. Takes the same time whether or not it is.</summary>
    public bool Has(byte[] hash, DateTime now)
    {
        var isNow = CryptographicOperations.FixedTimeEquals(hash, Hash);
        var wasBefore = CryptographicOperations.FixedTimeEquals(hash, OldHash ?? Hash) && OldHash is not null && OldHashUntil > now;
        return isNow || wasBefore;
    }

    public bool IsExpired(DateTime now) => ExpiresAt <= now;

    public bool IsAllowedFrom(IPAddress? address) => Networks.Length == 0
        || (address is not null && Array.Exists(Networks, network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));
}

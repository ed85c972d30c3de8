using System.Buffers.Binary;

namespace Clientele.Server.Accounts;

/// <summary>
/// The challenges that authenticators sign. A challenge contains its expiry and a keyed hash, which is bound to its purpose. So a request for a challenge
/// stores nothing, and any node can check it. A challenge is stored when it is used, because it can be used once.
/// </summary>
internal sealed class PasskeyChallenges(ClienteleDb db, ServerKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>The purpose of challenges for the use of a passkey, by any account.</summary>
    public const string Use = "use";

    private const int RandomBytes = 32;
    private const int HeadBytes = RandomBytes + sizeof(long);

    /// <summary>The purpose of challenges for the creation of a passkey by one account.</summary>
    public static string Creation(long customerId) => string.Create(CultureInfo.InvariantCulture, $"creation {customerId}");

    public async Task<byte[]> CreateAsync(string purpose, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        RandomNumberGenerator.Fill(head.AsSpan(0, RandomBytes));
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(RandomBytes), new DateTimeOffset(clock.Now() + Lifetime).ToUnixTimeMilliseconds());
        return [.. head, .. await HashAsync(head, purpose, cancellationToken)];
    }

    /// <summary>Whether the service has issued the challenge for this purpose, and it has not expired.</summary>
    public async Task<bool> IsValidAsync(byte[] challenge, string purpose, CancellationToken cancellationToken) =>
        challenge.Length == HeadBytes + HMACSHA256.HashSizeInBytes
        && CryptographicOperations.FixedTimeEquals(await HashAsync(challenge[..HeadBytes], purpose, cancellationToken), challenge.AsSpan(HeadBytes))
        && ExpiresAt(challenge) > clock.Now();

    /// <summary>Uses a valid challenge, in the open transaction. Returns false if it was used before.</summary>
    public async Task<bool> TryUseAsync(byte[] challenge, CancellationToken cancellationToken)
    {
        var (hash, expiresAt) = (Convert.ToHexStringLower(SHA256.HashData(challenge)), ExpiresAt(challenge));
        return await db.Database.ExecuteSqlAsync(
            $"INSERT INTO used_passkey_challenges (hash, expires_at) VALUES ({hash}, {expiresAt}) ON CONFLICT DO NOTHING", cancellationToken) == 1;
    }

    private static DateTime ExpiresAt(byte[] challenge) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(challenge.AsSpan(RandomBytes))).UtcDateTime;

    private ValueTask<byte[]> HashAsync(byte[] head, string purpose, CancellationToken cancellationToken) =>
        keys.HashAsync($"passkey challenge for {purpose}: {Convert.ToHexStringLower(head)}", cancellationToken);
}

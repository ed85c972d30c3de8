using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>
/// The keys that sign access tokens, which rotate, and the secret for keyed hashes, which does not. By the database's clock, a key begins to sign at the
/// same instant on all nodes.
/// </summary>
internal sealed partial class ServerKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, DatabaseClock clock, ILogger<ServerKeys> logger)
    : IMaintenance
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(30);

    /// <summary>How long before that a key is published, so that callers that cache the JWKS know it in time.</summary>
    public static readonly TimeSpan PublishedAhead = TimeSpan.FromDays(1);

    /// <summary>How long until a key signs that is needed now. Every node reads it within a minute; if that fails once, within two.</summary>
    public static readonly TimeSpan ReadByAll = TimeSpan.FromMinutes(2);

    private const string SigningPrefix = "es256-";
    private const string SecretId = "secret";

    private readonly IDataProtector _protector = protection.CreateProtector("Clientele.ServerKeys");
    private volatile SigningKey[] _signing = [];
    private volatile byte[]? _secret;

    /// <summary>The keys that a token may be signed with, oldest first.</summary>
    public IReadOnlyList<SigningKey> Live => _signing;

    public SigningCredentials SigningCredentials
    {
        get
        {
            var now = clock.Now;
            var signing = _signing;
            return (signing.LastOrDefault(key => key.SignsFrom <= now) ?? signing[0]).Credentials;
        }
    }

    public async ValueTask<byte[]> SecretAsync(CancellationToken cancellationToken)
    {
        if (_secret is null)
        {
            await LoadAsync(cancellationToken);
        }

        return _secret!;
    }

    /// <summary>A hash that nobody can compute without the secret.</summary>
    public async ValueTask<byte[]> HashAsync(string text, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(await SecretAsync(cancellationToken), Encoding.UTF8.GetBytes(text));

    /// <summary>Creates keys that are missing or due, and reads those that other nodes have created. Runs at start and once a minute.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var now = clock.Now;
        var stored = await db.ServerKeys.ToListAsync(cancellationToken);
        var newest = stored.Where(key => key.Id != SecretId).Max(key => (DateTime?)key.CreatedAt);
        if (newest is null || newest + SigningPeriod - PublishedAhead <= now)
        {
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var id = SigningPrefix + now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            await AddAsync(db, id, created.ExportPkcs8PrivateKey(), now, newest is null ? now : now + PublishedAhead, cancellationToken);
            stored = [];
        }

        if (!stored.Exists(key => key.Id == SecretId))
        {
            await AddAsync(db, SecretId, RandomNumberGenerator.GetBytes(32), now, now, cancellationToken);
            stored = await db.ServerKeys.ToListAsync(cancellationToken);
        }

        _secret = Unprotect(stored.Single(key => key.Id == SecretId));
        var before = _signing;
        _signing =
        [
            .. StillAccepted([.. stored.Where(key => key.Id != SecretId).OrderBy(SignsFrom).ThenBy(key => key.Id, StringComparer.Ordinal)], now)
                .Select(key => before.FirstOrDefault(known => known.Id == key.Id) ?? SigningKey.Of(key, Unprotect(key))),
        ];
        if (before.Length > 0 && !before.Select(key => key.Id).SequenceEqual(_signing.Select(key => key.Id)))
        {
            var keys = string.Join(", ", _signing.Select(key => $"{key.Id} from {key.SignsFrom:u} on"));
            Log.Changed(logger, keys);
        }
    }

    /// <summary>
    /// Makes a new signing key, which is published at once, and returns the instant from which it signs. Usually that is a day later, so that no
    /// cache of the keys is out of date.
    /// </summary>
    /// <param name="soon">Signs as soon as every node has read the key. The keys before it are accepted until their tokens have expired.</param>
    /// <param name="revoke">Signs at once, and the keys before it are deleted: no node accepts their tokens when it has read this.</param>
    public async Task<DateTime> RotateAsync(bool soon, bool revoke, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var now = clock.Now;
        var signsFrom = now + (revoke ? TimeSpan.Zero : soon ? ReadByAll : PublishedAhead);
        var id = $"{SigningPrefix}{now.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            async () =>
            {
                await AddAsync(db, id, created.ExportPkcs8PrivateKey(), now, signsFrom, cancellationToken);
                if (revoke)
                {
                    await db.ServerKeys.Where(key => key.Id != SecretId && key.Id != id).ExecuteDeleteAsync(cancellationToken);
                }
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return signsFrom;
    }

    Task IMaintenance.RunAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    /// <summary>A key is accepted until a day after its successor has begun to sign: no token lives longer.</summary>
    private static IEnumerable<ServerKey> StillAccepted(ServerKey[] signing, DateTime now) =>
        signing.Where((_, i) => i == signing.Length - 1 || SignsFrom(signing[i + 1]) + PublishedAhead > now);

    private static DateTime SignsFrom(ServerKey key) => key.UsedFrom ?? key.CreatedAt + PublishedAhead;

    /// <summary>If several nodes create the same key at once, one wins and all of them read its key.</summary>
    private Task<int> AddAsync(ClienteleDb db, string id, byte[] key, DateTime now, DateTime usedFrom, CancellationToken cancellationToken)
    {
        var text = Convert.ToBase64String(_protector.Protect(key));
        return db.Database.ExecuteSqlAsync(
            $"INSERT INTO server_keys (id, protected, created_at, used_from) VALUES ({id}, {text}, {now}, {usedFrom}) ON CONFLICT DO NOTHING",
            cancellationToken);
    }

    private byte[] Unprotect(ServerKey key) => _protector.Unprotect(Convert.FromBase64String(key.Protected));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The signing keys have changed. They are now {Keys}.")]
        public static partial void Changed(ILogger logger, string keys);
    }

    internal sealed record SigningKey(string Id, DateTime SignsFrom, SigningCredentials Credentials, Jwk Jwk)
    {
        public static SigningKey Of(ServerKey stored, byte[] pkcs8)
        {
            // Needed until the process ends.
#pragma warning disable CA2000
            var ecdsa = ECDsa.Create();
#pragma warning restore CA2000
            ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
            var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            return new SigningKey(
                stored.Id,
                ServerKeys.SignsFrom(stored),
                new SigningCredentials(new ECDsaSecurityKey(ecdsa) { KeyId = stored.Id }, SecurityAlgorithms.EcdsaSha256),
                new Jwk
                {
                    Kid = stored.Id,
                    Kty = "EC",
                    Crv = "P-256",
                    Use = "sig",
                    Alg = "ES256",
                    X = Base64UrlEncoder.Encode(point.X),
                    Y = Base64UrlEncoder.Encode(point.Y),
                });
        }
    }
}

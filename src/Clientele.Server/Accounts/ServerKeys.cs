using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>The keys that sign access tokens, which rotate, and the secret for keyed hashes, which does not.</summary>
internal sealed class ServerKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock) : IMaintenance
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(30);

    /// <summary>How long before that a key is published, so that callers that cache the JWKS know it in time.</summary>
    public static readonly TimeSpan PublishedAhead = TimeSpan.FromDays(1);

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
            var published = clock.Now() - PublishedAhead;
            var signing = _signing;
            return (signing.LastOrDefault(key => key.CreatedAt <= published) ?? signing[0]).Credentials;
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
        var now = clock.Now();
        var stored = await db.ServerKeys.ToListAsync(cancellationToken);
        var newest = stored.Where(key => key.Id.StartsWith(SigningPrefix, StringComparison.Ordinal)).Max(key => (DateTime?)key.CreatedAt);
        if (newest is null || newest + SigningPeriod - PublishedAhead <= now)
        {
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await AddAsync(db, SigningPrefix + now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), created.ExportPkcs8PrivateKey(), now, cancellationToken);
            stored = [];
        }

        if (!stored.Exists(key => key.Id == SecretId))
        {
            await AddAsync(db, SecretId, RandomNumberGenerator.GetBytes(32), now, cancellationToken);
            stored = await db.ServerKeys.ToListAsync(cancellationToken);
        }

        _secret = Unprotect(stored.Single(key => key.Id == SecretId));
        _signing =
        [
            .. stored.Where(key => key.Id.StartsWith(SigningPrefix, StringComparison.Ordinal) && key.CreatedAt + SigningPeriod + PublishedAhead > now)
                .OrderBy(key => key.CreatedAt)
                .Select(key => _signing.FirstOrDefault(known => known.Id == key.Id) ?? SigningKey.Of(key, Unprotect(key))),
        ];
    }

    Task IMaintenance.RunAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    /// <summary>If several nodes create the same key at once, one wins and all of them read its key.</summary>
    private Task<int> AddAsync(ClienteleDb db, string id, byte[] key, DateTime now, CancellationToken cancellationToken)
    {
        var text = Convert.ToBase64String(_protector.Protect(key));
        return db.Database.ExecuteSqlAsync(
            $"INSERT INTO server_keys (id, protected, created_at) VALUES ({id}, {text}, {now}) ON CONFLICT DO NOTHING", cancellationToken);
    }

    private byte[] Unprotect(ServerKey key) => _protector.Unprotect(Convert.FromBase64String(key.Protected));

    internal sealed record SigningKey(string Id, DateTime CreatedAt, SigningCredentials Credentials, Jwk Jwk)
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
                stored.CreatedAt,
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

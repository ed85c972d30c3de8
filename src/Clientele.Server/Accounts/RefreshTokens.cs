using System.Buffers;
using System.Buffers.Text;
using Clientele.Server.Privacy;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>
/// Refresh tokens: <c>customer.secret</c>. A conditional update makes sure that each is used once. The next token is derived from the
/// current one with a key of the server. A retry within ten seconds therefore gets the same token, although only hashes are stored.
/// </summary>
internal sealed class RefreshTokens(
    ClienteleDb db, Transaction transaction, AuditTrail audit, ServerKeys keys, Sessions sessions, Caller caller, DatabaseClock databaseClock,
    TimeProvider clock)
{
    public static readonly TimeSpan Sliding = TimeSpan.FromDays(14);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);
    private static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);
    private const int SecretBytes = 32;

    private static readonly Func<ClienteleDb, long, byte[], CancellationToken, Task<Found?>> FindToken = EF.CompileAsyncQuery(
        (ClienteleDb db, long id, byte[] hash, CancellationToken _) =>
            (from token in db.RefreshTokens.AsTracking()
             where token.CustomerId == id && token.TokenHash == hash
             join account in db.Accounts.Where(a => a.CustomerId == id) on token.CustomerId equals account.CustomerId
             join session in db.Sessions.Where(s => s.CustomerId == id) on token.FamilyId equals session.Id into sessions
             from session in sessions.DefaultIfEmpty()
             select new Found(token, account.SecurityVersion, session)).SingleOrDefault());

    /// <summary>Begins a session: a family of tokens for one sign-in.</summary>
    /// <param name="account">Who has signed in.</param>
    /// <param name="signedInWith">How, one of <see cref="SignInMethod"/>.</param>
    public TokenResponse Begin(SignIn.Found account, string signedInWith = SignInMethod.Password)
    {
        var now = clock.Now();
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var session = Guid.CreateVersion7();
        AddSession(account.CustomerId, session, signedInWith, signedInAt: now, now);
        Add(account.CustomerId, SHA256.HashData(secret), session, account.SecurityVersion, signedInAt: now, now);
        return Pair(account.CustomerId, secret, session, account.SecurityVersion, account.IsStaff);
    }

    /// <summary>Returns the next pair, or null if the token is not valid. A token that was used before ends its whole family.</summary>
    public async Task<TokenResponse?> RefreshAsync(string text, CancellationToken cancellationToken)
    {
        // Anybody can make up tokens: nothing is locked for them.
        if (!TryParse(text, out var id, out var secret) || await FamilyAsync(id, secret, cancellationToken) is null)
        {
            return null;
        }

        TokenResponse? pair = null;
        var isChanged = await transaction.RunAsync(
            async () =>
            {
                (pair, var changes) = await UseAsync(id, secret, cancellationToken);
                return changes;
            },
            cancellationToken);
        if (pair is null && isChanged)
        {
            sessions.Forget(id);
        }

        return pair;
    }

    /// <summary>Signs out: ends the token's family, if it exists.</summary>
    public async Task RevokeAsync(string text, CancellationToken cancellationToken)
    {
        if (TryParse(text, out var id, out var secret) && await FamilyAsync(id, secret, cancellationToken) is { } family
            && await transaction.RunAsync(() => EndFamilyAsync(id, family, AuditAction.SessionEnded, cancellationToken), cancellationToken))
        {
            sessions.Forget(id);
        }
    }

    private Task<Guid?> FamilyAsync(long id, byte[] secret, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(secret);
        return db.RefreshTokens.Where(t => t.CustomerId == id && t.TokenHash == hash).Select(t => (Guid?)t.FamilyId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Returns the next pair, if the token is valid, and whether anything has changed.</summary>
    private async Task<(TokenResponse? Pair, bool IsChanged)> UseAsync(long id, byte[] secret, CancellationToken cancellationToken)
    {
        // Locks the customer before the token, like everything that ends sessions. This order prevents deadlocks.
        var customer = await db.LockAsync<Customer>(id, cancellationToken);
        var now = clock.Now();
        var hash = SHA256.HashData(secret);
        if (customer is not { IsActive: true } || await FindToken(db, id, hash, cancellationToken) is not { } found
            || found.Token.SecurityVersion != found.SecurityVersion)
        {
            return (null, false);
        }

        var token = found.Token;
        var successor = HMACSHA256.HashData(await keys.SecretAsync(cancellationToken), (byte[])[.. "refresh token\n"u8, .. secret]);
        var successorHash = SHA256.HashData(successor);
        if (token.UsedAt is null)
        {
            if (token.ExpiresAt <= now)
            {
                return (null, false);
            }

            token.UsedAt = databaseClock.Now;
            Add(id, successorHash, token.FamilyId, token.SecurityVersion, token.SignedInAt, now);
            Touch(found, now);
            return (Pair(id, successor, token.FamilyId, token.SecurityVersion, customer.IsStaff), true);
        }

        if (databaseClock.Now - token.UsedAt <= RetryWindow && await db.RefreshTokens
            .AnyAsync(t => t.CustomerId == id && t.TokenHash == successorHash && t.UsedAt == null && t.ExpiresAt > now, cancellationToken))
        {
            return (Pair(id, successor, token.FamilyId, token.SecurityVersion, customer.IsStaff), Touch(found, now));
        }

        // The caller gets a 401, and the end of the family is committed.
        return (null, await EndFamilyAsync(id, token.FamilyId, AuditAction.SessionReuseDetected, cancellationToken));
    }

    /// <summary>Returns false if the customer or the family no longer exists.</summary>
    private async Task<bool> EndFamilyAsync(long id, Guid family, string action, CancellationToken cancellationToken)
    {
        if (await db.LockAsync<Customer>(id, cancellationToken) is null || !await OpenSessions.DeleteAsync(db, id, family, cancellationToken))
        {
            return false;
        }

        audit.Record(id, action, AuditTrail.Resource("customer", id));
        return true;
    }

    private void Add(long id, byte[] hash, Guid family, int securityVersion, DateTime signedInAt, DateTime now)
    {
        db.Add(new RefreshToken
        {
            CustomerId = id,
            TokenHash = hash,
            FamilyId = family,
            SecurityVersion = securityVersion,
            SignedInAt = signedInAt,
            ExpiresAt = Expiry(signedInAt, now),
        });
    }

    private void AddSession(long id, Guid session, string signedInWith, DateTime signedInAt, DateTime now) => db.Add(new OpenSession
    {
        CustomerId = id,
        Id = session,
        Client = ClientName.Of(caller.UserAgent),
        Network = caller.NetworkPrefix ?? "",
        SignedInWith = signedInWith,
        CreatedAt = signedInAt,
        LastUsedAt = now,
        ExpiresAt = Expiry(signedInAt, now),
    });

    /// <summary>Notes the use of a session, to the minute. Returns whether anything has changed.</summary>
    private bool Touch(Found found, DateTime now)
    {
        var token = found.Token;
        if (found.Session is not { } session)
        {
            // The sign-in was at an earlier release, which kept no sessions.
            AddSession(token.CustomerId, token.FamilyId, SignInMethod.Password, token.SignedInAt, now);
            return true;
        }

        if (now - session.LastUsedAt < OpenSession.Precision)
        {
            return false;
        }

        session.LastUsedAt = now;
        session.ExpiresAt = Expiry(token.SignedInAt, now);
        return true;
    }

    private static DateTime Expiry(DateTime signedInAt, DateTime now) => now + Sliding < signedInAt + Longest ? now + Sliding : signedInAt + Longest;

    private TokenResponse Pair(long id, byte[] secret, Guid session, int securityVersion, bool isStaff) => new()
    {
        Access = sessions.AccessToken(id, securityVersion, isStaff, session),
        Refresh = string.Create(CultureInfo.InvariantCulture, $"{id}.{Base64UrlEncoder.Encode(secret)}"),
        TokenType = "Bearer",
        ExpiresIn = (int)sessions.AccessLifetime.TotalSeconds,
    };

    /// <summary>A token, the security version that a valid token must have, and the token's session.</summary>
    private sealed record Found(RefreshToken Token, int SecurityVersion, OpenSession? Session);

    /// <summary>Reads a customer's id and a secret of 256 bits.</summary>
    public static bool TryParse(string text, out long id, out byte[] secret)
    {
        secret = new byte[SecretBytes];
        id = 0;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return text.Length < 100 && dot > 0
            && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && Base64Url.DecodeFromChars(text.AsSpan(dot + 1), secret, out _, out var written) == OperationStatus.Done
            && written == SecretBytes;
    }
}

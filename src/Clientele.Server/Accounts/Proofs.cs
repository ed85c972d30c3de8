namespace Clientele.Server.Accounts;

/// <summary>
/// Codes and links that prove who reads what is sent to an address or number. Only keyed hashes are stored. An account has at most one code for each
/// purpose, the one in its newest message; the links of earlier messages work until one is used.
/// </summary>
internal sealed class Proofs(ClienteleDb db, Throttles throttles, ServerKeys keys, TimeProvider clock, IOptions<RateLimits> limits)
{
    /// <summary>How often a code can be tried.</summary>
    public const int MostTries = 5;
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Messages count for this long, so their rows stay for this long.</summary>
    public static readonly TimeSpan Counted = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// Returns a problem if the account has had all its messages of this purpose for the hour or the day. The answer is final only while the customer's row
    /// is locked, because every message is written under that lock.
    /// </summary>
    public async Task<Problem?> RefuseAsync(long customerId, ProofPurpose purpose, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var since = now - Counted;
        var (perHour, perDay) = (limits.Value.MessagesPerHour, limits.Value.MessagesPerDay);
        var sent = await db.Proofs.Where(p => p.CustomerId == customerId && p.Purpose == purpose && p.CreatedAt > since)
            .OrderByDescending(p => p.CreatedAt).Select(p => p.CreatedAt).Take(Math.Max(perHour, perDay)).ToListAsync(cancellationToken);
        DateTime[] free = [.. Ends(sent, perHour, Hour), .. Ends(sent, perDay, Counted)];
        return free.Length == 0 || free.Max() <= now ? null : new Problem("rate_limited", "Too many messages. Wait for the time given in Retry-After.")
        {
            RetryAfter = (int)Math.Ceiling((free.Max() - now).TotalSeconds),
        };
    }

    /// <summary>Creates a code and a link's token, to be saved with the rest of the transaction. The codes of earlier messages die.</summary>
    /// <param name="subject">What they prove. The customer's row must be locked or new.</param>
    /// <param name="isFirst">Whether the account is new, so that there are no earlier messages.</param>
    public async Task<(string Code, string Token)> IssueAsync(ProofSubject subject, CancellationToken cancellationToken, bool isFirst = false)
    {
        if (!isFirst)
        {
            await db.Proofs.Where(p => p.CustomerId == subject.CustomerId && p.Purpose == subject.Purpose && p.Tries < MostTries)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Tries, MostTries), cancellationToken);
        }

        var (id, now) = (Guid.CreateVersion7(), clock.Now());
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var token = LinkToken.New(subject.CustomerId);
        db.Add(new Proof
        {
            CustomerId = subject.CustomerId,
            Id = id,
            Purpose = subject.Purpose,
            CodeHash = await HashAsync(subject, Code(id, code), cancellationToken),
            LinkHash = LinkLifetime(subject.Purpose) is null ? null : await HashAsync(subject, token, cancellationToken),
            CreatedAt = now,
            CodeExpiresAt = now + CodeLifetime,
            ExpiresAt = now + (LinkLifetime(subject.Purpose) ?? CodeLifetime),
        });
        return (code, token);
    }

    /// <summary>
    /// Counts a try of a code before it is compared, so that many at once cannot exceed the limit. An unknown account, one without a code and a wrong
    /// code take the same statements.
    /// </summary>
    /// <returns>The proof that the code belongs to; null for a wrong code.</returns>
    public async Task<(Guid? Proof, Problem? Refused)> TryCodeAsync(ProofSubject subject, string code, CancellationToken cancellationToken)
    {
        Proof? tried = null;
        var refused = await throttles.TryCodeAsync(async () => tried = await CountAsync(subject, cancellationToken), cancellationToken);
        var digits = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        var hash = await HashAsync(subject, Code(tried?.Id ?? Guid.Empty, digits), cancellationToken);
        var isRight = refused is null && tried is not null && CryptographicOperations.FixedTimeEquals(hash, tried.CodeHash);
        return (isRight ? tried!.Id : null, refused);
    }

    /// <summary>Finds the proof of a link's token that has not been used; null if there is none.</summary>
    public async Task<Guid?> FindLinkAsync(ProofSubject subject, string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (await HashAsync(subject, token, cancellationToken), clock.Now());
        return await db.Proofs
            .Where(p => p.CustomerId == subject.CustomerId && p.Purpose == subject.Purpose && p.LinkHash == hash && p.UsedAt == null && p.ExpiresAt > now)
            .Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Uses a proof that was found. Only one request can use it. No other message of the purpose is valid afterwards.</summary>
    public async Task<bool> UseAsync(ProofSubject subject, Guid id, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var unused = db.Proofs.Where(p => p.CustomerId == subject.CustomerId && p.Purpose == subject.Purpose && p.UsedAt == null);
        if (await unused.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.UsedAt, now), cancellationToken) == 0)
        {
            return false;
        }

        await unused.ExecuteUpdateAsync(set => set.SetProperty(p => p.UsedAt, now), cancellationToken);
        return true;
    }

    /// <summary>Verification may wait for the weekend; a reset is done at once. A number gets no link.</summary>
    private static TimeSpan? LinkLifetime(ProofPurpose purpose) => purpose switch
    {
        ProofPurpose.VerifyEmail => TimeSpan.FromDays(3),
        ProofPurpose.ResetPassword => TimeSpan.FromHours(1),
        _ => null,
    };

    /// <summary>When the window ends that these messages have used up; nothing if they have not.</summary>
    private static IEnumerable<DateTime> Ends(List<DateTime> sent, int most, TimeSpan window) => sent.Count < most ? [] : [sent[most - 1] + window];

    private static string Code(Guid id, string digits) => $"{id} {digits}";

    private async Task<Proof?> CountAsync(ProofSubject subject, CancellationToken cancellationToken)
    {
        var (purpose, now) = ((int)subject.Purpose, clock.Now());
        var tried = await db.Proofs.FromSql(
            $"""
             UPDATE proofs SET tries = tries + 1
             WHERE customer_id = {subject.CustomerId} AND purpose = {purpose} AND used_at IS NULL AND tries < {MostTries} AND code_expires_at > {now}
             RETURNING customer_id, id, purpose, code_hash, link_hash, tries, created_at, code_expires_at, expires_at, used_at
             """).ToListAsync(cancellationToken);
        return tried.FirstOrDefault();
    }

    private ValueTask<byte[]> HashAsync(ProofSubject subject, string secret, CancellationToken cancellationToken) => keys.HashAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"proof {subject.Purpose} {subject.CustomerId} {subject.SecurityVersion} {subject.Address}\n{secret}"),
        cancellationToken);
}

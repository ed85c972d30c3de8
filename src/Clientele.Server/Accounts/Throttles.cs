namespace Clientele.Server.Accounts;

/// <summary>
/// Limits on guessing of passwords and codes, on registration and on messages. Each attempt is counted before it is made, so that many at once cannot
/// exceed a limit. The windows use the database's clock, because one node may open a window and another one close it.
/// </summary>
internal sealed class Throttles(ClienteleDb db, Transaction transaction, Caller caller, ServerKeys keys, DatabaseClock clock, IOptions<RateLimits> limits)
{
    /// <summary>Strangers can use up an account's attempts for a day. With this limit the owner can try again from time to time.</summary>
    private static readonly TimeSpan LongestWaitForAccount = TimeSpan.FromMinutes(15);

    /// <summary>How many times a used-up window doubles the next one.</summary>
    private const int Doublings = 4;

    /// <summary>Counts an attempt to sign in. Returns a problem if there were too many.</summary>
    /// <param name="account">The account or name that is tried.</param>
    /// <param name="isAtHome">Whether the owner is known at the caller's network. Such attempts are counted separately from all others.</param>
    public Task<Problem?> TrySignInAsync(string account, bool isAtHome, CancellationToken cancellationToken) =>
        TakeAsync(SignInLimits(account, isAtHome), "Too many failed attempts to sign in.", cancellationToken);

    /// <summary>Takes the attempt back, because it was not a guess. Runs before any row of the customer is locked, as counting does.</summary>
    public async Task SignedInAsync(string account, bool isAtHome, CancellationToken cancellationToken)
    {
        var counted = SignInLimits(account, isAtHome);
        var pair = await KeyAsync(counted[0], cancellationToken);
        await db.Throttles.Where(t => t.Key == pair).ExecuteDeleteAsync(cancellationToken);
        await TakeBackAsync(counted[1..], cancellationToken);
    }

    /// <summary>Takes the attempt back, and keeps the failures before it: the password was right, and a second factor is still to come.</summary>
    public Task TakeBackAsync(string account, bool isAtHome, CancellationToken cancellationToken) =>
        TakeBackAsync(SignInLimits(account, isAtHome), cancellationToken);

    public Task<Problem?> TryRegisterAsync(CancellationToken cancellationToken) => TakeAsync(
        [new($"register {caller.Network}", limits.Value.Registration, TimeSpan.FromHours(1))],
        "Too many registrations from this network.",
        cancellationToken);

    /// <summary>Counts a try of a code, together with other work in the same transaction.</summary>
    public Task<Problem?> TryCodeAsync(Func<Task> along, CancellationToken cancellationToken) =>
        TakeAsync([CodeLimit], "Too many wrong codes from this network.", cancellationToken, along);

    /// <summary>Takes the try back, because it was not a guess.</summary>
    public Task CodeWasRightAsync(CancellationToken cancellationToken) => TakeBackAsync([CodeLimit], cancellationToken);

    public Task<Problem?> TryResetAsync(CancellationToken cancellationToken) => TakeAsync(
        [new($"reset network {caller.Network}", limits.Value.ResetPerNetwork, TimeSpan.FromHours(1))],
        "Too many requests for a new password from this network.",
        cancellationToken);

    /// <summary>Counts an SMS against the daily budget of all numbers with the calling code.</summary>
    public Task<Problem?> TrySmsAsync(string callingCode, int budget, CancellationToken cancellationToken) =>
        TakeAsync([SmsLimit(callingCode, budget)], "Too many SMS to this country today.", cancellationToken);

    /// <summary>Takes an SMS back that was not sent after all.</summary>
    public Task SmsNotSentAsync(string callingCode, CancellationToken cancellationToken) => TakeBackAsync([SmsLimit(callingCode, 0)], cancellationToken);

    /// <summary>Whether a message of the purpose is refused for the first time in an hour.</summary>
    public async Task<bool> IsFirstRefusalAsync(long customerId, ProofPurpose purpose, CancellationToken cancellationToken) => await TakeAsync(
        [new(string.Create(CultureInfo.InvariantCulture, $"refused {purpose} {customerId}"), 1, TimeSpan.FromHours(1)) { Doublings = 0 }],
        "",
        cancellationToken) is null;

    /// <summary>Lets somebody who has just set a new password sign in from the caller's network, whatever they tried before.</summary>
    public async Task ForgiveAsync(string account, bool isCode, CancellationToken cancellationToken)
    {
        var pair = await KeyAsync(SignInLimits(account, isAtHome: true)[0], cancellationToken);
        await db.Throttles.Where(t => t.Key == pair).ExecuteDeleteAsync(cancellationToken);
        if (isCode)
        {
            await CodeWasRightAsync(cancellationToken);
        }
    }

    private static Limit SmsLimit(string callingCode, int budget) => new($"sms {callingCode}", budget, TimeSpan.FromDays(1)) { Doublings = 0 };

    private Limit CodeLimit => new($"code network {caller.Network}", limits.Value.CodesPerNetwork, TimeSpan.FromHours(1));

    /// <summary>The narrowest limit first, and always in this order, so that two callers cannot deadlock.</summary>
    private Limit[] SignInLimits(string account, bool isAtHome)
    {
        var pair = new Limit($"account {account} network {caller.Network}", limits.Value.SignInPerAccountAndNetwork, TimeSpan.FromMinutes(15));
        return isAtHome ? [pair] :
        [
            pair,
            new($"network {caller.Network}", limits.Value.SignInPerNetwork, TimeSpan.FromHours(1)),
            new($"account {account}", limits.Value.SignInPerAccount, TimeSpan.FromDays(1)) { Doublings = 0, LongestWait = LongestWaitForAccount },
        ];
    }

    /// <summary>
    /// Counts an attempt under each limit until one rejects it. A rejected attempt is not counted under the other limits, because it
    /// was not a guess. The count has a transaction of its own, which the result of the attempt does not roll back.
    /// </summary>
    private async Task<Problem?> TakeAsync(Limit[] asked, string detail, CancellationToken cancellationToken, Func<Task>? along = null)
    {
        var now = new DateTimeOffset(clock.Now).ToUnixTimeMilliseconds();
        Problem? refused = null;
        await transaction.RunAsync(CountAllAsync, cancellationToken);
        return refused;

        async Task CountAllAsync()
        {
            for (var i = 0; refused is null && i < asked.Length; i++)
            {
                var throttle = await CountAsync(asked[i], now, cancellationToken);
                if (throttle.Tries > throttle.Allowed)
                {
                    await TakeBackAsync(asked[..i], cancellationToken);
                    var wait = TimeSpan.FromMilliseconds(throttle.WindowEnds - now);
                    refused = new Problem("rate_limited", $"{detail} Wait for the time given in Retry-After.")
                    {
                        RetryAfter = (int)Math.Ceiling((wait < asked[i].LongestWait ? wait : asked[i].LongestWait).TotalSeconds),
                    };
                }
            }

            await (refused is null && along is not null ? along() : Task.CompletedTask);
        }
    }

    private async Task<Throttle> CountAsync(Limit limit, long now, CancellationToken cancellationToken)
    {
        var (key, window) = (await KeyAsync(limit, cancellationToken), (long)limit.Window.TotalMilliseconds);
        return (await db.Throttles.FromSql(
            $"""
             INSERT INTO throttles (key, tries, allowed, level, window_ends) VALUES ({key}, 1, {limit.Allowed}, 0, {now + window})
             ON CONFLICT (key) DO UPDATE SET
               tries = CASE WHEN throttles.window_ends > {now} THEN throttles.tries + 1 ELSE 1 END,
               allowed = excluded.allowed,
               level = CASE WHEN throttles.window_ends > {now} THEN throttles.level
                            WHEN throttles.tries > throttles.allowed AND throttles.level < {limit.Doublings} THEN throttles.level + 1
                            WHEN throttles.tries > throttles.allowed THEN throttles.level
                            ELSE 0 END,
               window_ends = CASE WHEN throttles.window_ends > {now} THEN throttles.window_ends
                                  WHEN throttles.tries <= throttles.allowed THEN {now + window}
                                  WHEN throttles.level < {limit.Doublings} THEN {now} + ({window} << (throttles.level + 1))
                                  ELSE {now} + ({window} << throttles.level) END
             RETURNING key, tries, allowed, level, window_ends
             """).ToListAsync(cancellationToken))[0];
    }

    /// <summary>
    /// In the order in which the limits were counted. A row that would count nothing is deleted: otherwise a stranger could leave one for every name that
    /// they make up.
    /// </summary>
    private async Task TakeBackAsync(Limit[] counted, CancellationToken cancellationToken)
    {
        foreach (var limit in counted)
        {
            var key = await KeyAsync(limit, cancellationToken);
            if (await db.Throttles.Where(t => t.Key == key && t.Tries <= 1 && t.Level == 0).ExecuteDeleteAsync(cancellationToken) == 0)
            {
                await db.Throttles.Where(t => t.Key == key && t.Tries > 0)
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.Tries, t => t.Tries - 1), cancellationToken);
            }
        }
    }

    private async Task<string> KeyAsync(Limit limit, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await keys.HashAsync(limit.Subject, cancellationToken));

    private sealed record Limit(string Subject, int Allowed, TimeSpan Window)
    {
        public int Doublings { get; init; } = Throttles.Doublings;

        public TimeSpan LongestWait { get; init; } = TimeSpan.MaxValue;
    }
}

using System.Security.Cryptography;
using System.Text;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Accounts;

/// <summary>How often something was tried in a window of time, counted for all nodes.</summary>
[Table("throttles", TableClass.Claim)]
internal sealed class Throttle
{
    /// <summary>A keyed hash of what is counted.</summary>
    public required string Key { get; init; }

    public required int Tries { get; init; }

    public required int Allowed { get; init; }

    /// <summary>How many windows in a row were used up: each makes the next one twice as long.</summary>
    public required int Level { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long WindowEnds { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Throttle>
    {
        public void Configure(EntityTypeBuilder<Throttle> builder)
        {
            builder.HasKey(t => t.Key);
            builder.HasIndex(t => t.WindowEnds);
        }
    }
}

/// <summary>Limits on guessing and on sign-up. Each try is counted before it is made, so that many at once cannot slip through.</summary>
internal sealed class Throttles(ClienteleDb db, UnitOfWork unit, Caller caller, ServerKeys keys, TimeProvider clock, IOptions<RateLimits> limits)
{
    private const int MaxLevel = 4;

    /// <summary>Counts a try to sign in. The problem is there when there were too many.</summary>
    public async Task<Problem?> TrySignInAsync(string account, CancellationToken cancellationToken) => await TakeAsync(
        [
            new(Pair(account), limits.Value.SignInPerAccountAndNetwork, TimeSpan.FromMinutes(15)),
            new(Network, limits.Value.SignInPerNetwork, TimeSpan.FromHours(1)),
            new(Account(account), limits.Value.SignInPerAccount, TimeSpan.FromDays(1)),
        ],
        "Too many failed attempts to sign in.",
        cancellationToken);

    /// <summary>Takes the try back, for it was no guess. Before anything of the customer's is locked, as a try is.</summary>
    public async Task SignedInAsync(string account, CancellationToken cancellationToken)
    {
        // One by one and in the order in which they are taken, so that two callers cannot wait for each other.
        var pair = await KeyAsync(Pair(account), cancellationToken);
        await db.Throttles.Where(t => t.Key == pair).ExecuteDeleteAsync(cancellationToken);
        foreach (var subject in new[] { Network, Account(account) })
        {
            var key = await KeyAsync(subject, cancellationToken);
            await db.Throttles.Where(t => t.Key == key && t.Tries > 0)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Tries, t => t.Tries - 1), cancellationToken);
        }
    }

    public Task<Problem?> TryRegisterAsync(CancellationToken cancellationToken) => TakeAsync(
        [new($"register {caller.Network}", limits.Value.Registration, TimeSpan.FromHours(1))],
        "Too many registrations from this network.",
        cancellationToken);

    private string Network => $"network {caller.Network}";

    private static string Account(string account) => $"account {account}";

    private string Pair(string account) => $"account {account} network {caller.Network}";

    private async Task<Problem?> TakeAsync(Limit[] taken, string detail, CancellationToken cancellationToken)
    {
        var now = new DateTimeOffset(clock.Now()).ToUnixTimeMilliseconds();
        var counted = new List<Throttle>();
        var alone = !unit.IsOpen;
        if (alone)
        {
            await unit.BeginAsync(cancellationToken);
        }

        try
        {
            foreach (var limit in taken)
            {
                var key = await KeyAsync(limit.Subject, cancellationToken);
                var window = (long)limit.Window.TotalMilliseconds;
                counted.AddRange(await db.Throttles.FromSql(
                    $"""
                     INSERT INTO throttles (key, tries, allowed, level, window_ends) VALUES ({key}, 1, {limit.Allowed}, 0, {now + window})
                     ON CONFLICT (key) DO UPDATE SET
                       tries = CASE WHEN throttles.window_ends > {now} THEN throttles.tries + 1 ELSE 1 END,
                       allowed = excluded.allowed,
                       level = CASE WHEN throttles.window_ends > {now} THEN throttles.level
                                    WHEN throttles.tries > throttles.allowed AND throttles.level < {MaxLevel} THEN throttles.level + 1
                                    WHEN throttles.tries > throttles.allowed THEN throttles.level
                                    ELSE 0 END,
                       window_ends = CASE WHEN throttles.window_ends > {now} THEN throttles.window_ends
                                          WHEN throttles.tries <= throttles.allowed THEN {now + window}
                                          WHEN throttles.level = 0 THEN {now + (2 * window)}
                                          WHEN throttles.level = 1 THEN {now + (4 * window)}
                                          WHEN throttles.level = 2 THEN {now + (8 * window)}
                                          ELSE {now + (16 * window)} END
                     RETURNING key, tries, allowed, level, window_ends
                     """).ToListAsync(cancellationToken));
            }

            if (alone)
            {
                await unit.CommitAsync();
            }
            else
            {
                await unit.KeepSoFarAsync(cancellationToken);
            }
        }
        finally
        {
            if (alone)
            {
                await unit.DisposeAsync();
            }
        }

        var over = counted.Where(throttle => throttle.Tries > throttle.Allowed).ToList();
        return over.Count == 0 ? null : new Problem("rate_limited", $"{detail} Wait as long as Retry-After says.")
        {
            RetryAfter = (int)Math.Ceiling((over.Max(throttle => throttle.WindowEnds) - now) / 1000.0),
        };
    }

    private async Task<string> KeyAsync(string subject, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(await keys.SecretAsync(cancellationToken), Encoding.UTF8.GetBytes(subject)));

    private sealed record Limit(string Subject, int Allowed, TimeSpan Window);
}

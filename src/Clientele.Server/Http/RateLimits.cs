using System.Threading.RateLimiting;

namespace Clientele.Server.Http;

/// <summary>The settings under <c>RateLimits:</c>.</summary>
internal sealed class RateLimits
{
    /// <summary>Registrations per hour and network.</summary>
    [Range(1, 1_000_000)]
    public int Registration { get; set; } = 300;

    /// <summary>Requests per minute, signed-in caller and node; 0 means no limit.</summary>
    [Range(0, 1_000_000)]
    public int PerCaller { get; set; }

    /// <summary>Requests per second, API key and node; 0 means no limit.</summary>
    [Range(0, 1_000_000)]
    public int PerKey { get; set; } = 1000;

    /// <summary>Failed logins per account and network in 15 minutes.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerAccountAndNetwork { get; set; } = 5;

    /// <summary>Failed logins per network in an hour, for all accounts together.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerNetwork { get; set; } = 50;

    /// <summary>Failed logins per account in a day, from all networks together.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerAccount { get; set; } = 100;

    /// <summary>Wrong codes from mails and SMS per network in an hour, for all accounts together.</summary>
    [Range(1, 1_000_000)]
    public int CodesPerNetwork { get; set; } = 50;

    /// <summary>Messages with a code per account and purpose in an hour.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerHour { get; set; } = 3;

    /// <summary>Messages with a code per account and purpose in a day, and mails of each kind that tell what has happened to an account.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerDay { get; set; } = 10;

    /// <summary>Requests for a new password per network in an hour.</summary>
    [Range(1, 1_000_000)]
    public int ResetPerNetwork { get; set; } = 50;

    /// <summary>The requests of each caller. Its owner disposes it: a timer keeps it alive.</summary>
    public static PartitionedRateLimiter<HttpContext> Limiter(RateLimits limits) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        context.User.FindFirst("sub")?.Value is { } caller ? Window(caller, limits.PerCaller, TimeSpan.FromMinutes(1))
        : context.User.FindFirst(KeyClaims.Id)?.Value is { } key ? Window(Roles.KeyPrefix + key, limits.PerKey, TimeSpan.FromSeconds(1))
        : RateLimitPartition.GetNoLimiter(""));

    /// <summary>Not the framework's middleware, which makes a second limiter for every host and disposes neither.</summary>
    public static void Use(WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        app.Use(async (context, next) =>
        {
            using var lease = limiter.AttemptAcquire(context);
            if (lease.IsAcquired)
            {
                await next(context);
                return;
            }

            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            await Problems.WriteAsync(context, new Problem("rate_limited", "You have sent too many requests.")
            {
                RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
            });
        });
    }

    private static RateLimitPartition<string> Window(string caller, int limit, TimeSpan window) => limit == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetFixedWindowLimiter(caller, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = window });
}

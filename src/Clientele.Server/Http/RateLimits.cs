using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Http;

/// <summary>The settings under <c>RateLimits:</c>.</summary>
internal sealed class RateLimits
{
    public const string Section = "RateLimits";

    /// <summary>Registrations an hour per network.</summary>
    [Range(1, 1_000_000)]
    public int Registration { get; set; } = 300;

    /// <summary>Requests a minute per signed-in caller and node; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int PerCaller { get; set; }

    /// <summary>Failed logins per account and network in 15 minutes.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerAccountAndNetwork { get; set; } = 5;

    /// <summary>Failed logins per network in an hour, whatever the account.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerNetwork { get; set; } = 50;

    /// <summary>Failed logins per account in a day, whatever the network.</summary>
    [Range(1, 1_000_000)]
    public int SignInPerAccount { get; set; } = 100;

    public static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var limit = context.RequestServices.GetRequiredService<IOptions<RateLimits>>().Value.PerCaller;
            return limit > 0 && context.User.FindFirst("sub")?.Value is { } caller
                ? RateLimitPartition.GetFixedWindowLimiter(caller, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter("");
        });
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            await Problems.WriteAsync(rejected.HttpContext, new Problem("rate_limited", "You have made more requests this minute than you may.")
            {
                RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
            });
        };
    }
}

using Clientele.Server.Accounts;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Data;

/// <summary>Runs once a minute: handles keys that are due, deletes expired rows, and updates tiers and points as time passes.</summary>
internal sealed partial class Maintenance(IServiceScopeFactory scopes, Database database, DatabaseClock databaseClock, ServerKeys keys, Upkeep upkeep, TimeProvider clock, ILogger<Maintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private const int BatchSize = 1000;

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await databaseClock.MeasureAsync(cancellationToken);
        await keys.LoadAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var now = clock.Now();
        var old = now - Idempotency.Lifetime;
        var ended = new DateTimeOffset(now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds();

        // In batches, so that nobody waits long for SQLite's writer. The condition is repeated, so that a row that was renewed meanwhile stays.
        await DrainAsync(() => db.IdempotencyKeys.TagWith("scatter: keys whose time is over")
            .Where(k => k.CreatedAt < old && db.IdempotencyKeys.Where(o => o.CreatedAt < old).OrderBy(o => o.CreatedAt).Select(o => o.Key).Take(BatchSize).Contains(k.Key))
            .ExecuteDeleteAsync(cancellationToken));
        await DrainAsync(() => db.Throttles.TagWith("scatter: windows that have ended")
            .Where(t => t.WindowEnds < ended && db.Throttles.Where(o => o.WindowEnds < ended).OrderBy(o => o.WindowEnds).Select(o => o.Key).Take(BatchSize).Contains(t.Key))
            .ExecuteDeleteAsync(cancellationToken));
        await DrainAsync(() => db.RefreshTokens.TagWith("scatter: expired tokens of everybody")
            .Where(t => t.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken), once: true);
        var forgotten = now - KnownNetworks.Lifetime;
        await DrainAsync(() => db.KnownNetworks.TagWith("scatter: networks that nobody has signed in from for long")
            .Where(n => n.LastSeenAt < forgotten).ExecuteDeleteAsync(cancellationToken), once: true);
        await upkeep.RunAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
#pragma warning disable CA1031 // The next run tries again; nothing is lost meanwhile.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
            }
        }
    }

    /// <summary>With distributed tables, the keys of a batch travel to the coordinator and back to the workers, which delete their own rows.</summary>
    private async Task DrainAsync(Func<Task<int>> deleteBatch, bool once = false)
    {
        int deleted;
        do
        {
            await database.Writer.WaitAsync();
            try
            {
                deleted = await deleteBatch();
            }
            finally
            {
                database.Writer.Release();
            }
        }
        while (!once && deleted == BatchSize);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Maintenance failed and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

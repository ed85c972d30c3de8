using System.Collections.Concurrent;
using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>
/// Delivers events to webhooks. Every node has one worker. A lease gives each webhook to one node at a time, and each webhook has a task of its own, so a
/// receiver that is slow or dead delays no other.
/// </summary>
internal sealed partial class WebhookWorker(
    IServiceScopeFactory scopes, EventSignal events, WebhookSignal signal, DatabaseClock databaseClock, TimeProvider clock, ILogger<WebhookWorker> logger)
    : BackgroundService
{
    /// <summary>How often the worker looks for further attempts, and for what other nodes have left.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>After news, a moment for more of them.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly string _holder = Lease.NewHolder();
    private readonly ConcurrentDictionary<Guid, Lazy<Task<bool>>> _running = [];

    /// <summary>Works on each webhook until nothing is due for it. Returns whether there was anything.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var ready = await ReadyAsync(cancellationToken);

        // Work that began before may have looked before the last events were there.
        await Task.WhenAll(ready.Select(id => _running.TryGetValue(id, out var earlier) ? earlier.Value : Task.FromResult(false)));
        return (await Task.WhenAll(ready.Select(id => Begin(id, cancellationToken)))).Contains(true);
    }

    /// <summary>
    /// Delivers until nothing is due, for tests. With distributed tables, each step brings its events and deliveries to this node, and what has become of
    /// them goes back to the workers.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await RunOnceAsync(cancellationToken))
        {
            await Task.Delay(Rest, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what happens meanwhile is not missed.
            var (positioned, woken) = (events.Positioned, signal.Woken);
            try
            {
                foreach (var id in await ReadyAsync(stoppingToken))
                {
                    _ = Begin(id, stoppingToken);
                }

                isFailing = false;
            }
#pragma warning disable CA1031 // Events stay in the feed, and the next round tries again.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    Report(failure);
                }

                isFailing = true;
            }

            var pause = Task.Delay(PollInterval, stoppingToken);
            await (isFailing ? pause : Task.WhenAny(positioned, woken, pause));
            await Task.Delay(Rest, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // Their attempts are cancelled, and their leases given back.
        Task ending = Task.WhenAll(_running.Values.Select(task => task.Value));
        await ending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The webhooks for which something may be due. With distributed tables, each worker sends the ids of those that have a delivery due.</summary>
    private async Task<List<Guid>> ReadyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), clock.Now());
        var webhooks = await db.Webhooks.Where(w => w.IsActive && (w.PausedUntil == null || w.PausedUntil <= now))
            .Select(w => new { w.Id, w.Position, IsPaused = w.PausedUntil != null }).ToListAsync(cancellationToken);
        if (webhooks.Count == 0)
        {
            return [];
        }

        var last = await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken);
        var due = await db.WebhookDeliveries.TagWith("scatter: which webhooks have something due").Where(d => d.NextAttemptAt <= now)
            .Select(d => d.WebhookId).Distinct().ToListAsync(cancellationToken);
        return [.. webhooks.Where(w => w.IsPaused || w.Position < last || due.Contains(w.Id)).Select(w => w.Id)];
    }

    /// <summary>Begins to work on a webhook, unless this node does so already.</summary>
    private Task<bool> Begin(Guid id, CancellationToken stoppingToken) => _running.GetOrAdd(id, _ => new(() => RunAsync(id, stoppingToken))).Value;

    private async Task<bool> RunAsync(Guid id, CancellationToken stoppingToken)
    {
        await Task.Yield();
        var worked = false;
        try
        {
            while (await IsAnyAsync(id, stoppingToken) && await TryStepAsync(id, stoppingToken))
            {
                worked = true;
            }
        }
#pragma warning disable CA1031 // Whatever the failure is, events stay where they are, and the next round tries again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                Report(failure);
            }
        }
        finally
        {
            _running.TryRemove(id, out _);
        }

        return worked;
    }

    private async Task<bool> IsAnyAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<WebhookStep>().IsAnyAsync(id, cancellationToken);
    }

    /// <summary>Takes the lease of the webhook and does one step. Returns false if another node has the lease, or if nothing is left to do.</summary>
    private async Task<bool> TryStepAsync(Guid id, CancellationToken stoppingToken)
    {
        var (lease, now) = (WebhookStep.LeaseOf(id), databaseClock.Now);
        if (!await TransactAsync(db => Lease.TryTakeAsync(db, lease, _holder, now, now + WebhookStep.LeaseTime, stoppingToken), stoppingToken))
        {
            return false;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<WebhookStep>().RunAsync(id, _holder, stoppingToken);
        }
        finally
        {
            await TransactAsync(db => Lease.TryEndAsync(db, lease, _holder, CancellationToken.None), CancellationToken.None);
        }
    }

    private async Task<bool> TransactAsync(Func<ClienteleDb, Task<bool>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        return await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(db), cancellationToken);
    }

    private void Report(Exception failure) => Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not be delivered to webhooks and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

namespace Clientele.Server.Events;

/// <summary>
/// Gives committed events their places in the feed. Every node does it, one at a time: the mark of the positions is locked until the new ones are
/// committed, so a reader who sees a position sees all lower ones. docs/decisions/0015-events-get-their-place-after-the-commit.md tells why.
/// </summary>
internal sealed partial class EventPositions(
    IServiceScopeFactory scopes, EventSignal signal, ILogger<EventPositions> logger) : BackgroundService
{
    /// <summary>How often a node looks for what other nodes have written or positioned.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Short enough to go unnoticed, long enough to give simultaneous writes their positions together.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The next events, as many as one statement may take, in the order of their streams: nobody's event is chosen without the earlier ones of its stream.
    /// In the feed they are in the order of time, and in a stream always in the order of their numbers, whatever the nodes' clocks said.
    /// </summary>
    private const string Assign =
        """
        -- scatter: events that wait for their places in the feed
        UPDATE events SET position = {0} + place
        FROM (
            SELECT customer, stream, event_number, row_number() OVER (ORDER BY happened_at, customer, stream, event_number) AS place
            FROM (
                SELECT customer, stream, event_number, max(written_at) OVER (PARTITION BY customer, stream ORDER BY event_number) AS happened_at
                FROM (
                    SELECT customer_id AS customer, group_id AS stream, number AS event_number, at AS written_at FROM events
                    WHERE position IS NULL ORDER BY customer_id, group_id, number LIMIT 5000) AS waiting) AS timed) AS placed
        WHERE customer_id = customer AND group_id = stream AND number = event_number AND position IS NULL
        """;

    /// <summary>Gives places to the events that wait. Returns whether there were any.</summary>
    public async Task<bool> AssignOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var last = await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken);
        var waiting = db.Events.TagWith("scatter: does any event wait").Where(e => e.Position == null).Select(e => e.CustomerId).Take(1);
        var assigned = 0;
        if (await waiting.ToListAsync(cancellationToken) is [_])
        {
            await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                async () =>
                {
                    last = (await EventMark.LockAsync(db, EventMark.Positions, 0, cancellationToken)).Value;
                    assigned = await db.Database.ExecuteSqlRawAsync(Assign, [last], cancellationToken);
                    last += assigned;
                    await EventMark.SetAsync(db, EventMark.Positions, last, cancellationToken);
                    return assigned > 0;
                },
                cancellationToken);
        }

        signal.Reach(last);
        return assigned > 0;
    }

    /// <summary>Works until no event waits, for tests and the command line.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await AssignOnceAsync(cancellationToken))
        {
            // There may be more.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what is written meanwhile is not missed.
            var written = signal.Written;
            var worked = false;
            try
            {
                worked = await AssignOnceAsync(stoppingToken);
                isFailing = false;
            }
#pragma warning disable CA1031 // Events keep waiting, and the step is tried again.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isFailing)
                {
                    Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
                }

                isFailing = true;
            }

            await Task.Delay(isFailing ? RetryDelay : Rest, stoppingToken);
            if (!worked && !isFailing)
            {
                await Task.WhenAny(written, Task.Delay(PollInterval, stoppingToken));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not get their places in the feed and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

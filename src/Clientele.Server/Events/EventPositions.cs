using System.Diagnostics;

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
    private static readonly TimeSpan MinRest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The most events that get their positions in one transaction.</summary>
    private const int MostAtOnce = 5000;

    /// <summary>Gives places to the events that wait, at most <see cref="MostAtOnce"/>. Returns how many there were.</summary>
    public async Task<int> AssignOnceAsync(CancellationToken cancellationToken)
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
                    assigned = await AssignAsync(db, await NextAsync(db, cancellationToken), last, cancellationToken);
                    last += assigned;
                    await EventMark.SetAsync(db, EventMark.Positions, last, cancellationToken);
                    return assigned > 0;
                },
                cancellationToken);
        }

        signal.Reach(last);
        return assigned;
    }

    /// <summary>
    /// Works until no event waits, for tests and the command line. With distributed tables, each round begins with one customer's id from each worker and
    /// ends with what <see cref="NextAsync"/> and <see cref="AssignAsync"/> send.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await AssignOnceAsync(cancellationToken) > 0)
        {
            // There may be more.
        }
    }

    /// <summary>
    /// The next events in the order of the feed. They are chosen in the order of their streams, so nobody's event is chosen without the earlier ones of its
    /// stream. In the feed they are in the order of time, and in a stream always in the order of their numbers, whatever the nodes' clocks said.
    /// With distributed tables, each worker sends the keys and instants of its first events, and the coordinator passes on the first of all.
    /// </summary>
    private static async Task<List<Waiting>> NextAsync(ClienteleDb db, CancellationToken cancellationToken)
    {
        var next = await db.Events.TagWith("scatter: events that wait for their positions").Where(e => e.Position == null)
            .OrderBy(e => e.CustomerId).ThenBy(e => e.GroupId).ThenBy(e => e.Number)
            .Select(e => new Waiting(e.CustomerId, e.GroupId, e.Number, e.At)).Take(MostAtOnce).ToListAsync(cancellationToken);
        for (var i = 1; i < next.Count; i++)
        {
            if (next[i].Stream == next[i - 1].Stream && next[i].At < next[i - 1].At)
            {
                next[i] = next[i] with { At = next[i - 1].At };
            }
        }

        // The sort is stable.
        return [.. next.OrderBy(one => one.At)];
    }

    /// <summary>With distributed tables, the keys travel to the workers in the order of their positions, and only a number comes back.</summary>
    private static Task<int> AssignAsync(ClienteleDb db, List<Waiting> events, long last, CancellationToken cancellationToken)
    {
        var (customers, streams) = (events.ConvertAll(one => one.CustomerId).ToArray(), events.ConvertAll(one => one.GroupId).ToArray());
        var numbers = events.ConvertAll(one => one.Number).ToArray();
        var keys = db.IsPostgres ? "" : JsonSerializer.Serialize(events.Select(one => new[] { one.CustomerId, one.GroupId, one.Number }));
        return db.Database.ExecuteSqlAsync(
            db.IsPostgres
                ? $"""
                   -- scatter: events that get their positions
                   UPDATE events SET position = {last} + place
                   FROM unnest({customers}, {streams}, {numbers}) WITH ORDINALITY AS placed (customer, stream, event_number, place)
                   WHERE customer_id = customer AND group_id = stream AND number = event_number AND position IS NULL
                   """
                : (FormattableString)$"""
                   -- scatter: events that get their positions
                   UPDATE events SET position = {last} + 1 + key FROM json_each({keys})
                   WHERE customer_id = json_extract(value, '$[0]') AND group_id = json_extract(value, '$[1]') AND number = json_extract(value, '$[2]')
                       AND position IS NULL
                   """,
            cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what is written meanwhile is not missed.
            var (written, begun) = (signal.Written, Stopwatch.GetTimestamp());
            var assigned = 0;
            try
            {
                assigned = await AssignOnceAsync(stoppingToken);
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

            // Unless there are more than one step can take, a node works a tenth of the time at most: in larger steps an event costs less.
            var rest = Math.Clamp(assigned == MostAtOnce ? 0 : 9 * Stopwatch.GetElapsedTime(begun).Ticks, MinRest.Ticks, PollInterval.Ticks);
            await Task.Delay(isFailing ? RetryDelay : new(rest), stoppingToken);
            if (assigned == 0 && !isFailing)
            {
                await Task.WhenAny(written, Task.Delay(PollInterval, stoppingToken));
            }
        }
    }

    /// <summary>An event without a position, and the earliest instant that it may have in the feed.</summary>
    private readonly record struct Waiting(long CustomerId, long GroupId, long Number, DateTime At)
    {
        public (long CustomerId, long GroupId) Stream => (CustomerId, GroupId);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not get their places in the feed and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}

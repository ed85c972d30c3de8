namespace Clientele.Server.Events;

/// <summary>What to read from the feed.</summary>
/// <param name="After">The position after which to begin; null for the oldest event that is kept.</param>
/// <param name="Kinds">The kinds of events; empty for all.</param>
/// <param name="Customer">The customer whose events to read; null for all.</param>
/// <param name="Size">The maximum number of events.</param>
/// <param name="Wait">How long to wait for an event if there is none.</param>
internal sealed record EventRequest(long? After, EventKind[] Kinds, long? Customer, int Size, TimeSpan Wait)
{
    /// <summary>Begins after the last event that there is.</summary>
    public bool IsFromEnd { get; init; }
}

/// <summary>Reads the feed of events, and waits for events without holding a connection to the database.</summary>
internal sealed class EventFeed(ClienteleDb db, Caller caller, EventSignal signal, IHostApplicationLifetime lifetime, IOptions<EventSettings> settings)
{
    private const string Why = "scatter: the feed of events";
    private const string Name = "e";

    /// <summary>A call that searches for some kinds of events looks at no more positions than these; the next call goes on from there.</summary>
    private const long MostSearched = 50_000;

    /// <summary>After news, a call waits so long before it reads: many callers may wait, and they may wait for rare events.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns the next events; null if some of them are already deleted, or if the cursor is not one of this database.</summary>
    public async Task<EventsResponse?> ReadAsync(EventRequest request, CancellationToken cancellationToken)
    {
        var after = request.After;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var over = request.Wait > TimeSpan.Zero ? Task.Delay(request.Wait, ended.Token) : Task.CompletedTask;
        while (true)
        {
            // Read before the events, so that what gets a position meanwhile is not missed.
            var positioned = signal.Positioned;
            var page = await PageAsync(request with { After = after, IsFromEnd = request.IsFromEnd && after is null }, cancellationToken);
            if (page is null || page.Results.Count > 0 || page.More || over.IsCompleted)
            {
                return page;
            }

            TryReadCursor(page.Cursor, out after);
            await Task.WhenAny(positioned, over);
            cancellationToken.ThrowIfCancellationRequested();
            if (positioned.IsCompleted)
            {
                await Task.Delay(Rest, cancellationToken);
            }
        }
    }

    public static string Cursor(long position) => FeedCursor.Create(Name, position);

    /// <summary>Reads a cursor. An empty one begins with the oldest event.</summary>
    public static bool TryReadCursor(string? text, out long? position) => FeedCursor.TryRead(text, Name, out position);

    private async Task<EventsResponse?> PageAsync(EventRequest request, CancellationToken cancellationToken)
    {
        // Read before the events: all positions up to this one are committed. Later ones are returned the next time.
        var last = await EventMark.ReadAsync(db, EventMark.Positions, cancellationToken);
        if (request.IsFromEnd)
        {
            return new() { Results = [], Cursor = Cursor(last), More = false };
        }

        if (request.After > last)
        {
            // The database is a copy from before the cursor.
            return null;
        }

        var after = request.After ?? await EventMark.ReadAsync(db, EventMark.Deleted, cancellationToken);
        var isSearch = request.Kinds.Length > 0 || caller.KeyId is not null;
        var end = isSearch && request.Customer is null && last - after > MostSearched ? after + MostSearched : last;
        var found = await Matching(request).Where(e => e.Position > after && e.Position <= end).OrderBy(e => e.Position).Take(request.Size + 1).TagWith(Why)
            .ToListAsync(cancellationToken);

        // Read after the events, so that what was deleted before they were read is known.
        if (request.After is not null && after < await EventMark.ReadAsync(db, EventMark.Deleted, cancellationToken))
        {
            return null;
        }

        var shown = found.Take(request.Size).ToList();
        var isFull = found.Count > request.Size;
        var reached = isFull ? shown[^1].Position!.Value : Math.Max(end, after);
        return new()
        {
            Results = shown.ConvertAll(one => one.ToResponse(settings.Value.Source)),
            Cursor = Cursor(reached),
            More = isFull || end < last,
        };
    }

    /// <summary>The events that were asked for. Staff do not exist for keys.</summary>
    private IQueryable<LoggedEvent> Matching(EventRequest request)
    {
        var (events, kinds) = (db.Events.AsQueryable(), request.Kinds);
        events = request.Customer is { } id ? events.Where(e => e.CustomerId == id) : events;
        events = kinds.Length > 0 ? events.Where(e => kinds.Contains(e.Kind)) : events;
        return caller.KeyId is null ? events : events.Where(e => !db.Customers.Any(c => c.Id == e.CustomerId && c.IsStaff));
    }
}

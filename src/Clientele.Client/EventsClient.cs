using System.Net;
using System.Runtime.CompilerServices;

namespace Clientele.Client;

/// <summary>What has happened to customers. For admins, and for keys with the scope <c>events:read</c>.</summary>
public sealed class EventsClient
{
    private const string All = "api/events/";

    /// <summary>Shorter than the time that the client waits for a response.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Connection _connection;
    private readonly TimeProvider _clock;

    internal EventsClient(Connection connection, TimeProvider clock) => (_connection, _clock) = (connection, clock);

    /// <summary>Gets a page of events.</summary>
    /// <param name="query">Where to begin, which events, and how long to wait; null for the oldest events that are kept.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>forbidden</c> (403); <c>validation_failed</c> (400); <c>cursor_expired</c> (410): events after the cursor are already deleted.
    /// </exception>
    public Task<EventsResponse> ListAsync(EventQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.EventsResponse, cancellationToken);

    /// <summary>
    /// Follows the events: first those that there are, then each one as it happens, until the caller stops. While the service cannot be reached, it tries
    /// again, at first after a second and later every half minute.
    /// </summary>
    /// <param name="storeCursor">
    /// Called with a cursor when all events before it have been processed: store it, and begin with it after a restart. If the program ends between an event
    /// and this call, the event comes again: compare the ids.
    /// </param>
    /// <param name="query">Where to begin and which events; null for all.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="ClienteleException">
    /// <c>unauthorized</c> (401); <c>forbidden</c> (403); <c>validation_failed</c> (400); <c>cursor_expired</c> (410): events after the cursor are already
    /// deleted.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller has ended the stream.</exception>
    /// <example>
    /// <code>
    /// var stored = File.Exists("cursor") ? await File.ReadAllTextAsync("cursor") : null;
    /// await foreach (var happened in client.Events.FollowAsync(
    ///     (cursor, token) =&gt; File.WriteAllTextAsync("cursor", cursor, token), new() { Cursor = stored }))
    /// {
    ///     Console.WriteLine($"{happened.Time:O} {happened.Type} {happened.Subject}");
    /// }
    /// </code>
    /// </example>
    public async IAsyncEnumerable<CustomerEvent> FollowAsync(
        Func<string, CancellationToken, Task> storeCursor, EventQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storeCursor);
        var next = (query ?? new()) with { Wait = query?.Wait ?? LongestWait };
        var stored = next.Cursor;
        while (true)
        {
            var page = await NextAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var happened in page.Results)
            {
                yield return happened;
            }

            if (page.Cursor != stored)
            {
                await storeCursor(page.Cursor, cancellationToken).ConfigureAwait(false);
                stored = page.Cursor;
            }

            next = next with { Cursor = page.Cursor };
        }
    }

    /// <summary>Gets the next page, however long the service is away.</summary>
    private async Task<EventsResponse> NextAsync(EventQuery query, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ListAsync(query, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is HttpRequestException || (failure is ClienteleException refused && IsTransient(refused)))
            {
                await Task.Delay(failure is ClienteleException { RetryAfter: { } wanted } ? wanted : pause, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsTransient(ClienteleException refused) =>
        refused.Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}

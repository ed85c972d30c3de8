namespace Clientele.Server.Events;

internal static class EventsEndpoints
{
    private const int LongestWait = 30;

    /// <summary>In place of a cursor: begins after the last event.</summary>
    private const string Latest = "latest";

    private static readonly PageSize Size = new(Default: 100, Largest: 1000);

    public static void Map(IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("/api/events").WithTag("Events", "What has happened to customers.");
        events.MapGet("/", ListEvents).WithName(nameof(ListEvents)).For(Who.Admin, KeyScope.EventsRead).Answers(400).Answers("cursor_expired");
    }

    /// <summary>List what has happened</summary>
    /// <remarks>
    /// Returns the events from the oldest one that is kept, or after a cursor, as CloudEvents 1.0. Each event is returned once, however late it was
    /// committed, and the events of a customer are in their order. Continue with the cursor of the response, also when there are no more events for now.
    /// Events are kept for 90 days, unless configured otherwise. After a cursor that is older, the response is 410: begin with latest, read all customers,
    /// and continue from there.
    /// </remarks>
    /// <param name="cursor" example="ZS4xNw">The cursor of an earlier response. Empty begins with the oldest event, and latest after the newest.</param>
    /// <param name="types" example="customer.registered,customer.updated">The types of events, separated by commas; all by default.</param>
    /// <param name="customer" example="123">Only events of the customer with this id.</param>
    /// <param name="page_size" example="100">The maximum number of events: 100 by default, at most 1000.</param>
    /// <param name="wait" example="20">
    /// How many seconds to wait for an event if there is none: 0 by default, at most 30. The response is sent as soon as there is one.
    /// </param>
    internal static async Task<Results<Ok<EventsResponse>, Problem>> ListEvents(
        string? cursor, string? types, string? customer, string? page_size, string? wait, HttpContext context, EventFeed feed,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "cursor", "types", "customer", "page_size", "wait");
        long? after = null;
        errors.Require(
            cursor == Latest || EventFeed.TryReadCursor(cursor, out after), "cursor", "Must be the cursor of an earlier response, latest, or empty.");
        var request = new EventRequest(after, Kinds(types, errors), Customer(customer, errors), Size.Read(page_size, errors), Wait(wait, errors))
        {
            IsFromEnd = cursor == Latest,
        };
        return errors.Any ? Problems.Invalid(errors)
            : await feed.ReadAsync(request, cancellationToken) is { } page ? TypedResults.Ok(page)
            : new Problem("cursor_expired", "The cursor is too old, or of another database. Begin with latest, read all customers, and continue from there.");
    }

    private static EventKind[] Kinds(string? text, Errors errors)
    {
        string[] names = text is null ? [] : [.. text.Split(',').Select(name => name.Trim()).Distinct()];
        var unknown = Array.FindAll(names, name => !EventForm.Kinds.ContainsKey(name));
        errors.Require(unknown.Length == 0, "types", $"Must be types of events, separated by commas: {string.Join(", ", EventForm.Kinds.Keys.Order())}.");
        return unknown.Length > 0 ? [] : Array.ConvertAll(names, name => EventForm.Kinds[name]);
    }

    private static long? Customer(string? text, Errors errors)
    {
        var id = 0L;
        errors.Require(
            text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id), "customer", "Must be the id of a customer.");
        return text is null ? null : id;
    }

    private static TimeSpan Wait(string? text, Errors errors)
    {
        var seconds = 0;
        errors.Require(
            text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= LongestWait),
            "wait",
            string.Create(CultureInfo.InvariantCulture, $"Must be a whole number of seconds from 0 to {LongestWait}."));
        return TimeSpan.FromSeconds(seconds);
    }
}

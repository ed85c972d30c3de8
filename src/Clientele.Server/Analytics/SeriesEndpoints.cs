using Clientele.Server.Groups;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Analytics;

internal static class SeriesEndpoints
{
    private const string Everybody = "scatter: a figure over time";
    private const int DefaultDays = 7;

    public static void Map(IEndpointRouteBuilder api)
    {
        var analytics = api.MapGroup("/api/customers/analytics").WithTags("Analytics");
        analytics.MapGet("/series/", GetAnalyticsSeries).WithName(nameof(GetAnalyticsSeries)).For(Who.Admin, KeyScope.AnalyticsRead).ReadsAllCustomers()
            .Answers(400, 404);
        analytics.MapGet("/movement/", GetGroupMovement).WithName(nameof(GetGroupMovement)).For(Who.Admin, KeyScope.AnalyticsRead).ReadsAllCustomers()
            .Answers(400);
        analytics.MapGet("/backlog/", GetBacklog).WithName(nameof(GetBacklog)).For(Who.Admin, KeyScope.AnalyticsRead);
    }

    /// <summary>Get a figure over time</summary>
    /// <remarks>
    /// Counts by day, week or month between two dates, both included, in UTC. There are at most 400 intervals. Days before <c>from</c> do not count, even if
    /// the first interval begins earlier. A last day in the future means today.
    /// </remarks>
    /// <param name="metric" example="joined">
    /// joined (the default): customers who joined. points: points outstanding at the end of each interval. entered, left: customers who entered or left a
    /// group.
    /// </param>
    /// <param name="interval" example="month">The length of an interval: day (the default), week (from Monday) or month.</param>
    /// <param name="from" example="2025-01-01">The first day, a date; 30 intervals by default.</param>
    /// <param name="to" example="2025-12-31">The last day, a date; today by default.</param>
    /// <param name="group" example="5">The id of the group, for entered and left.</param>
    internal static async Task<Results<Ok<AnalyticsSeriesResponse>, Problem>> GetAnalyticsSeries(
        string? metric, string? interval, string? from, string? to, string? group, HttpContext context, ClienteleDb db, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "metric", "interval", "from", "to", "group");
        var request = SeriesRequest.Read(metric, interval, from, to, group, DateOnly.FromDateTime(clock.Now()), errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        if (request.Group is { } id && !await db.Groups.AnyAsync(g => g.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        var values = request.Metric == SeriesMetric.Points
            ? AtEnds(request, await Liability.ChangesAsync(db, request.Days.End, cancellationToken))
            : Sums(request, await CountsAsync(db, request, cancellationToken));
        return TypedResults.Ok(request.ToResponse(values));
    }

    /// <summary>Get who came and went, by group</summary>
    /// <remarks>
    /// Returns all groups with their size now, and how many customers entered and left between two dates, both included, in UTC: the last seven days by
    /// default. A last day in the future means today.
    /// </remarks>
    /// <param name="from" example="2025-10-09">The first day, a date.</param>
    /// <param name="to" example="2025-10-15">The last day, a date.</param>
    internal static async Task<Results<Ok<GroupMovementResponse>, Problem>> GetGroupMovement(
        string? from, string? to, HttpContext context, ClienteleDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "from", "to");
        var days = DayRange.Read(from, to, DateOnly.FromDateTime(clock.Now()), last => last.AddDays(1 - DefaultDays), errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        var groups = await db.Groups
            .Join(db.GroupCounts, g => g.Id, c => c.GroupId, (g, c) => new { g.Id, g.Name, g.NameKey, g.AutoAssign, c.Members, c.ChangedAt })
            .OrderBy(g => g.NameKey).ToListAsync(cancellationToken);
        long[] moved = [.. groups.Where(g => g.ChangedAt >= days.Start).Select(g => g.Id)];
        var movement = await Movement.ByGroupAsync(db, moved, days.Start, days.End, cancellationToken);
        return TypedResults.Ok(new GroupMovementResponse
        {
            From = days.From,
            To = days.To,
            Groups = groups.ConvertAll(g => new GroupMovement
            {
                Id = g.Id,
                Name = g.Name,
                AutoAssign = g.AutoAssign,
                MembersCount = g.Members,
                Entered = movement.GetValueOrDefault(g.Id).Entered,
                Left = movement.GetValueOrDefault(g.Id).Left,
            }),
        });
    }

    /// <summary>Get what waits for background work</summary>
    /// <remarks>Shows how far the evaluation of segments and the sending of messages are behind, on all nodes together.</remarks>
    internal static async Task<Ok<BacklogResponse>> GetBacklog(ClienteleDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        const string queue = "scatter: how much waits";
        var segments = await db.SegmentChanges.TagWith(queue).GroupBy(_ => 1)
            .Select(all => new { Waiting = all.LongCount(), OldestAt = all.Min(c => c.QueuedAt) }).SingleOrDefaultAsync(cancellationToken);
        var messages = await db.Messages.TagWith(queue).Where(m => m.NextAttemptAt != null).GroupBy(_ => 1)
            .Select(all => new { Waiting = all.LongCount(), OldestAt = all.Min(m => m.CreatedAt) }).SingleOrDefaultAsync(cancellationToken);
        return TypedResults.Ok(new BacklogResponse
        {
            AsOf = clock.Now(),
            Segments = new Backlog { Waiting = segments?.Waiting ?? 0, OldestAt = segments?.OldestAt },
            Messages = new Backlog { Waiting = messages?.Waiting ?? 0, OldestAt = messages?.OldestAt },
        });
    }

    private static async Task<IReadOnlyDictionary<DateOnly, long>> CountsAsync(ClienteleDb db, SeriesRequest request, CancellationToken cancellationToken)
    {
        var (start, end) = (request.Days.Start, request.Days.End);
        if (request.Group is { } group)
        {
            return request.Metric == SeriesMetric.Entered
                ? await Movement.EnteredByDayAsync(db, group, start, end, cancellationToken)
                : await Movement.LeftByDayAsync(db, group, start, end, cancellationToken);
        }

        var days = await db.Customers.TagWith(Everybody).Where(c => c.DateJoined >= start && c.DateJoined < end).GroupBy(c => c.DateJoined.Date)
            .Select(day => new { Day = day.Key, Customers = day.LongCount() }).ToListAsync(cancellationToken);
        return days.ToDictionary(day => DateOnly.FromDateTime(day.Day), day => day.Customers);
    }

    private static IEnumerable<long> Sums(SeriesRequest request, IReadOnlyDictionary<DateOnly, long> days)
    {
        var periods = days.GroupBy(day => Periods.Of(day.Key, request.Interval), day => day.Value).ToDictionary(period => period.Key, period => period.Sum());
        return request.Starts().Select(start => periods.GetValueOrDefault(start));
    }

    /// <summary>The sums of all changes up to the end of each interval.</summary>
    private static List<long> AtEnds(SeriesRequest request, IEnumerable<(DateOnly Day, long Change)> changes)
    {
        var (values, sum) = (new List<long>(), 0L);
        using var next = changes.OrderBy(change => change.Day).GetEnumerator();
        var isThere = next.MoveNext();
        foreach (var start in request.Starts())
        {
            for (var end = Periods.After(start, request.Interval, 1); isThere && next.Current.Day < end; isThere = next.MoveNext())
            {
                sum += next.Current.Change;
            }

            values.Add(sum);
        }

        return values;
    }
}

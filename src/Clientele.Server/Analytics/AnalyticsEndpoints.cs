using Clientele.Server.Loyalty;

namespace Clientele.Server.Analytics;

internal static class AnalyticsEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var analytics = api.MapGroup("/api/customers/analytics").WithTag("Analytics", "The customer base in figures.");
        analytics.MapGet("/", GetAnalytics).WithName(nameof(GetAnalytics)).For(Who.Admin, KeyScope.AnalyticsRead).Answers(400);
    }

    /// <summary>Get figures about all customers</summary>
    /// <remarks>
    /// All figures come from one snapshot (<c>as_of</c>), at most a minute old. The parameters change only <c>joined</c>: how many customers joined
    /// by <c>granularity</c> (day, week or month) between the dates <c>from</c> and <c>to</c>, both included.
    /// </remarks>
    /// <param name="granularity" example="month">The periods of <c>joined</c>: day (the default), week or month.</param>
    /// <param name="from" example="2025-01-01">The first day that <c>joined</c> counts, a date.</param>
    /// <param name="to" example="2025-12-31">The last day that <c>joined</c> counts, a date.</param>
    internal static async Task<Results<Ok<AnalyticsResponse>, Problem>> GetAnalytics(
        string? granularity, string? from, string? to, HttpContext context, Snapshots snapshots, IOptions<Programme> programme,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "granularity", "from", "to");
        errors.Require(granularity is null or "day" or "week" or "month", "granularity", "Must be day, week or month.");
        var (first, last) = (Date("from", from, DateOnly.MinValue, errors), Date("to", to, DateOnly.MaxValue, errors));
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var snapshot = await snapshots.FreshAsync(cancellationToken);
        return TypedResults.Ok(snapshot.ToResponse(programme.Value, granularity ?? "day", first, last));
    }

    private static DateOnly Date(string name, string? text, DateOnly missing, Errors errors)
    {
        var isDate = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        errors.Require(isDate || text is null || errors.Has(name), name, "Must be a date: YYYY-MM-DD.");
        return text is null ? missing : date;
    }
}

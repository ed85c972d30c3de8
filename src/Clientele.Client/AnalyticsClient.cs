namespace Clientele.Client;

/// <summary>Figures about all customers. For admins.</summary>
public sealed class AnalyticsClient
{
    private const string All = "api/customers/analytics/";

    private readonly Connection _connection;

    internal AnalyticsClient(Connection connection) => _connection = connection;

    /// <summary>Gets the figures. They are exact for an instant at most a minute ago.</summary>
    /// <param name="query">How to count new customers; null for all of them by day.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403).</exception>
    public Task<AnalyticsResponse> GetAsync(AnalyticsQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.AnalyticsResponse, cancellationToken);

    /// <summary>Gets a figure over time, with at most 400 intervals.</summary>
    /// <param name="query">What to count, and how; null for the customers who joined on each of the last 30 days.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>forbidden</c> (403); <c>not_found</c> (404) for a group that does not exist; <c>unavailable</c> (503): too many
    /// requests that read all customers are running.
    /// </exception>
    public Task<AnalyticsSeriesResponse> GetSeriesAsync(AnalyticsSeriesQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get($"{All}series/" + query?.ToQueryString()), WireJson.Default.AnalyticsSeriesResponse, cancellationToken);

    /// <summary>Gets all groups with the number of customers who entered and left.</summary>
    /// <param name="from">The first day, in UTC; null for the sixth day before the last.</param>
    /// <param name="to">The last day, in UTC; null for today.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>forbidden</c> (403); <c>unavailable</c> (503): too many requests that read all customers are running.
    /// </exception>
    public Task<GroupMovementResponse> GetMovementAsync(DateOnly? from = null, DateOnly? to = null, CancellationToken cancellationToken = default)
    {
        var parameters = new QueryParameters();
        parameters.Add("from", from);
        parameters.Add("to", to);
        return _connection.AskAsync(Call.Get($"{All}movement/" + parameters), WireJson.Default.GroupMovementResponse, cancellationToken);
    }

    /// <summary>Gets what waits for the service's background work.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403).</exception>
    public Task<BacklogResponse> GetBacklogAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get($"{All}backlog/"), WireJson.Default.BacklogResponse, cancellationToken);
}

/// <summary>How to count new customers.</summary>
public sealed record AnalyticsQuery
{
    /// <summary>The length of a period; null for a day.</summary>
    public AnalyticsGranularity? Granularity { get; init; }

    /// <summary>The first day, in UTC; null for no lower limit.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, in UTC; null for today.</summary>
    public DateOnly? To { get; init; }

    internal string ToQueryString()
    {
        var parameters = new QueryParameters();
        parameters.Add("granularity", Granularity switch
        {
            AnalyticsGranularity.Day => "day",
            AnalyticsGranularity.Week => "week",
            AnalyticsGranularity.Month => "month",
            null => null,
        });
        parameters.Add("from", From);
        parameters.Add("to", To);
        return parameters.ToString();
    }
}

/// <summary>The length of a period.</summary>
public enum AnalyticsGranularity
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, beginning on Monday.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,
}

/// <summary>What a series counts, and how.</summary>
public sealed record AnalyticsSeriesQuery
{
    /// <summary>What to count: one of <see cref="SeriesMetric"/>; null for <c>joined</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>The length of an interval: one of <see cref="SeriesInterval"/>; null for a day.</summary>
    public string? Interval { get; init; }

    /// <summary>The first day, in UTC; null for 30 intervals.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, in UTC; null for today.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The id of the group, for <c>entered</c> and <c>left</c>.</summary>
    public long? Group { get; init; }

    internal string ToQueryString()
    {
        var parameters = new QueryParameters();
        parameters.Add("metric", Metric);
        parameters.Add("interval", Interval);
        parameters.Add("from", From);
        parameters.Add("to", To);
        parameters.Add("group", Group);
        return parameters.ToString();
    }
}

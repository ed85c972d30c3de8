namespace Clientele.Client;

/// <summary>The base in figures. For admins.</summary>
public sealed class AnalyticsClient
{
    private readonly Connection _connection;

    internal AnalyticsClient(Connection connection) => _connection = connection;

    /// <summary>Gets the figures, exact as of a moment that is at most a minute ago.</summary>
    /// <param name="query">How to count those who joined; null for by day, of all time.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403).</exception>
    public Task<AnalyticsResponse> GetAsync(AnalyticsQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get("api/customers/analytics/" + query?.ToQueryString()), ClientJson.Default.AnalyticsResponse, cancellationToken);
}

/// <summary>How to count those who joined.</summary>
public sealed record AnalyticsQuery
{
    /// <summary>The length of a period; null for a day.</summary>
    public AnalyticsGranularity? Granularity { get; init; }

    /// <summary>The first day, in UTC; null for the beginning.</summary>
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

    /// <summary>A week, from Monday.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,
}

namespace Clientele.Client;

/// <summary>Figures about all customers. For admins.</summary>
public sealed class AnalyticsClient
{
    private readonly Connection _connection;

    internal AnalyticsClient(Connection connection) => _connection = connection;

    /// <summary>Gets the figures. They are exact for an instant at most a minute ago.</summary>
    /// <param name="query">How to count new customers; null for all of them by day.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403).</exception>
    public Task<AnalyticsResponse> GetAsync(AnalyticsQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get("api/customers/analytics/" + query?.ToQueryString()), WireJson.Default.AnalyticsResponse, cancellationToken);
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

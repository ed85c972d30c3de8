namespace Clientele.Server.Analytics;

/// <summary>What a series counts, and how: the parameters of a request.</summary>
internal sealed record SeriesRequest(string Metric, string Interval, DayRange Days, long? Group)
{
    private const int MostIntervals = 400;
    private const int DefaultIntervals = 30;

    private static readonly string[] Metrics = [SeriesMetric.Joined, SeriesMetric.Points, SeriesMetric.Entered, SeriesMetric.Left];

    public static SeriesRequest Read(string? metric, string? interval, string? from, string? to, string? group, DateOnly today, Errors errors)
    {
        metric ??= SeriesMetric.Joined;
        interval ??= SeriesInterval.Day;
        errors.Require(Metrics.Contains(metric) || errors.Has("metric"), "metric", $"Must be one of {string.Join(", ", Metrics)}.");
        errors.Require(Periods.IsInterval(interval) || errors.Has("interval"), "interval", "Must be day, week or month.");
        var days = DayRange.Read(from, to, today, last => Earlier(Periods.Of(last, interval), interval), errors);
        var id = Id(group, metric, errors);
        var count = errors.Any ? 0 : Periods.Count(days.From, days.To, interval);
        errors.Require(
            count <= MostIntervals,
            "from",
            string.Create(CultureInfo.InvariantCulture, $"Must be at most {MostIntervals} intervals before the end, not {count}."));
        return new(metric, interval, days, id);
    }

    public AnalyticsSeriesResponse ToResponse(IEnumerable<long> values) => new()
    {
        Metric = Metric,
        Interval = Interval,
        Group = Group,
        From = Days.From,
        To = Days.To,
        Values = [.. Starts().Zip(values, (period, value) => new SeriesValue { Period = period, Value = value })],
    };

    /// <summary>The first days of all intervals.</summary>
    public IEnumerable<DateOnly> Starts()
    {
        var first = Periods.Of(Days.From, Interval);
        return Enumerable.Range(0, Periods.Count(Days.From, Days.To, Interval)).Select(i => Periods.After(first, Interval, i));
    }

    private static DateOnly Earlier(DateOnly period, string interval) => Periods.After(period, interval, 1 - DefaultIntervals);

    private static long? Id(string? group, string metric, Errors errors)
    {
        if (metric is not (SeriesMetric.Entered or SeriesMetric.Left))
        {
            errors.Require(group is null || errors.Has("group"), "group", $"Is only for the metrics {SeriesMetric.Entered} and {SeriesMetric.Left}.");
            return null;
        }

        var isId = long.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        errors.Require(isId || errors.Has("group"), "group", "Must be the id of a group, such as 5.");
        return id;
    }
}

namespace Clientele.Server.Analytics;

/// <summary>Days, weeks from Monday, and months, all in UTC. Each is named by its first day.</summary>
internal static class Periods
{
    public static bool IsInterval(string text) => text is SeriesInterval.Day or SeriesInterval.Week or SeriesInterval.Month;

    /// <summary>The first day of the period that the day is in.</summary>
    public static DateOnly Of(DateOnly day, string interval) => interval switch
    {
        SeriesInterval.Month => new DateOnly(day.Year, day.Month, 1),
        SeriesInterval.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => day,
    };

    /// <summary>The first day of the period that is so many periods later.</summary>
    public static DateOnly After(DateOnly period, string interval, int periods) => interval switch
    {
        SeriesInterval.Month => period.AddMonths(periods),
        SeriesInterval.Week => period.AddDays(7 * periods),
        _ => period.AddDays(periods),
    };

    /// <summary>The number of periods from that of the first day to that of the last day.</summary>
    public static int Count(DateOnly first, DateOnly last, string interval) => 1 + (interval switch
    {
        SeriesInterval.Month => ((last.Year - first.Year) * 12) + last.Month - first.Month,
        SeriesInterval.Week => (Of(last, interval).DayNumber - Of(first, interval).DayNumber) / 7,
        _ => last.DayNumber - first.DayNumber,
    });
}

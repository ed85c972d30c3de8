using System.Globalization;
using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Charts;

/// <summary>The intervals of a series as text in the viewer's language.</summary>
internal static class PeriodText
{
    public static string Heading(string interval) => interval switch
    {
        SeriesInterval.Month => "Month",
        SeriesInterval.Week => "Week from",
        _ => "Day",
    };

    public static string Of(DateOnly period, string interval) =>
        period.ToString(interval == SeriesInterval.Month ? "MMM yyyy" : "d", CultureInfo.CurrentCulture);

    /// <summary>Labels below a chart: only some of the intervals have one, so that they do not overlap.</summary>
    public static string[] Labels(AnalyticsSeriesResponse series, int most)
    {
        var every = ((series.Values.Count - 1) / most) + 1;
        return [.. series.Values.Select((value, i) => i % every == 0 ? Short(value.Period, series.Interval) : "")];
    }

    /// <summary>What a chart says: its span, and the lowest, highest and last values.</summary>
    public static string Describe(string title, AnalyticsSeriesResponse series)
    {
        if (series.Values.Count == 0)
        {
            return title;
        }

        var (lowest, highest) = (series.Values.MinBy(value => value.Value)!, series.Values.MaxBy(value => value.Value)!);
        var last = series.Values[^1].Value;
        return string.Create(
            CultureInfo.CurrentCulture,
            $"{title} by {series.Interval}, {series.From:d} to {series.To:d}: from {lowest.Value:N0} to {highest.Value:N0}, at last {last:N0}.");
    }

    private static string Short(DateOnly period, string interval) =>
        period.ToString(interval == SeriesInterval.Month ? "MMM yy" : "d MMM", CultureInfo.CurrentCulture);
}

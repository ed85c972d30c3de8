using Clientele.Client;

namespace Clientele.Tests.Client;

/// <summary>The part of the story in which an admin reads figures.</summary>
internal static class FiguresOfTheStory
{
    public static async Task ReadAsync(ClienteleClient admin)
    {
        var monthly = new AnalyticsQuery { Granularity = AnalyticsGranularity.Month, From = new DateOnly(2000, 1, 1), To = new DateOnly(2100, 1, 1) };
        var figures = await admin.Analytics.GetAsync(monthly);
        Assert.Equal((2, 1), (figures.Total, figures.Joined.Count));
        var joined = await admin.Analytics.GetSeriesAsync(new AnalyticsSeriesQuery { Metric = SeriesMetric.Joined, Interval = SeriesInterval.Month });
        Assert.Equal((30, 2), (joined.Values.Count, joined.Values.Sum(value => value.Value)));
        Assert.NotEmpty((await admin.Analytics.GetMovementAsync()).Groups);
        Assert.Equal(0, (await admin.Analytics.GetBacklogAsync()).Messages.Waiting);
    }
}

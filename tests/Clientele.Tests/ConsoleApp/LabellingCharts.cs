using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Pages.Charts;

namespace Clientele.Tests.ConsoleApp;

/// <summary>What stands beside and below a chart.</summary>
public sealed class LabellingCharts
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(12, 5)]
    [InlineData(30, 10)]
    [InlineData(968_362, 200_000)]
    public void The_lines_of_an_axis_are_round_and_about_five(double highest, int step) => Assert.Equal(step, Scale.Step(highest));

    [Fact]
    public void So_few_intervals_have_a_label_that_none_overlap()
    {
        var labels = PeriodText.Labels(Series(Enumerable.Repeat(1L, 30)), 8);

        Assert.Equal(30, labels.Length);
        Assert.Equal(8, labels.Count(label => label.Length > 0));
    }

    [Fact]
    public void A_screen_reader_says_the_span_and_the_lowest_highest_and_last_values()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.Equal("Joined by day, 01/01/2027 to 01/03/2027: from 2 to 9, at last 4.", PeriodText.Describe("Joined", Series([2, 9, 4])));
    }

    private static AnalyticsSeriesResponse Series(IEnumerable<long> values)
    {
        var first = new DateOnly(2027, 1, 1);
        var all = values.Select((value, i) => new SeriesValue { Period = first.AddDays(i), Value = value }).ToList();
        return new() { Metric = "joined", Interval = "day", Group = null, From = first, To = first.AddDays(all.Count - 1), Values = all };
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Tests the interpreter's days, months and zones, with examples computed by hand.</summary>
[Trait("Database", "Any")]
public sealed class TrustingTheClock
{
    [Theory]
    [InlineData("UTC", "2028-02-29", "2028-02-29T00:00:00Z")]
    [InlineData("Europe/Berlin", "2028-03-26", "2028-03-25T23:00:00Z")]
    [InlineData("Europe/Berlin", "2028-03-27", "2028-03-26T22:00:00Z")]
    [InlineData("Europe/Berlin", "2027-11-01", "2027-10-31T23:00:00Z")]
    [InlineData("America/New_York", "2028-03-12", "2028-03-12T05:00:00Z")]
    [InlineData("America/New_York", "2028-03-13", "2028-03-13T04:00:00Z")]
    [InlineData("America/New_York", "2027-11-08", "2027-11-08T05:00:00Z")]

    // Half an hour.
    [InlineData("Australia/Lord_Howe", "2028-04-02", "2028-04-01T13:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2028-04-03", "2028-04-02T13:30:00Z")]

    // Midnight is skipped.
    [InlineData("America/Havana", "2028-03-12", "2028-03-12T05:00:00Z")]
    [InlineData("Africa/Cairo", "2028-04-28", "2028-04-27T22:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")]

    // Midnight comes twice: the earlier one counts. In São Paulo the hour before midnight came twice.
    [InlineData("America/Havana", "2027-11-07", "2027-11-07T04:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z")]

    // The whole day was skipped.
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")]
    public void The_start_of_a_day(string zone, string day, string expected) => Assert.Equal(Utc(expected), At("2028-01-01T00:00:00Z", zone).Instant(day));

    [Theory]
    [InlineData("2028-03-31T12:00:00Z", 1, "month", "2028-03-01")]
    [InlineData("2028-03-30T12:00:00Z", 1, "month", "2028-03-01")]
    [InlineData("2028-03-28T12:00:00Z", 1, "month", "2028-02-29")]
    [InlineData("2027-03-31T12:00:00Z", 1, "month", "2027-03-01")]
    [InlineData("2028-02-29T12:00:00Z", 12, "month", "2027-03-01")]
    [InlineData("2028-02-29T12:00:00Z", 1, "year", "2027-03-01")]
    [InlineData("2028-02-29T12:00:00Z", 4, "year", "2024-03-01")]
    [InlineData("2027-02-28T12:00:00Z", 3, "year", "2024-02-29")]
    [InlineData("2028-03-01T00:00:00Z", 1, "day", "2028-03-01")]
    [InlineData("2028-03-01T00:00:00Z", 2, "day", "2028-02-29")]
    [InlineData("2028-03-15T12:00:00Z", 90, "day", "2027-12-17")]
    [InlineData("2028-03-15T12:00:00Z", 2, "week", "2028-03-02")]
    public void The_last_so_many_begin_with_the_day(string now, int n, string unit, string first)
    {
        var (time, window) = (At(now, "UTC"), Window(n, unit));
        var start = Utc(first + "T00:00:00Z");

        Assert.True(time.IsWithinLast(start, window));
        Assert.False(time.IsWithinLast(start.AddMicroseconds(-1), window));
        Assert.True(time.IsWithinLast(NaiveTime.Date(first), window));
        Assert.False(time.IsWithinLast(NaiveTime.Date(first).AddDays(-1), window));
    }

    [Theory]
    [InlineData("2028-01-31T12:00:00Z", 1, "month", "2028-02-28")]
    [InlineData("2027-12-31T12:00:00Z", 2, "month", "2028-02-28")]
    [InlineData("2028-02-29T12:00:00Z", 1, "month", "2028-03-28")]
    [InlineData("2028-02-29T12:00:00Z", 1, "year", "2029-02-27")]
    [InlineData("2028-02-28T12:00:00Z", 1, "day", "2028-02-28")]
    [InlineData("2028-02-28T12:00:00Z", 1, "week", "2028-03-05")]
    public void The_next_so_many_end_with_the_day(string now, int n, string unit, string last)
    {
        var (time, window) = (At(now, "UTC"), Window(n, unit));
        var end = Utc(last + "T00:00:00Z").AddDays(1);

        Assert.True(time.IsWithinNext(end.AddMicroseconds(-1), window));
        Assert.False(time.IsWithinNext(end, window));
        Assert.True(time.IsWithinNext(NaiveTime.Date(last), window));
        Assert.False(time.IsWithinNext(NaiveTime.Date(last).AddDays(1), window));
    }

    [Fact]
    public void A_day_is_that_of_the_zone_when_the_clocks_change()
    {
        var berlin = At("2028-03-26T10:00:00Z", "Europe/Berlin");
        Assert.True(berlin.IsWithinLast(Utc("2028-03-25T23:00:00Z"), Window(1, "day")));
        Assert.False(berlin.IsWithinLast(Utc("2028-03-25T22:59:59Z"), Window(1, "day")));
        Assert.True(berlin.IsWithinNext(Utc("2028-03-26T21:59:59Z"), Window(1, "day")));
        Assert.False(berlin.IsWithinNext(Utc("2028-03-26T22:00:00Z"), Window(1, "day")));
    }

    [Fact]
    public void Hours_are_hours_when_the_clocks_change()
    {
        var berlin = At("2028-03-26T10:00:00Z", "Europe/Berlin");
        Assert.True(berlin.IsWithinLast(Utc("2028-03-25T10:00:00.000001Z"), Window(24, "hour")));
        Assert.False(berlin.IsWithinLast(Utc("2028-03-25T10:00:00Z"), Window(24, "hour")));
        Assert.True(berlin.IsWithinNext(Utc("2028-03-27T09:59:59Z"), Window(24, "hour")));
        Assert.False(berlin.IsWithinNext(Utc("2028-03-27T10:00:00Z"), Window(24, "hour")));
    }

    [Fact]
    public void Now_is_within_both_the_last_which_has_no_end_and_the_next()
    {
        foreach (var unit in Vocabulary.Units)
        {
            var time = At("2028-02-29T12:00:00Z", "Asia/Kathmandu");
            Assert.True(time.IsWithinLast(time.Now, Window(1, unit)) && time.IsWithinNext(time.Now, Window(1, unit)), unit);
            Assert.True(time.IsWithinLast(time.Now.AddYears(1), Window(1, unit)), unit);
            Assert.False(time.IsWithinNext(time.Now.AddMicroseconds(-1), Window(1, unit)), unit);
        }
    }

    [Fact]
    public void A_window_beyond_the_calendar_ends_with_it()
    {
        var time = At("2028-02-29T12:00:00Z", "Pacific/Kiritimati");
        Assert.True(time.IsWithinLast(Utc("0001-01-01T00:00:00Z"), Window(10_000, "year")));
        Assert.True(time.IsWithinNext(Utc("9999-12-31T00:00:00Z"), Window(10_000, "year")));
    }

    [Theory]
    [InlineData("2027-02-28T12:00:00Z", 1, true)]
    [InlineData("2028-02-28T12:00:00Z", 1, false)]
    [InlineData("2028-02-28T12:00:00Z", 2, true)]
    [InlineData("2028-02-29T12:00:00Z", 1, true)]
    [InlineData("2028-03-01T12:00:00Z", 364, false)]
    [InlineData("2028-03-01T12:00:00Z", 365, true)]
    [InlineData("2027-12-31T12:00:00Z", 60, false)]
    [InlineData("2027-12-31T12:00:00Z", 61, true)]
    public void Who_was_born_on_29_February_celebrates_on_the_28th_in_common_years(string now, int days, bool expected) =>
        Assert.Equal(expected, At(now, "UTC").HasAnniversaryWithinNext(new(1996, 2, 29), Window(days, "day")));

    [Theory]
    [InlineData("2027-02-27T12:00:00Z", 30)]
    [InlineData("2027-02-28T12:00:00Z", 31)]
    [InlineData("2028-02-28T12:00:00Z", 31)]
    [InlineData("2028-02-29T12:00:00Z", 32)]
    [InlineData("1990-02-28T12:00:00Z", 0)]
    public void Who_was_born_on_29_February_is_as_old_as(string now, int age) =>
        Assert.True(NaiveRules.Matches(
            Parse($$"""{"field": "age", "op": "eq", "value": {{age}}}"""),
            new() { Username = "leap", DateOfBirth = new(1996, 2, 29) },
            Utc(now)));

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", false)]
    public void Today_is_that_of_the_zone(string zone, bool expected) => Assert.Equal(expected, NaiveRules.Matches(
        Parse($$"""{"field": "date_of_birth", "op": "anniversary_within_next", "value": {"n": 1, "unit": "day"}, "time_zone": "{{zone}}"}"""),
        new() { Username = "leap", DateOfBirth = new(1996, 2, 29) },
        Utc("2028-02-28T23:45:00Z")));

    [Theory]
    [InlineData("\"2028-03-12\"", "America/Havana", true)]
    [InlineData("\"2028-03-12\"", "UTC", false)]
    [InlineData("\"2028-03-12T00:00:00-05:00\"", "UTC", true)]
    [InlineData("\"2028-03-12T05:00:00Z\"", "Europe/Berlin", true)]
    public void A_bare_date_is_its_midnight_in_the_zone(string value, string zone, bool expected) => Assert.Equal(expected, NaiveRules.Matches(
        Parse($$"""{"field": "date_joined", "op": "eq", "value": {{value}}, "time_zone": "{{zone}}"}"""),
        new() { Username = "x", DateJoined = Utc("2028-03-12T05:00:00Z") },
        Utc("2028-04-01T00:00:00Z")));

    private static NaiveTime At(string now, string zone) => new(Utc(now), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static JsonNode Window(int n, string unit) => new JsonObject { ["n"] = n, ["unit"] = unit };

    private static JsonNode Parse(string rule) => JsonNode.Parse(rule)!;

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}

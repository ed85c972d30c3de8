namespace Clientele.Server.Rules;

/// <summary>
/// The instant of an evaluation in the time zone of a rule, and the windows around it. Units of an hour or less count from the instant. A day or more
/// is aligned to calendar days; months are clamped to their last day.
/// </summary>
internal sealed class RuleCalendar(DateTime now, TimeZoneInfo zone)
{
    public DateTime Now => now;

    public DateOnly Today { get; } = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, zone));

    /// <summary>
    /// The instants since the last n units began. There is no upper bound: a clock that is a little ahead must not make something that has just happened
    /// look as if it had not.
    /// </summary>
    public Interval Last(Span span) => new(span.Rolls is { } length ? Shift(now, -length) + Interval.Instant : StartOfDay(FirstDay(span), zone), null);

    /// <summary>The instants from now to the end of the next n units.</summary>
    public Interval Next(Span span) => span.Rolls is { } length
        ? new(now, Shift(now, length) - Interval.Instant)
        : new(now, StartOfDay(DayAfter(span), zone) - Interval.Instant);

    /// <summary>The calendar days since the last n units began, today included, without an upper bound.</summary>
    public Interval LastDays(Span span) => new(FirstDay(span), null);

    /// <summary>The calendar days of the next n units, today included.</summary>
    public Interval NextDays(Span span) => new(Today, AddDays(DayAfter(span), -1));

    /// <summary>The birth dates of people who are from <paramref name="youngest"/> to <paramref name="oldest"/> years old; null means no bound.</summary>
    public Interval Born(long? youngest, long? oldest)
    {
        var latest = youngest > 0 ? BornFor(youngest.Value) : null;
        var tooOld = oldest is null ? null : BornFor(oldest.Value + 1);
        return oldest < 0 || (youngest > 0 && latest is null) ? Interval.Nothing : new(tooOld is { } day ? AddDays(day, 1) : null, latest);
    }

    /// <summary>Completed years since a birth date.</summary>
    public int Age(DateOnly born)
    {
        var years = Math.Max(Today.Year - born.Year, 0);
        return years > 0 && born.AddYears(years) > Today ? years - 1 : years;
    }

    /// <summary>
    /// The days of the year, as month × 100 + day, whose anniversary is within the next n units: all days for a year or more, also when 29 February
    /// is clamped.
    /// </summary>
    public SortedSet<int> Anniversaries(Span span)
    {
        var days = new SortedSet<int>();
        var after = span.Months >= 12 ? AddDays(Today, 366) : DayAfter(span);
        for (var day = Today; day < after && day.DayNumber - Today.DayNumber <= 366; day = day.AddDays(1))
        {
            days.Add((day.Month * 100) + day.Day);
            if (day is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(day.Year))
            {
                days.Add(229);
            }
        }

        return days;
    }

    /// <summary>The first instant of a day. It is not always midnight: when clocks are put forward at midnight, that hour does not exist.</summary>
    public static DateTime StartOfDay(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(Shift(local, -offset), DateTimeKind.Utc);
    }

    private DateOnly FirstDay(Span span) => span.Months is { } months ? AddDays(AddMonths(Today, -months), 1) : AddDays(Today, 1 - span.Days);

    private DateOnly DayAfter(Span span) => span.Months is { } months ? AddMonths(Today, months) : AddDays(Today, span.Days);

    /// <summary>
    /// The latest birth date of people who have completed this number of years today. People born on 29 February complete a year on the 28th in a
    /// common year.
    /// </summary>
    private DateOnly? BornFor(long years)
    {
        if (years >= Today.Year)
        {
            return null;
        }

        var born = Today.AddYears((int)-years);
        return Today is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(Today.Year) && DateTime.IsLeapYear(born.Year) ? born.AddDays(1) : born;
    }

    private static DateTime Shift(DateTime instant, TimeSpan by) =>
        new(Math.Clamp(instant.Ticks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), instant.Kind);

    private static DateOnly AddDays(DateOnly day, int days) =>
        DateOnly.FromDayNumber(Math.Clamp(day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    private static DateOnly AddMonths(DateOnly day, int months)
    {
        var month = (day.Year * 12) + day.Month - 1 + months;
        return month < 12 ? DateOnly.MinValue : month >= 120_000 ? DateOnly.MaxValue : day.AddMonths(months);
    }
}

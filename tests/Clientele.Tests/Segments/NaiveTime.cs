using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>One instant in one time zone, and the windows that end or begin there.</summary>
internal sealed class NaiveTime(DateTime now, TimeZoneInfo zone)
{
    private const long FirstMonth = 12;
    private const long LastMonth = (9999 * 12) + 11;
    private static readonly ConcurrentDictionary<(string Zone, DateOnly Day), DateTime> Starts = new();
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public DateTime Now { get; } = ToMicroseconds(now);

    public DateOnly Today { get; } = LocalDate(now, zone);

    /// <summary>The meaning of an instant in a rule: a date without time is its midnight in the zone.</summary>
    public DateTime Instant(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? StartOfDay(day)
        : ToMicroseconds(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime);

    public static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateTime ToMicroseconds(DateTime instant) => new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    /// <summary>The first instant of a day, found by trying every minute around it. For a day that the zone skipped, the end of the gap.</summary>
    public DateTime StartOfDay(DateOnly day) => Starts.GetOrAdd((zone.Id, day), _ =>
    {
        if (day.Year is 1 or 9999)
        {
            return DateTime.SpecifyKind(day.Year == 1 ? DateTime.MinValue : DateTime.MaxValue, DateTimeKind.Utc);
        }

        var minutes = Enumerable.Range(-26 * 60, 52 * 60).Select(minute => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) + (minute * Minute)).ToList();
        return minutes.Cast<DateTime?>().FirstOrDefault(minute => LocalDate(minute!.Value, zone) == day)
            ?? minutes.First(minute => LocalDate(minute, zone) > day);
    });

    public bool IsWithinLast(DateTime instant, JsonNode window) => OfTheClock(window) is { } span
        ? instant > Now - span
        : instant >= StartOfDay(FirstDay(window));

    public bool IsWithinNext(DateTime instant, JsonNode window) => OfTheClock(window) is { } span
        ? instant >= Now && instant < Now + span
        : instant >= Now && instant < StartOfDay(Later(LastDay(window), 1));

    public bool IsWithinLast(DateOnly day, JsonNode window) => day >= FirstDay(window);

    public bool IsWithinNext(DateOnly day, JsonNode window) => day >= Today && day <= LastDay(window);

    /// <summary>Whether a birthday falls on one of the days, which are checked one after the other.</summary>
    public bool HasAnniversaryWithinNext(DateOnly birthday, JsonNode window)
    {
        if ((string?)window["unit"] is "year" || ((string?)window["unit"] is "month" && Number(window) >= 12))
        {
            return true;
        }

        for (var (day, last, seen) = (Today, LastDay(window), 0); day <= last && seen <= 366; day = Later(day, 1), seen++)
        {
            if (IsAnniversary(birthday, day))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnniversary(DateOnly birthday, DateOnly day) =>
        (day.Month == birthday.Month && day.Day == birthday.Day)
        || (birthday is { Month: 2, Day: 29 } && day is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(day.Year));

    /// <summary>The first of the last n days; today is one of them.</summary>
    private DateOnly FirstDay(JsonNode window) => Unit(window) switch
    {
        "day" => Later(Today, 1 - Number(window)),
        "week" => Later(Today, 1 - (7 * Number(window))),
        "month" => Later(LaterByMonths(Today, -Number(window)), 1),
        "year" => Later(LaterByMonths(Today, -12 * Number(window)), 1),
        var unit => throw new InvalidOperationException($"{unit} is no unit of the calendar."),
    };

    /// <summary>The last of the next n days; today is the first.</summary>
    private DateOnly LastDay(JsonNode window) => Unit(window) switch
    {
        "day" => Later(Today, Number(window) - 1),
        "week" => Later(Today, (7 * Number(window)) - 1),
        "month" => Later(LaterByMonths(Today, Number(window)), -1),
        "year" => Later(LaterByMonths(Today, 12 * Number(window)), -1),
        var unit => throw new InvalidOperationException($"{unit} is no unit of the calendar."),
    };

    /// <summary>The length of a window that does not consist of calendar days.</summary>
    private static TimeSpan? OfTheClock(JsonNode window) => Unit(window) switch
    {
        "second" => TimeSpan.FromSeconds(Number(window)),
        "minute" => TimeSpan.FromMinutes(Number(window)),
        "hour" => TimeSpan.FromHours(Number(window)),
        _ => null,
    };

    private static string Unit(JsonNode window) => (string)window["unit"]!;

    private static long Number(JsonNode window) => (long)NaiveText.Decimal(window["n"]!);

    private static DateOnly LocalDate(DateTime utc, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, zone));

    private static DateOnly Later(DateOnly day, long days) =>
        DateOnly.FromDayNumber((int)Math.Clamp(day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    /// <summary>The same day of another month, or its last day if the month is too short.</summary>
    private static DateOnly LaterByMonths(DateOnly day, long months)
    {
        var month = (day.Year * 12L) + day.Month - 1 + months;
        if (month is < FirstMonth or > LastMonth)
        {
            return month < FirstMonth ? DateOnly.MinValue : DateOnly.MaxValue;
        }

        var (year, ofYear) = ((int)(month / 12), (int)(month % 12) + 1);
        return new(year, ofYear, Math.Min(day.Day, DateTime.DaysInMonth(year, ofYear)));
    }
}

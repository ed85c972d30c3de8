namespace Clientele.Tests.Segments;

/// <summary>The instants at which rules about time go wrong: clock changes, ends of months, midnights in several zones.</summary>
/// <param name="leapYear">The year of the winter: the history begins in the autumn before.</param>
internal sealed class Calendar(int leapYear)
{
    /// <summary>Includes zones whose clocks change at midnight, by half an hour, or not at all, and the first and the last zone of a day.</summary>
    public static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo", "America/Santiago",
        "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Niue", "America/Sao_Paulo",
    ];

    /// <summary>The instants at which data is written.</summary>
    public IReadOnlyList<DateTime> Writing =>
    [
        Utc(leapYear - 1, 9, 30, 23, 30), Utc(leapYear - 1, 10, 31, 0, 30), Utc(leapYear - 1, 10, 31, 22, 59), Utc(leapYear - 1, 11, 30, 12),
        Utc(leapYear - 1, 12, 31, 23, 59), Utc(leapYear, 1, 1), Utc(leapYear, 1, 30, 23),
        Utc(leapYear, 1, 31, 11), Utc(leapYear, 2, 27, 22), Utc(leapYear, 2, 28, 5),
    ];

    /// <summary>The instants at which the rules are evaluated.</summary>
    public IReadOnlyList<DateTime> Asking =>
    [
        Utc(leapYear, 2, 28, 23, 45), Utc(leapYear, 2, 29, 12), Utc(leapYear, 3, 1),
        .. Changes("America/Havana", Utc(leapYear, 3, 1)).Take(1).Select(change => change.AddMinutes(30)),
        .. Changes("Europe/Berlin", Utc(leapYear, 3, 1)).Take(1),
        Utc(leapYear, 3, 31, 22, 30), Utc(leapYear + 1, 2, 28, 9),
    ];

    /// <summary>The instants at which orders are placed and reviews are written: around all of these, some of them after the evaluation.</summary>
    public IReadOnlyList<DateTime> Happening() =>
    [
        .. from midnight in Midnights
           from zone in new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC" }
           select midnight - TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(midnight),
        .. Asking.SelectMany(now =>
            new[] { now, now.AddHours(-1), now.AddDays(-30), now.AddMonths(-1), now.AddDays(-90), now.AddYears(-1), now.AddSeconds(90) }),
        .. Zones.SelectMany(zone => Changes(zone, Utc(leapYear - 1, 9, 15))),
    ];

    private DateTime[] Midnights =>
    [
        Utc(leapYear - 1, 10, 31), Utc(leapYear - 1, 11, 30), Utc(leapYear - 1, 12, 31), Utc(leapYear, 1, 29), Utc(leapYear, 1, 31),
        Utc(leapYear, 2, 28), Utc(leapYear, 2, 29), Utc(leapYear, 3, 1), Utc(leapYear, 3, 31),
    ];

    /// <summary>Every instant until the end of spring at which the clocks of a zone change.</summary>
    private List<DateTime> Changes(string zone, DateTime from)
    {
        var (clocks, changes) = (TimeZoneInfo.FindSystemTimeZoneById(zone), new List<DateTime>());
        for (var at = from; at < Utc(leapYear, 5, 1); at = at.AddMinutes(30))
        {
            if (clocks.GetUtcOffset(at) != clocks.GetUtcOffset(at.AddMinutes(-30)))
            {
                changes.Add(at);
            }
        }

        return changes;
    }

    private static DateTime Utc(int year, int month, int day, int hour = 0, int minute = 0) => new(year, month, day, hour, minute, 0, DateTimeKind.Utc);
}

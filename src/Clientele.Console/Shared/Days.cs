namespace Clientele.ConsoleApp.Shared;

/// <summary>Days that somebody chooses, in their own time zone.</summary>
internal static class Days
{
    /// <summary>The last millisecond of a day.</summary>
    public static DateTimeOffset End(DateTime day) => new DateTimeOffset(day.Date.AddDays(1)).AddMilliseconds(-1);
}

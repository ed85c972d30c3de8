namespace Clientele.Server.Data;

internal static class Clock
{
    /// <summary>Now, in UTC and to the millisecond: PostgreSQL keeps less of an instant than .NET, and what was answered must equal what is read.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }
}

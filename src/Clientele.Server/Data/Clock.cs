namespace Clientele.Server.Data;

internal static class Clock
{
    /// <summary>How far the clocks of the nodes may be apart. What is further in the future than this comes from a clock that was wrong.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The current time, in UTC and to the millisecond. PostgreSQL stores instants less precisely than .NET, and a response must equal what is read
    /// later.
    /// </summary>
    public static DateTime Now(this TimeProvider clock) => clock.GetUtcNow().ToMilliseconds();

    public static DateTime ToMilliseconds(this DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()).UtcDateTime;
}

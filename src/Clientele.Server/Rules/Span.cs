namespace Clientele.Server.Rules;

/// <summary>A number of units of time.</summary>
internal readonly record struct Span(int Count, string Unit)
{
    public const int Most = 10_000;

    public static readonly string[] Units = ["second", "minute", "hour", "day", "week", "month", "year"];

    /// <summary>The exact length of the units that count from the instant; null for calendar units.</summary>
    public TimeSpan? Rolls => Unit switch
    {
        "second" => TimeSpan.FromSeconds(Count),
        "minute" => TimeSpan.FromMinutes(Count),
        "hour" => TimeSpan.FromHours(Count),
        _ => null,
    };

    public int Days => Unit == "week" ? Count * 7 : Count;

    /// <summary>The number of months; null for days and weeks.</summary>
    public int? Months => Unit switch
    {
        "month" => Count,
        "year" => Count * 12,
        _ => null,
    };
}

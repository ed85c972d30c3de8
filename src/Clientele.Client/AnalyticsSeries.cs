namespace Clientele.Client;

/// <summary>A figure over time: <c>GET /api/customers/analytics/series/</c>.</summary>
public sealed record AnalyticsSeriesResponse
{
    /// <summary>What is counted.</summary>
    /// <example>joined</example>
    [OneOf(typeof(SeriesMetric))]
    public required string Metric { get; init; }

    /// <summary>The length of an interval.</summary>
    /// <example>month</example>
    [OneOf(typeof(SeriesInterval))]
    public required string Interval { get; init; }

    /// <summary>The group; null unless the metric is about one.</summary>
    /// <example>5</example>
    public required long? Group { get; init; }

    /// <summary>The first day, in UTC.</summary>
    /// <example>2025-09-01</example>
    public required DateOnly From { get; init; }

    /// <summary>The last day, in UTC.</summary>
    /// <example>2025-10-31</example>
    public required DateOnly To { get; init; }

    /// <summary>A value for each interval, the oldest first. None is left out.</summary>
    public required IReadOnlyList<SeriesValue> Values { get; init; }
}

/// <summary>The value of an interval. Days before <c>from</c> and after <c>to</c> do not count.</summary>
public sealed record SeriesValue
{
    /// <summary>The first day of the interval (a week begins on Monday), in UTC.</summary>
    /// <example>2025-10-01</example>
    public required DateOnly Period { get; init; }

    /// <summary>The value: of the whole interval, or at its end for <c>points</c>.</summary>
    /// <example>31</example>
    public required long Value { get; init; }
}

/// <summary>How many customers entered and left each group: <c>GET /api/customers/analytics/movement/</c>.</summary>
public sealed record GroupMovementResponse
{
    /// <summary>The first day, in UTC.</summary>
    /// <example>2025-10-09</example>
    public required DateOnly From { get; init; }

    /// <summary>The last day, in UTC.</summary>
    /// <example>2025-10-15</example>
    public required DateOnly To { get; init; }

    /// <summary>All groups, by name.</summary>
    public required IReadOnlyList<GroupMovement> Groups { get; init; }
}

/// <summary>A group, its size now, and who came and went.</summary>
public sealed record GroupMovement
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>Its name.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>Whether a rule decides who is in it.</summary>
    /// <example>true</example>
    public required bool AutoAssign { get; init; }

    /// <summary>How many members it has now.</summary>
    /// <example>120</example>
    public required long MembersCount { get; init; }

    /// <summary>How many customers entered. A customer who entered twice counts twice.</summary>
    /// <example>14</example>
    public required long Entered { get; init; }

    /// <summary>How many customers left. A customer who left twice counts twice.</summary>
    /// <example>3</example>
    public required long Left { get; init; }
}

/// <summary>What waits for the service's background work: <c>GET /api/customers/analytics/backlog/</c>.</summary>
public sealed record BacklogResponse
{
    /// <summary>The instant of the figures.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime AsOf { get; init; }

    /// <summary>Changed customers whose memberships in segments are not evaluated yet.</summary>
    public required Backlog Segments { get; init; }

    /// <summary>Mails and SMS that are not sent yet, including those that wait for another attempt.</summary>
    public required Backlog Messages { get; init; }
}

/// <summary>How much waits, and since when.</summary>
public sealed record Backlog
{
    /// <summary>How many wait.</summary>
    /// <example>3</example>
    public required long Waiting { get; init; }

    /// <summary>Since when the oldest of them waits; null if none waits.</summary>
    /// <example>2025-10-15T14:29:59Z</example>
    public required DateTime? OldestAt { get; init; }
}

/// <summary>What a series counts.</summary>
public static class SeriesMetric
{
    /// <summary>Customers who joined.</summary>
    public const string Joined = "joined";

    /// <summary>Points outstanding at the end of each interval, available and pending.</summary>
    public const string Points = "points";

    /// <summary>Customers who entered a group.</summary>
    public const string Entered = "entered";

    /// <summary>Customers who left a group.</summary>
    public const string Left = "left";
}

/// <summary>The length of an interval.</summary>
public static class SeriesInterval
{
    /// <summary>A day.</summary>
    public const string Day = "day";

    /// <summary>A week, beginning on Monday.</summary>
    public const string Week = "week";

    /// <summary>A month.</summary>
    public const string Month = "month";
}

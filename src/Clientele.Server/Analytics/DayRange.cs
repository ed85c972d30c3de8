namespace Clientele.Server.Analytics;

/// <summary>Days in UTC, both inclusive.</summary>
internal readonly record struct DayRange(DateOnly From, DateOnly To)
{
    /// <summary>No shop has customers from before, and the first day that is counted back from it must exist.</summary>
    private static readonly DateOnly Earliest = new(1900, 1, 1);

    public DateTime Start => From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>The first instant after the last day.</summary>
    public DateTime End => To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Reads the parameters <c>from</c> and <c>to</c>. A last day in the future means today.</summary>
    /// <param name="first">The first day if none is given, from the last day.</param>
    public static DayRange Read(string? from, string? to, DateOnly today, Func<DateOnly, DateOnly> first, Errors errors)
    {
        var last = to is null ? today : Date("to", to, errors);
        last = last > today ? today : last;
        errors.Require(last >= Earliest || errors.Has("to"), "to", "Must not be before 1900-01-01.");
        if (errors.Any)
        {
            return default;
        }

        var range = new DayRange(from is null ? first(last) : Date("from", from, errors), last);
        errors.Require(errors.Any || range.From <= range.To, "from", string.Create(CultureInfo.InvariantCulture, $"Must not be after {last:yyyy-MM-dd}."));
        return range;
    }

    private static DateOnly Date(string name, string text, Errors errors)
    {
        var isDate = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        errors.Require(isDate || errors.Has(name), name, "Must be a date: YYYY-MM-DD.");
        return date;
    }
}

namespace Clientele.Server.Analytics;

/// <summary>Days in UTC, both inclusive.</summary>
internal readonly record struct DayRange(DateOnly From, DateOnly To)
{
    public DateTime Start => From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>The first instant after the last day.</summary>
    public DateTime End => To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Reads the parameters <c>from</c> and <c>to</c>. A last day in the future means today.</summary>
    /// <param name="first">The first day if none is given, from the last day.</param>
    public static DayRange Read(string? from, string? to, DateOnly today, Func<DateOnly, DateOnly> first, Errors errors)
    {
        var last = to is null ? today : Date("to", to, errors);
        last = last > today ? today : last;
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

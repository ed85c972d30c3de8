namespace Clientele.Server.Rules;

/// <summary>The interval that a comparison means, at any instant.</summary>
internal sealed record Bounds(Func<RuleCalendar, Interval> At, bool DependsOnTime)
{
    /// <summary>The ranges of a field's values that a threshold has passed between two instants.</summary>
    public IEnumerable<DueRange> Due(ValueField field, RuleCalendar from, RuleCalendar to) =>
        At(from).MovedTo(At(to)).Select(passed => field.Passed?.Invoke(passed) ?? new(null, field.Value, passed));

    public static Bounds? Read(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer) => (type, op) switch
    {
        (FieldType.Number or FieldType.Money, _) => Fixed(Numbers(type, op, value, reader, pointer)),
        (FieldType.Instant, Operator.WithinLast) => Moving(reader.Span(value, pointer), (calendar, span) => calendar.Last(span)),
        (FieldType.Instant, Operator.WithinNext) => Moving(reader.Span(value, pointer), (calendar, span) => calendar.Next(span)),
        (FieldType.Instant, _) => Fixed(
            Times(op, value, reader, pointer, "an instant (2025-10-01T12:00:00Z) or a date (2025-10-01)", element => Instant(element, reader.Zone))),
        (FieldType.Date, Operator.WithinLast) => Moving(reader.Span(value, pointer, calendar: true), (calendar, span) => calendar.LastDays(span)),
        (FieldType.Date, Operator.WithinNext) => Moving(reader.Span(value, pointer, calendar: true), (calendar, span) => calendar.NextDays(span)),
        (FieldType.Date, _) => Fixed(Times(op, value, reader, pointer, "a date (2025-10-01)", Date)),
        _ => throw new InvalidOperationException($"{type} is not ordered."),
    };

    /// <summary>Whole numbers, or whole minor units of money.</summary>
    public static Interval? Numbers(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer) =>
        Pair(type, op, value, reader, pointer) is not var (from, to) ? null : op switch
        {
            Operator.Lt => new(null, Whole(decimal.Ceiling(to) - 1)),
            Operator.Lte => new(null, Whole(decimal.Floor(to))),
            Operator.Gt => new(Whole(decimal.Floor(from) + 1), null),
            Operator.Gte => new(Whole(decimal.Ceiling(from)), null),
            _ => new(Whole(decimal.Ceiling(from)), Whole(decimal.Floor(to))),
        };

    /// <summary>The value of a comparison twice, or the two values of a between, in units or in minor units of money.</summary>
    public static (decimal From, decimal To)? Pair(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        Func<JsonElement, object?> read = type == FieldType.Money ? Amount : Number;
        var expected = type == FieldType.Money ? "an amount such as 12.50" : "a number";
        return op == Operator.Between
            ? reader.Pair(value, pointer, expected, read) is var (from, to) ? ((decimal)from, (decimal)to) : null
            : reader.List(op, value, pointer, expected, read) is [decimal number] ? (number, number) : null;
    }

    /// <summary>An interval of instants or dates. A between is half-open, like windows: its second bound is excluded.</summary>
    private static Interval? Times(Operator op, JsonElement value, RuleReader reader, string pointer, string expected, Func<JsonElement, object?> read) =>
        op == Operator.Between
            ? reader.Pair(value, pointer, expected, read) is var (from, to) ? new(NotBefore(from), Previous(NotBefore(to))) : null
            : reader.List(op, value, pointer, expected, read) is not [var bound] ? null : op switch
            {
                Operator.Lt => new(null, Previous(NotBefore(bound))),
                Operator.Lte => new(null, NotAfter(bound)),
                Operator.Gt => new(Next(NotAfter(bound)), null),
                Operator.Gte => new(NotBefore(bound), null),
                _ => new(NotBefore(bound), NotAfter(bound)),
            };

    private static long Whole(decimal number) => (long)Math.Clamp(number, long.MinValue, long.MaxValue);

    /// <summary>
    /// Instants are stored to the millisecond. Returns the last stored one that is not after the bound; NotBefore the first that is not before it.
    /// </summary>
    private static IComparable NotAfter(object bound) =>
        bound is DateTime instant ? instant.AddTicks(-(instant.Ticks % Interval.Instant.Ticks)) : (DateOnly)bound;

    private static IComparable NotBefore(object bound) =>
        NotAfter(bound) is DateTime floor && floor != (DateTime)bound ? Next(floor) : NotAfter(bound);

    private static IComparable Previous(IComparable bound) =>
        bound is DateOnly day ? day.AddDays(day == DateOnly.MinValue ? 0 : -1)
        : (DateTime)bound is var instant && instant.Ticks < Interval.Instant.Ticks ? instant
        : instant - Interval.Instant;

    /// <summary>After the last millisecond that there is comes an instant that no stored one reaches.</summary>
    private static IComparable Next(IComparable bound) =>
        bound is DateOnly day ? day.AddDays(day == DateOnly.MaxValue ? 0 : 1)
        : (DateTime)bound is var instant && DateTime.MaxValue - instant < Interval.Instant ? DateTime.SpecifyKind(DateTime.MaxValue, instant.Kind)
        : instant + Interval.Instant;

    private static object? Instant(JsonElement element, TimeZoneInfo zone) =>
        Date(element) is DateOnly day ? RuleCalendar.StartOfDay(day, zone)
        : RuleReader.Text(element) is { } text && Instants.TryParseExactly(text, out var instant) ? instant
        : null;

    private static object? Date(JsonElement element) =>
        DateOnly.TryParseExact(RuleReader.Text(element), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static object? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && Math.Abs(number) <= long.MaxValue ? number : null;

    private static object? Amount(JsonElement element) =>
        element.ValueKind is JsonValueKind.String or JsonValueKind.Number && Amounts.TryParse(element.ToString(), out var amount) ? amount * 100 : null;

    private static Bounds? Fixed(Interval? interval) => interval is { } known ? new(_ => known, DependsOnTime: false) : null;

    private static Bounds? Moving(Span? span, Func<RuleCalendar, Span, Interval> window) =>
        span is { } known ? new(calendar => window(calendar, known), DependsOnTime: true) : null;
}

using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;

namespace Clientele.Server.Segments;

/// <summary>The database and the instant at which a rule is evaluated.</summary>
internal sealed record Moment(ClienteleDb Db, RuleCalendar Calendar);

/// <summary>What a condition tests in a row, without its negation: an expression that is true or false, never unknown.</summary>
internal abstract record Test
{
    /// <summary>Whether the passing of time alone can change the result.</summary>
    public virtual bool Moves => false;

    public abstract Expression On(Expression row, Moment moment);

    /// <summary>The ranges of rows whose result can have changed between two instants because time has passed.</summary>
    public virtual IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => [];
}

/// <summary>A test of the row alone.</summary>
internal sealed record PlainTest(Func<Expression, Expression> Holds) : Test
{
    public override Expression On(Expression row, Moment moment) => Holds(row);
}

/// <summary>Whether an ordered value lies in an interval, which may move with time.</summary>
internal sealed record IntervalTest(ValueField Field, Bounds Bounds) : Test
{
    public override bool Moves => Bounds.Moves;

    public override Expression On(Expression row, Moment moment) => Bounds.At(moment.Calendar).Holds(Logic.Of(Field.Value, row));

    public override IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => Bounds.Crossed(Field, from, to, everything);
}

/// <summary>Whether a birthday is one of the days of a window.</summary>
internal sealed record AnniversaryTest(LambdaExpression DayOfYear, Span Span) : Test
{
    public override bool Moves => true;

    public override Expression On(Expression row, Moment moment) => Logic.Any(Runs(moment.Calendar.Anniversaries(Span)).Select(run => run.Holds(Logic.Of(DayOfYear, row))));

    public override IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything)
    {
        var changed = from.Anniversaries(Span);
        changed.SymmetricExceptWith(to.Anniversaries(Span));
        return Runs(changed).Select(run => new Crossing(null, DayOfYear, run));
    }

    /// <summary>Consecutive days become one range. The last day of a month and the first day of the next are consecutive.</summary>
    private static IEnumerable<Interval> Runs(SortedSet<int> days)
    {
        var runs = new List<(long From, long To)>();
        foreach (var day in days)
        {
            if (runs.Count > 0 && (day == runs[^1].To + 1 || (day % 100 == 1 && runs[^1].To == LastOf((day / 100) - 1))))
            {
                runs[^1] = (runs[^1].From, day);
            }
            else
            {
                runs.Add((day, day));
            }
        }

        return runs.Select(run => new Interval(run.From, run.To));
    }

    private static long LastOf(int month) => month < 1 ? 0 : (month * 100) + DateTime.DaysInMonth(2000, month);
}

/// <summary>Whether a customer has tags: any at all, or any or all of the given ones.</summary>
internal sealed record TagsTest(IReadOnlyList<string>? Tags, bool All) : Test
{
    public override Expression On(Expression row, Moment moment)
    {
        var tags = moment.Db.CustomerTags;
        return Tags is null ? Has(tag => Logic.True)
            : All ? Expression.Equal(Rows.Count<CustomerTag>(tags, row, tag => OneOf.Of(Expression.Property(tag, nameof(CustomerTag.TagKey)), Tags)), Logic.Parameter(Tags.Count, typeof(int)))
            : Tags.Count == 0 ? Logic.False
            : Has(tag => OneOf.Of(tag, Tags));

        Expression Has(Func<Expression, Expression> wanted) => Rows.Any<CustomerTag>(tags, row, tag => wanted(Expression.Property(tag, nameof(CustomerTag.TagKey))));
    }
}

/// <summary>Whether a customer has metadata under a key, with a value that passes a test.</summary>
internal sealed record MetadataTest(string Key, Func<Expression, Expression> Holds) : Test
{
    public override Expression On(Expression row, Moment moment) => Rows.Any<CustomerMetadata>(
        moment.Db.CustomerMetadata,
        row,
        entry => Logic.And(Expression.Equal(Expression.Property(entry, nameof(CustomerMetadata.Key)), Logic.Parameter(Key, typeof(string))), Holds(entry)));
}

/// <summary>Conditions on the rows of a customer.</summary>
internal static class Rows
{
    /// <summary>Whether the customer has a row for which a condition holds.</summary>
    public static Expression Any<T>(IQueryable<T> rows, Expression customer, Func<ParameterExpression, Expression> condition) =>
        Any(typeof(T), rows.Expression, Own<T>(customer, condition));

    /// <summary>The number of the customer's rows for which a condition holds.</summary>
    public static Expression Count<T>(IQueryable<T> rows, Expression customer, Func<ParameterExpression, Expression> condition) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Count), [typeof(T)], rows.Expression, Expression.Quote(Own<T>(customer, condition)));

    public static Expression Any(Type type, Expression rows, LambdaExpression condition) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Any), [type], rows, Expression.Quote(condition));

    private static LambdaExpression Own<T>(Expression customer, Func<ParameterExpression, Expression> condition)
    {
        var row = Expression.Parameter(typeof(T));
        var own = Expression.Equal(Expression.Property(row, "CustomerId"), Expression.Property(customer, nameof(Customer.Id)));
        return Expression.Lambda(Logic.And(own, condition(row)), row);
    }
}

/// <summary>Whether a value is one of several.</summary>
internal static class OneOf
{
    public static Expression Of(Expression value, IReadOnlyList<object> wanted)
    {
        if (wanted.Count == 0)
        {
            return Logic.False;
        }

        var isThere = value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null ? Logic.True : Expression.NotEqual(value, Expression.Constant(null, value.Type));
        if (wanted.Count == 1)
        {
            return Logic.And(isThere, Expression.Equal(value, Logic.Parameter(wanted[0], value.Type)));
        }

        var values = Array.CreateInstance(value.Type, wanted.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            values.SetValue(wanted[i], i);
        }

        return Logic.And(isThere, Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [value.Type], Logic.Parameter(values, values.GetType()), value));
    }
}

/// <summary>Texts, folded like their columns before they are compared. An empty text is missing.</summary>
internal static class Texts
{
    public const string Expected = "a text of 1 to 1000 characters";
    private const int Longest = 1000;

    public static Expression IsSet(Expression text) =>
        Expression.AndAlso(Expression.NotEqual(text, Expression.Constant(null, typeof(string))), Expression.NotEqual(text, Expression.Constant("")));

    public static Func<Expression, Expression>? Read(Operator op, JsonElement value, RuleReader reader, string pointer, Func<string, string> fold)
    {
        if (reader.List(op, value, pointer, Expected, Of) is not { } wanted)
        {
            return null;
        }

        string[] folded = [.. wanted.Cast<string>().Select(fold).Distinct(StringComparer.Ordinal)];
        var method = op switch
        {
            Operator.Contains => nameof(string.Contains),
            Operator.StartsWith => nameof(string.StartsWith),
            Operator.EndsWith => nameof(string.EndsWith),
            _ => null,
        };
        return method is null
            ? text => OneOf.Of(text, folded)
            : text => Expression.AndAlso(
                Expression.NotEqual(text, Expression.Constant(null, typeof(string))),
                Expression.Call(text, typeof(string).GetMethod(method, [typeof(string)])!, Logic.Parameter(folded[0], typeof(string))));
    }

    public static string? Of(JsonElement element) => element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= Longest } text && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}

/// <summary>The interval that a comparison means, at any instant.</summary>
internal sealed record Bounds(Func<RuleCalendar, Interval> At, bool Moves)
{
    /// <summary>
    /// The ranges of a field's values that the threshold has passed between two instants. If the threshold is the instant itself, only values count
    /// that were still in the future when they were written, unless <paramref name="everything"/> is true: the others are evaluated because of the
    /// write, which is later than the value.
    /// </summary>
    public IEnumerable<Crossing> Crossed(ValueField field, RuleCalendar from, RuleCalendar to, bool everything)
    {
        var (before, after) = (At(from), At(to));
        foreach (var passed in before.MovedTo(after))
        {
            if (everything || !to.Now.Equals(after.Upper) || passed != new Interval(from.Now, to.Now))
            {
                yield return field.Passed?.Invoke(passed) ?? new(null, field.Value, passed);
            }
            else if (field.Ahead is not null)
            {
                yield return field.Ahead(passed);
            }
        }
    }

    public static Bounds? Read(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer) => type switch
    {
        FieldType.Number or FieldType.Money => Numbers(type, op, value, reader, pointer) is { } interval ? new(_ => interval, Moves: false) : null,
        FieldType.Instant => op switch
        {
            Operator.WithinLast => reader.Span(value, pointer) is { } span ? new(calendar => calendar.Last(span), Moves: true) : null,
            Operator.WithinNext => reader.Span(value, pointer) is { } span ? new(calendar => calendar.Next(span), Moves: true) : null,
            _ => Times(op, value, reader, pointer, "an instant (2025-10-01T12:00:00Z) or a date (2025-10-01)", element => Instant(element, reader.Zone)) is { } interval
                ? new(_ => interval, Moves: false)
                : null,
        },
        FieldType.Date => op switch
        {
            Operator.WithinLast => reader.Span(value, pointer, calendar: true) is { } span ? new(calendar => calendar.LastDays(span), Moves: true) : null,
            Operator.WithinNext => reader.Span(value, pointer, calendar: true) is { } span ? new(calendar => calendar.NextDays(span), Moves: true) : null,
            _ => Times(op, value, reader, pointer, "a date (2025-10-01)", Date) is { } interval ? new(_ => interval, Moves: false) : null,
        },
        _ => throw new InvalidOperationException($"{type} is not ordered."),
    };

    /// <summary>Whole numbers, or whole minor units of money.</summary>
    public static Interval? Numbers(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        if (Pair(type, op, value, reader, pointer) is not var (from, to))
        {
            return null;
        }

        return op switch
        {
            Operator.Lt => new(null, Whole(decimal.Ceiling(to) - 1)),
            Operator.Lte => new(null, Whole(decimal.Floor(to))),
            Operator.Gt => new(Whole(decimal.Floor(from) + 1), null),
            Operator.Gte => new(Whole(decimal.Ceiling(from)), null),
            _ => new(Whole(decimal.Ceiling(from)), Whole(decimal.Floor(to))),
        };

        static long Whole(decimal number) => (long)Math.Clamp(number, long.MinValue, long.MaxValue);
    }

    /// <summary>The value of a comparison twice, or the two values of a between, in units or in minor units of money.</summary>
    public static (decimal From, decimal To)? Pair(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        Func<JsonElement, object?> read = type == FieldType.Money ? Amount : Number;
        var expected = type == FieldType.Money ? "an amount such as 12.50" : "a number";
        if (op == Operator.Between)
        {
            return reader.Pair(value, pointer, expected, read) is var (from, to) ? ((decimal)from, (decimal)to) : null;
        }

        return reader.List(op, value, pointer, expected, read) is [decimal number] ? (number, number) : null;
    }

    private static Interval? Times(Operator op, JsonElement value, RuleReader reader, string pointer, string expected, Func<JsonElement, object?> read)
    {
        if (op == Operator.Between)
        {
            // Half-open, like windows: the second bound is excluded.
            return reader.Pair(value, pointer, expected, read) is var (from, to) ? new(NotBefore(from), Previous(NotBefore(to))) : null;
        }

        return reader.List(op, value, pointer, expected, read) is not [var bound] ? null : op switch
        {
            Operator.Lt => new(null, Previous(NotBefore(bound))),
            Operator.Lte => new(null, NotAfter(bound)),
            Operator.Gt => new(Next(NotAfter(bound)), null),
            Operator.Gte => new(NotBefore(bound), null),
            _ => new(NotBefore(bound), NotAfter(bound)),
        };
    }

    /// <summary>
    /// Instants are stored to the millisecond. Returns the last stored one that is not after the bound; NotBefore the first that is not before it.
    /// </summary>
    private static IComparable NotAfter(object bound) => bound is DateTime instant ? instant.AddTicks(-(instant.Ticks % Interval.Instant.Ticks)) : (DateOnly)bound;

    private static IComparable NotBefore(object bound) => NotAfter(bound) is DateTime floor && floor != (DateTime)bound ? floor + Interval.Instant : NotAfter(bound);

    private static IComparable Previous(IComparable bound) =>
        bound is DateOnly day ? day.AddDays(day == DateOnly.MinValue ? 0 : -1) : (DateTime)bound is var instant && instant.Ticks < Interval.Instant.Ticks ? instant : instant - Interval.Instant;

    private static IComparable Next(IComparable bound) =>
        bound is DateOnly day ? day.AddDays(day == DateOnly.MaxValue ? 0 : 1) : (DateTime)bound is var instant && DateTime.MaxValue - instant < Interval.Instant ? instant : instant + Interval.Instant;

    private static object? Instant(JsonElement element, TimeZoneInfo zone) =>
        element.ValueKind != JsonValueKind.String ? null
        : Date(element) is DateOnly day ? RuleCalendar.StartOfDay(day, zone)
        : Instants.TryParseExactly(element.GetString()!, out var instant) ? instant
        : null;

    private static object? Date(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(element.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static object? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && Math.Abs(number) <= long.MaxValue ? number : null;

    private static object? Amount(JsonElement element)
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
        return Amounts.TryParse(text, out var amount) ? amount * 100 : null;
    }
}

/// <summary>Averages, compared exactly as sum against value × count. Missing if there is nothing to count.</summary>
internal static class Averages
{
    /// <summary>In hundredths. With a larger value, the product with a count could overflow.</summary>
    private const decimal Largest = 999_999_999_999m;

    public static Func<Expression, Expression, Expression>? Read(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        if (Bounds.Pair(type, op, value, reader, pointer) is not var (from, to))
        {
            return null;
        }

        // Numbers are compared in hundredths, as money is in minor units.
        var scale = type == FieldType.Number ? 100 : 1;
        if (decimal.Truncate(from * scale) != from * scale || decimal.Truncate(to * scale) != to * scale
            || Math.Abs(from * scale) > Largest || Math.Abs(to * scale) > Largest)
        {
            return reader.Fail<Func<Expression, Expression, Expression>>(pointer, "A value compared with an average must have at most two decimal places and be at most 9999999999.99.");
        }

        var (lower, upper) = ((long)(from * scale), (long)(to * scale));
        return (sum, count) =>
        {
            var scaled = scale == 1 ? sum : Expression.Multiply(sum, Expression.Constant((long)scale));
            var isThere = Expression.GreaterThan(count, Expression.Constant(0L));
            return Logic.And(isThere, op switch
            {
                Operator.Lt => Expression.LessThan(scaled, Times(count, upper)),
                Operator.Lte => Expression.LessThanOrEqual(scaled, Times(count, upper)),
                Operator.Gt => Expression.GreaterThan(scaled, Times(count, lower)),
                Operator.Gte => Expression.GreaterThanOrEqual(scaled, Times(count, lower)),
                Operator.Eq => Expression.Equal(scaled, Times(count, lower)),
                _ => Expression.AndAlso(Expression.GreaterThanOrEqual(scaled, Times(count, lower)), Expression.LessThanOrEqual(scaled, Times(count, upper))),
            });
        };
    }

    private static BinaryExpression Times(Expression count, long value) => Expression.Multiply(count, Logic.Parameter(value, typeof(long)));
}

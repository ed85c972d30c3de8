namespace Clientele.Server.Rules;

/// <summary>
/// The interval that an ordered value must lie in. Both bounds are inclusive; null means no bound. Amounts are whole minor units, instants whole
/// milliseconds and calendar dates whole days, so every comparison in a rule is such an interval.
/// </summary>
internal readonly record struct Interval(IComparable? Lower, IComparable? Upper)
{
    public static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    public static readonly Interval Nothing = new(1L, 0L);

    public bool IsEmpty => Lower is not null && Upper is not null && Lower.CompareTo(Upper) > 0;

    /// <summary>Whether a value is present and lies in the interval: true or false, never unknown.</summary>
    public Expression Holds(Expression value)
    {
        var (lower, upper, type) = (Lower, Upper, Nullable.GetUnderlyingType(value.Type) ?? value.Type);
        if (type == typeof(int))
        {
            (lower, upper) = (lower is long from && from <= int.MinValue ? null : lower, upper is long to && to >= int.MaxValue ? null : upper);
            if (lower is > (long)int.MaxValue || upper is < (long)int.MinValue)
            {
                return Logic.False;
            }
        }

        if (IsEmpty)
        {
            return Logic.False;
        }

        var holds = value.Type == type ? Logic.True : Expression.NotEqual(value, Expression.Constant(null, value.Type));
        if (lower is not null && lower.Equals(upper))
        {
            return Logic.And(holds, Expression.Equal(value, Bound(lower, type, value.Type)));
        }

        holds = lower is null ? holds : Logic.And(holds, Expression.GreaterThanOrEqual(value, Bound(lower, type, value.Type)));
        return upper is null ? holds : Logic.And(holds, Expression.LessThanOrEqual(value, Bound(upper, type, value.Type)));
    }

    /// <summary>The values that can have moved into or out of the interval when it moved to another one: those between the old and the new bounds.</summary>
    public IEnumerable<Interval> MovedTo(Interval later)
    {
        (IComparable? Old, IComparable? New)[] bounds = IsEmpty || later.IsEmpty ? [] : [(Lower, later.Lower), (Upper, later.Upper)];
        return bounds.Where(bound => bound is ({ } old, { } moved) && !old.Equals(moved)).Select(bound => Between(bound.Old!, bound.New!));
    }

    private static Interval Between(IComparable one, IComparable other) => one.CompareTo(other) < 0 ? new(one, other) : new(other, one);

    private static Expression Bound(IComparable bound, Type type, Type nullable) =>
        Logic.Parameter(type == typeof(int) ? Convert.ToInt32(bound, CultureInfo.InvariantCulture) : bound, nullable);
}

namespace Clientele.Server.Rules;

/// <summary>A condition on the rows together.</summary>
/// <param name="Member">The member that is looked at, if any.</param>
/// <param name="Name">What is compared, as rules name it; null if rows are only counted.</param>
internal abstract record Having(ValueField? Member = null, string? Name = null)
{
    public virtual bool DependsOnTime => false;

    public abstract Expression Holds(RelatedRows rows, RuleContext context);

    /// <summary>The compared value, computed from these values; null if it is missing.</summary>
    public virtual object? Actual(IReadOnlyList<object> values) => null;

    /// <summary>The ranges of rows whose result the passing of time can have changed.</summary>
    public virtual IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) => [];
}

/// <summary>There are rows in the window, and the <c>where</c> holds for each of them.</summary>
internal sealed record EveryRow : Having
{
    public override Expression Holds(RelatedRows rows, RuleContext context) =>
        Logic.And(rows.Any(Logic.True), rows.Where == Logic.True ? Logic.True : Logic.Not(rows.Any(Logic.Not(rows.Where))));
}

internal sealed record RowCount(ValueField? Counted, bool Distinct, Interval Interval)
    : Having(Counted, Distinct ? "count_distinct" : Counted is null ? null : "count")
{
    public override object? Actual(IReadOnlyList<object> values) => (decimal)(Distinct ? values.Distinct().Count() : values.Count);

    public override Expression Holds(RelatedRows rows, RuleContext context)
    {
        // To find no row, or at least one, the rows need not be counted.
        var some = rows.Any(Logic.And(rows.Where, Counted?.IsSet(rows.Row) ?? Logic.True));
        var lower = Interval.Lower is long least && least > 0 ? least : 0;
        return Interval.IsEmpty || Interval.Upper is < 0L ? Logic.False
            : Interval.Upper is null && lower <= 1 ? (lower == 0 ? Logic.True : some)
            : Interval.Upper is 0L ? Logic.Not(some)
            : new Interval(lower == 0 ? null : lower, Interval.Upper).Holds(rows.Count(Counted, Distinct));
    }
}

internal sealed record RowSum(ValueField Summed, Interval Interval) : Having(Summed, "sum")
{
    public override object? Actual(IReadOnlyList<object> values) => values.Sum(value => Convert.ToDecimal(value, CultureInfo.InvariantCulture));

    public override Expression Holds(RelatedRows rows, RuleContext context) => Interval.Holds(rows.Sum(Summed));
}

internal sealed record RowAverage(ValueField Averaged, Func<Expression, Expression, Expression> Compares) : Having(Averaged, "avg")
{
    public override object? Actual(IReadOnlyList<object> values) =>
        values.Count == 0 ? null : values.Average(value => Convert.ToDecimal(value, CultureInfo.InvariantCulture));

    public override Expression Holds(RelatedRows rows, RuleContext context) =>
        Compares(rows.Sum(Averaged), Expression.Convert(rows.Count(null, distinct: false), typeof(long)));
}

/// <summary>
/// The minimum or maximum lies in an interval. For the maximum: some row reaches the lower bound, and no row exceeds the upper bound. For the
/// minimum, the other way round.
/// </summary>
internal sealed record RowExtreme(ValueField Compared, Bounds Bounds, bool Greatest) : Having(Compared, Greatest ? "max" : "min")
{
    public override object? Actual(IReadOnlyList<object> values) => (Greatest ? values.Max() : values.Min()) switch
    {
        null => null,
        DateTime instant => instant,
        var number => Convert.ToDecimal(number, CultureInfo.InvariantCulture),
    };

    public override bool DependsOnTime => Bounds.DependsOnTime;

    public override Expression Holds(RelatedRows rows, RuleContext context)
    {
        var interval = Bounds.At(context.Calendar);
        if (interval.IsEmpty)
        {
            return Logic.False;
        }

        var value = Logic.Of(Compared.Value, rows.Row);
        var (reaching, passing) = Greatest
            ? (new Interval(interval.Lower, null), new Interval(null, interval.Upper))
            : (new Interval(null, interval.Upper), new Interval(interval.Lower, null));
        var reaches = rows.Any(Logic.All(rows.Where, Compared.IsSet(rows.Row), reaching.Holds(value)));
        var passes = rows.Any(Logic.All(rows.Where, Compared.IsSet(rows.Row), Logic.Not(passing.Holds(value))));
        return Logic.And(reaches, passing is { Lower: null, Upper: null } ? Logic.True : Logic.Not(passes));
    }

    public override IEnumerable<DueRange> Due(RuleCalendar from, RuleCalendar to, bool includePast) => Bounds.Due(Compared, from, to, includePast);
}

using System.Globalization;
using System.Linq.Expressions;
using Clientele.Server.Data;

namespace Clientele.Server.Segments;

/// <summary>The rows that a related node looks at: those in its window, and of these the ones that its <c>where</c> selects.</summary>
internal sealed record RelatedRows(Type Type, Expression Source, ParameterExpression Row, Expression InWindow, Expression Where)
{
    public Expression Any(Expression condition) => Rows.Any(Type, Source, Expression.Lambda(Logic.And(InWindow, condition), Row));

    /// <summary>The number of rows; for a member, the number of values or of distinct values.</summary>
    public Expression Count(ValueField? member, bool distinct)
    {
        var rows = Filtered(member is null ? Logic.True : member.IsSet(Row));
        if (!distinct)
        {
            return Expression.Call(typeof(Queryable), nameof(Queryable.Count), [Type], rows);
        }

        var value = Logic.Of(member!.Value, Row);
        var values = Expression.Call(typeof(Queryable), nameof(Queryable.Distinct), [value.Type], Select(rows, value));
        return Expression.Call(typeof(Queryable), nameof(Queryable.Count), [value.Type], values);
    }

    public Expression Sum(ValueField member) => Expression.Call(
        typeof(Queryable).GetMethod(nameof(Queryable.Sum), [typeof(IQueryable<long>)])!,
        Select(Filtered(Logic.True), Expression.Convert(Logic.Of(member.Value, Row), typeof(long))));

    /// <summary>The customers whose rows these are.</summary>
    public IQueryable<long> Select(ClienteleDb db, LambdaExpression customer) =>
        ((IQueryable<long>)db.Customers.AsQueryable().Provider.CreateQuery(Select(Filtered(Logic.True), Logic.Of(customer, Row)))).Distinct();

    /// <summary>The rows' values of a member, for display.</summary>
    public IQueryable<object?> Values(ClienteleDb db, ValueField? member) => db.Customers.AsQueryable().Provider.CreateQuery<object?>(
        Select(Filtered(Logic.True), Expression.Convert(member is null ? Expression.Constant(1) : Logic.Of(member.Value, Row), typeof(object))));

    private MethodCallExpression Filtered(Expression condition) => Expression.Call(
        typeof(Queryable),
        nameof(Queryable.Where),
        [Type],
        Source,
        Expression.Quote(Expression.Lambda(Logic.And(Logic.And(InWindow, Where), condition), Row)));

    private MethodCallExpression Select(Expression rows, Expression value) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Select), [Type, value.Type], rows, Expression.Quote(Expression.Lambda(value, Row)));
}

/// <summary>A condition on the rows together.</summary>
internal abstract record Having
{
    public virtual ValueField? Member => null;

    public virtual bool Moves => false;

    /// <summary>What is compared, as rules name it; null if rows are only counted.</summary>
    public virtual string? Name => null;

    public abstract Expression Holds(RelatedRows rows, Moment moment);

    /// <summary>The compared value, computed from these values; null if it is missing.</summary>
    public virtual object? Actual(IReadOnlyList<object> values) => null;

    /// <summary>The ranges of rows whose result the passing of time can have changed.</summary>
    public virtual IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => [];
}

internal sealed record AnyRow : Having
{
    public override Expression Holds(RelatedRows rows, Moment moment) => rows.Any(rows.Where);
}

/// <summary>There are rows in the window, and the <c>where</c> holds for each of them.</summary>
internal sealed record EveryRow : Having
{
    public override Expression Holds(RelatedRows rows, Moment moment) =>
        Logic.And(rows.Any(Logic.True), rows.Where == Logic.True ? Logic.True : Logic.Not(rows.Any(Logic.Not(rows.Where))));
}

internal sealed record RowCount(ValueField? Counted, bool Distinct, Interval Interval) : Having
{
    public override ValueField? Member => Counted;

    public override string? Name => Distinct ? "count_distinct" : Counted is null ? null : "count";

    public override object? Actual(IReadOnlyList<object> values) => (decimal)(Distinct ? values.Distinct().Count() : values.Count);

    public override Expression Holds(RelatedRows rows, Moment moment)
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

internal sealed record RowSum(ValueField Summed, Interval Interval) : Having
{
    public override ValueField? Member => Summed;

    public override string? Name => "sum";

    public override object? Actual(IReadOnlyList<object> values) => values.Sum(value => Convert.ToDecimal(value, CultureInfo.InvariantCulture));

    public override Expression Holds(RelatedRows rows, Moment moment) => Interval.Holds(rows.Sum(Summed));
}

internal sealed record RowAverage(ValueField Averaged, Func<Expression, Expression, Expression> Compares) : Having
{
    public override ValueField? Member => Averaged;

    public override string? Name => "avg";

    public override object? Actual(IReadOnlyList<object> values) => values.Count == 0 ? null : values.Average(value => Convert.ToDecimal(value, CultureInfo.InvariantCulture));

    public override Expression Holds(RelatedRows rows, Moment moment) => Compares(rows.Sum(Averaged), Expression.Convert(rows.Count(null, distinct: false), typeof(long)));
}

/// <summary>
/// The minimum or maximum lies in an interval. For the maximum: some row reaches the lower bound, and no row exceeds the upper bound. For the
/// minimum, the other way round.
/// </summary>
internal sealed record RowExtreme(ValueField Compared, Bounds Bounds, bool Greatest) : Having
{
    public override ValueField? Member => Compared;

    public override string? Name => Greatest ? "max" : "min";

    public override object? Actual(IReadOnlyList<object> values) => (Greatest ? values.Max() : values.Min()) switch
    {
        null => null,
        DateTime instant => instant,
        var number => Convert.ToDecimal(number, CultureInfo.InvariantCulture),
    };

    public override bool Moves => Bounds.Moves;

    public override Expression Holds(RelatedRows rows, Moment moment)
    {
        var interval = Bounds.At(moment.Calendar);
        if (interval.IsEmpty)
        {
            return Logic.False;
        }

        var value = Logic.Of(Compared.Value, rows.Row);
        var (reaching, passing) = Greatest
            ? (new Interval(interval.Lower, null), new Interval(null, interval.Upper))
            : (new Interval(null, interval.Upper), new Interval(interval.Lower, null));
        var reaches = rows.Any(Logic.And(rows.Where, Logic.And(Compared.IsSet(rows.Row), reaching.Holds(value))));
        var passes = rows.Any(Logic.And(rows.Where, Logic.And(Compared.IsSet(rows.Row), Logic.Not(passing.Holds(value)))));
        return Logic.And(reaches, passing is { Lower: null, Upper: null } ? Logic.True : Logic.Not(passes));
    }

    public override IEnumerable<Crossing> Crossed(RuleCalendar from, RuleCalendar to, bool everything) => Bounds.Crossed(Compared, from, to, everything);
}

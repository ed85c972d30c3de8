namespace Clientele.Server.Rules;

/// <summary>The rows that a related node looks at: those in its window, and of these the ones that its <c>where</c> selects.</summary>
internal sealed record RelatedRows(Type Type, Expression Source, ParameterExpression Row, Expression InWindow, Expression Where)
{
    public Expression Any(Expression condition) => RowConditions.Any(Type, Source, Expression.Lambda(Logic.And(InWindow, condition), Row));

    /// <summary>The number of rows; for a member, the number of values or of distinct values.</summary>
    public Expression Count(ValueField? member, bool distinct)
    {
        var rows = Filtered(member is null ? Logic.True : member.IsSet(Row));
        var value = distinct ? Logic.Of(member!.Value, Row) : Row;
        var counted = distinct ? Expression.Call(typeof(Queryable), nameof(Queryable.Distinct), [value.Type], Select(rows, value)) : rows;
        return Expression.Call(typeof(Queryable), nameof(Queryable.Count), [value.Type], counted);
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
        typeof(Queryable), nameof(Queryable.Where), [Type], Source, Expression.Quote(Expression.Lambda(Logic.All(InWindow, Where, condition), Row)));

    private MethodCallExpression Select(Expression rows, Expression value) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Select), [Type, value.Type], rows, Expression.Quote(Expression.Lambda(value, Row)));
}

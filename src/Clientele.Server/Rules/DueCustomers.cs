namespace Clientele.Server.Rules;

/// <summary>Customers who may be affected because time has passed. Equal for all rules that need the same query.</summary>
internal abstract record DueCustomers
{
    /// <summary>The customers' ids, from a range of an index.</summary>
    public abstract IQueryable<long> Ids(ClienteleDb db);
}

/// <summary>A range of values that a moving threshold has passed.</summary>
/// <param name="Relation">The relation that has the value; null for the customer itself.</param>
/// <param name="Value">The value in the row.</param>
/// <param name="Passed">The range of the value.</param>
/// <param name="After">When the value was written: only values later than that are in the range. Null if that does not matter.</param>
internal sealed record DueRange(Relation? Relation, LambdaExpression Value, Interval Passed, LambdaExpression? After = null) : DueCustomers
{
    public override IQueryable<long> Ids(ClienteleDb db)
    {
        var row = Expression.Parameter(Relation?.Row ?? typeof(Customer), "r");
        var value = Logic.Of(Value, row);
        var passed = Logic.And(Passed.Holds(value), After is null ? Logic.True : Expression.GreaterThan(value, Logic.Of(After, row)));
        return Relation is null ? db.Customers.Where(Expression.Lambda<Func<Customer, bool>>(passed, row)).Select(c => c.Id)
            : new RelatedRows(Relation.Row, Relation.Rows(db), row, passed, Logic.True).Select(db, Relation.Customer);
    }
}
